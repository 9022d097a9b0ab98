import Files
import Foundation

/// The pictures of one size in an LMDB that the public StyleGAN2 scripts wrote.
///
/// A picture's path is its key; its bytes are read when they are asked for, from any thread.
struct LMDBTree: FileTree {
  private let file: LMDBFile
  private let places: [PicturePath: LMDBFile.Place]

  /// The pictures of some keys.
  ///
  /// - Parameters:
  ///   - file: the database.
  ///   - places: where the bytes of each key lie.
  init(_ file: LMDBFile, _ places: [PicturePath: LMDBFile.Place]) {
    self.file = file
    self.places = places
  }

  func kind(of path: PicturePath) -> FileKind { places[path] == nil ? .missing : .file }

  func bytes(
    of path: PicturePath, named name: String, atMost limit: Int
  ) throws(DatasetError) -> [UInt8] {
    guard let place = places[path] else { throw .notFound(path: name) }
    guard place.count <= limit else {
      throw .unreadable(
        path: name, reason: "it has \(place.count) bytes, expected at most \(limit)")
    }
    return try file.bytes(at: place, named: name)
  }

  func tree(in folder: PicturePath) -> any FileTree { self }
}
