import Files
import Foundation

/// An LMDB of the public StyleGAN2 scripts: what `prepare_data.py` makes of a folder of pictures.
///
/// Its keys are a size and a number, such as `256-00000`, its values JPEG or PNG files, and `length` holds
/// the number of pictures. It may hold every picture in several sizes: the size that is wanted is read
/// where there is one, otherwise the largest.
public struct LMDBFormat: PictureFolderFormat {
  /// The key of the number of pictures.
  private static let lengthKey = "length"

  /// The format; it has no settings.
  public init() {}

  /// What it is called.
  public var name: String { "LMDB of the public StyleGAN2 scripts" }

  /// The name of the file.
  public var expectation: String { "an LMDB of pictures (\(LMDBFile.fileName))" }

  /// Whether there is a database.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true for the file itself, or the folder that it lies in.
  /// - Throws: nothing.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    Self.file(of: location) != nil
  }

  /// False: the public scripts keep no parts.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: false.
  /// - Throws: nothing.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool { false }

  /// Finds the pictures of one size.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - size: the size to take if there is one; nil for the largest.
  /// - Returns: the pictures.
  /// - Throws: ``DatasetError`` if the database is damaged, or is none of these scripts.
  public func contents(
    _ location: DatasetLocation, size: Int?
  ) throws(DatasetError) -> PictureContents {
    guard let url = Self.file(of: location) else {
      throw .nothingFound(path: location.url.path, expected: expectation)
    }
    let file = try LMDBFile(url)
    let (length, pictures) = try Self.pictures(of: file)
    let sizes = pictures.keys.sorted()
    guard let largest = sizes.last else {
      throw .otherLMDB(path: url.path, reason: "it has no pictures")
    }
    let taken = size.flatMap { sizes.contains($0) ? $0 : nil } ?? largest
    let found = pictures[taken] ?? [:]
    var listing = PictureListing(LMDBTree(file, found))
    found.keys.forEach { listing.add(key: $0) }
    let remark =
      "pictures of \(taken)x\(taken) taken, of "
      + sizes.map { "\($0)x\($0)" }.joined(separator: ", ")
    let folder = ImageFolder(
      unlabelled: location.url, listing, remarks: sizes.count > 1 ? [remark] : [])
    guard found.count == length else {
      throw .damagedLMDB(
        path: url.path,
        reason: "it says that it has \(length) pictures, and has \(found.count) of "
          + "\(taken)x\(taken)")
    }
    return PictureContents(folder, split: nil)
  }

  private static func file(of location: DatasetLocation) -> URL? {
    guard location.isFolder else {
      return LMDBFile.isMeant(by: location.url) ? location.url : nil
    }
    let url = location.url.appendingPathComponent(LMDBFile.fileName)
    return url.fileKind == .file ? url : nil
  }

  /// The number of pictures that a database speaks of, and those of each size.
  private static func pictures(
    of file: LMDBFile
  ) throws(DatasetError) -> (length: Int, [Int: [PicturePath: LMDBFile.Place]]) {
    var length: Int?
    var pictures: [Int: [PicturePath: LMDBFile.Place]] = [:]
    for (key, place) in file.entries {
      if key.elementsEqual(lengthKey.utf8) {
        guard place.count <= 20 else {
          throw .otherLMDB(path: file.path, reason: "\(lengthKey) is no number")
        }
        let text = String(decoding: try file.bytes(at: place, named: file.path), as: UTF8.self)
        guard let count = Int(text), count >= 0 else {
          throw .otherLMDB(path: file.path, reason: "\(lengthKey) is no number")
        }
        length = count
        continue
      }
      let parts = String(decoding: key.prefix(32), as: UTF8.self).split(
        separator: "-", omittingEmptySubsequences: false)
      guard key.count <= 32, parts.count == 2, Int(parts[1]) != nil,
        let size = Int(parts[0]), (1...65_536).contains(size)
      else {
        let shown = String(decoding: key.prefix(32), as: UTF8.self)
        throw .otherLMDB(path: file.path, reason: "it has a key \(shown)")
      }
      pictures[size, default: [:]][PicturePath(name: key)] = place
    }
    guard let length else {
      throw .otherLMDB(
        path: file.path,
        reason: "it has no key \(lengthKey), so whatever wrote it may have been stopped")
    }
    return (length, pictures)
  }
}
