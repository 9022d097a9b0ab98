import Files
import Foundation

/// The PNG and JPEG files of a folder and its sub-folders, as a walk over them finds them.
struct PictureListing {
  /// The files' paths, relative to the folder.
  private(set) var paths: [String] = []
  /// Files that are no pictures by their name.
  private(set) var skippedCount = 0
  /// Folders seen, so that a link to a folder above ends.
  private var visited: Set<String> = []

  /// Nothing.
  init() {}

  /// Walks over a folder; reads no picture.
  ///
  /// - Parameter folder: the folder.
  /// - Throws: ``DatasetError`` if a folder cannot be read.
  init(of folder: URL) throws(DatasetError) { try add(folder, under: "") }

  private mutating func add(_ folder: URL, under prefix: String) throws(DatasetError) {
    guard visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw .unreadable(path: folder.path, reason: error.localizedDescription)
    }
    for name in names.sorted() {
      let lowercased = name.lowercased()
      if name.hasPrefix(".") {
        skippedCount += 1
      } else if [".png", ".jpg", ".jpeg"].contains(where: lowercased.hasSuffix) {
        paths.append(prefix + name)
      } else {
        let url = folder.appendingPathComponent(name)
        if url.fileKind == .folder {
          try add(url, under: prefix + name + "/")
        } else {
          skippedCount += 1
        }
      }
    }
  }
}
