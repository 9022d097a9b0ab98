import Files
import Foundation

/// The PNG and JPEG files of a folder and its sub-folders, as a walk over them finds them.
struct PictureListing {
  /// What reads the files.
  private(set) var tree: any FileTree
  /// The files' paths, relative to the folder.
  private(set) var paths: [PicturePath] = []
  /// Files that are no pictures by their name, by the first folder of their path; nil is the folder
  /// itself.
  private var skippedByFolder: [PicturePath?: SkippedFiles] = [:]

  /// Nothing.
  ///
  /// - Parameter tree: what would read files.
  init(_ tree: any FileTree) { self.tree = tree }

  /// Walks over a folder; reads no picture.
  ///
  /// - Parameter folder: the folder.
  /// - Throws: ``DatasetError`` if a folder cannot be read.
  init(of folder: URL) throws(DatasetError) {
    var walk = Walk(root: folder)
    try walk.add(nil)
    tree = FolderTree(folder)
    paths = walk.paths
    skippedByFolder = walk.skipped
  }

  private init(_ tree: any FileTree, paths: [PicturePath], skipped: SkippedFiles) {
    self.tree = tree
    self.paths = paths
    skippedByFolder = [nil: skipped]
  }

  /// Adds a picture that has a key of a database for its path, and no ending.
  mutating func add(key: PicturePath) { paths.append(key) }

  /// Adds a file that an archive lists.
  mutating func add(_ path: PicturePath) {
    if path.isPicture, !path.isHidden { return paths.append(path) }
    let folder = path.parted?.folder
    skippedByFolder[folder, default: SkippedFiles()]
      .add(named: path.isHidden ? "." : path.fileName)
  }

  /// Files that are no pictures by their name.
  var skipped: SkippedFiles {
    skippedByFolder.values.reduce(into: SkippedFiles()) { $0.add($1) }
  }

  /// The sub-folders of the first level that hold pictures, anywhere below, in order.
  var folders: [PicturePath] { Set(paths.compactMap { $0.parted?.folder }).sorted() }

  /// Those that lie in no sub-folder, in order.
  var pathsInRoot: [PicturePath] { paths.filter { $0.parted == nil }.sorted() }

  /// What the walk found in a sub-folder of the first level.
  func part(_ folder: PicturePath) -> PictureListing {
    PictureListing(
      tree.tree(in: folder),
      paths: paths.compactMap { path in path.parted.flatMap { $0.folder == folder ? $0.rest : nil }
      },
      skipped: skippedByFolder[folder] ?? SkippedFiles())
  }

  /// Some of the pictures.
  func keeping(_ isKept: (PicturePath) -> Bool) -> PictureListing {
    var result = self
    result.paths = paths.filter(isKept)
    return result
  }

  /// The same, where a file of the folder itself is read after all.
  func reading(_ name: String) -> PictureListing {
    var result = self
    result.skippedByFolder[nil]?.remove(named: name)
    return result
  }
}

/// A walk that has come somewhere.
private struct Walk {
  let root: URL
  var paths: [PicturePath] = []
  var skipped: [PicturePath?: SkippedFiles] = [:]
  /// Folders seen, so that a link to a folder above ends.
  private var visited: Set<FolderIdentity> = []

  init(root: URL) { self.root = root }

  /// Walks over a folder, which is the root without a path.
  mutating func add(_ folder: PicturePath?) throws(DatasetError) {
    let location = folder?.location(in: root) ?? Array(root.path.utf8CString)
    guard let identity = FolderIdentity(location), visited.insert(identity).inserted else { return }
    let names = try folderNames(
      location, named: folder.map { "\(root.path)/\($0.text)" } ?? root.path)
    for name in names.sorted() {
      let path = folder?.appending(name) ?? name
      if name.text.hasPrefix(".") {
        skip(name, in: folder)
      } else if name.isPicture {
        paths.append(path)
      } else if FolderIdentity(path.location(in: root)) != nil {
        // Parts and classes may be links to one folder; only below one of them a folder counts once.
        if folder == nil { visited = [identity] }
        try add(path)
      } else {
        skip(name, in: folder)
      }
    }
  }

  private mutating func skip(_ name: PicturePath, in folder: PicturePath?) {
    let first = folder.map { $0.parted?.folder ?? $0 }
    skipped[first, default: SkippedFiles()].add(named: name.text)
  }
}

/// Which folder a path leads to, whatever links are on the way.
private struct FolderIdentity: Hashable {
  private let device: dev_t
  private let number: ino_t

  /// nil where there is no folder.
  init?(_ location: [CChar]) {
    var status = stat()
    guard stat(location, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// The names in a folder, but its own and its parent's.
private func folderNames(
  _ location: [CChar], named path: String
) throws(DatasetError) -> [PicturePath] {
  guard let folder = opendir(location) else {
    throw .unreadable(path: path, reason: systemReason())
  }
  defer { closedir(folder) }
  var names: [PicturePath] = []
  while let entry = readdir(folder) {
    // The name is as long as it says, not as its field in the header.
    guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { break }
    let start = UnsafeRawPointer(entry) + offset
    let name = Array(
      UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
    )
    if name != Array(".".utf8), name != Array("..".utf8) { names.append(PicturePath(name: name)) }
  }
  return names
}
