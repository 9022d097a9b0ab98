import Files
import Foundation

/// Files by their paths below a root: those of a folder, or of an archive that packs one.
protocol FileTree: Sendable {
  /// What stands at a path.
  func kind(of path: PicturePath) -> FileKind

  /// A whole file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - name: what errors call it.
  ///   - limit: a longer file is refused before memory is taken for it.
  /// - Returns: the bytes.
  /// - Throws: ``DatasetError``.
  func bytes(
    of path: PicturePath, named name: String, atMost limit: Int
  ) throws(DatasetError) -> [UInt8]

  /// What lies in a folder of it.
  func tree(in folder: PicturePath) -> any FileTree
}

/// A folder of the file system.
struct FolderTree: FileTree {
  let root: URL

  init(_ root: URL) { self.root = root }

  func kind(of path: PicturePath) -> FileKind {
    path.isText ? root.appendingPathComponent(path.text).fileKind : .file
  }

  func bytes(
    of path: PicturePath, named name: String, atMost limit: Int
  ) throws(DatasetError) -> [UInt8] {
    try readFile(path.location(in: root), named: name, atMost: limit)
  }

  func tree(in folder: PicturePath) -> any FileTree {
    FolderTree(root.appendingPathComponent(folder.text))
  }
}
