import Files
import Foundation

/// A folder of pictures with a file of attributes, as CelebA and CelebA-HQ come.
///
/// The pictures may lie in any folder below (`img_align_celeba`, `CelebA-HQ-img`); their names are what the
/// file speaks of. Beside it may lie CelebA's partition, whose 0 is the train part and whose 1 and 2 are the
/// test part, and CelebA-HQ's map to the pictures of CelebA, whose attributes then count.
public struct CelebAFolder: DatasetFormat {
  /// The names of the file of attributes, the first found is read.
  public static let attributeNames = [
    "list_attr_celeba.txt", "list_attr_celeba.csv", highQualityName,
  ]
  /// CelebA-HQ's own file of attributes, which speaks of its own pictures: no map is needed.
  private static let highQualityName = "CelebAMask-HQ-attribute-anno.txt"
  /// The names of the file that keeps train and test pictures apart.
  public static let partitionNames = ["list_eval_partition.txt", "list_eval_partition.csv"]
  /// The name of CelebA-HQ's map: its number, CelebA's number and CelebA's file on each line.
  public static let mapName = "CelebA-HQ-to-CelebA-mapping.txt"

  /// The format; it has no settings.
  public init() {}

  /// The name of the file.
  public var expectation: String { "pictures with attributes in \(Self.attributeNames[0])" }

  /// Yes.
  public var hasAttributes: Bool { true }

  /// Whether there are pictures and a file of attributes.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    guard location.isFolder, Self.found(Self.attributeNames, in: location.url) != nil else {
      return false
    }
    return try !location.listing().paths.isEmpty
  }

  /// Whether there is a partition.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: true if so.
  /// - Throws: nothing.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    Self.found(Self.partitionNames, in: location.url) != nil
  }

  /// Reads the pictures and their attributes.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted; colour unless it says otherwise.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``, which names the line that is wrong, the picture without attributes, or the
  ///   one that cannot be read.
  public func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset {
    let folder = location.url
    guard let file = Self.found(Self.attributeNames, in: folder) else {
      throw .nothingFound(path: folder.path, expected: expectation)
    }
    let attributes = try AttributeFile(reading: file)
    var files = try location.listing().reading(file.lastPathComponent)
    let originals =
      file.lastPathComponent == Self.highQualityName ? nil : try Self.map(in: folder)
    if originals != nil { files = files.reading(Self.mapName) }
    func name(_ picture: PicturePath) -> String {
      let name = picture.text.fileName
      return originals?[String(name.prefix { $0 != "." })] ?? name
    }
    func require(_ isKnown: (String) -> Bool, in file: URL) throws(DatasetError) {
      let missing = files.paths.filter { !isKnown(name($0)) }.map(\.text).sorted()
      guard let first = missing.first else { return }
      throw .invalidLabels(
        path: file.path,
        reason: "\(missing.count) of \(files.paths.count) pictures have no line, such as \(first); "
          + "add them or remove the pictures")
    }
    let partition = try Self.partition(in: folder)
    if let partition { files = files.reading(partition.file.lastPathComponent) }
    try require({ attributes.rows[$0] != nil }, in: file)
    if let partition {
      try require({ partition.splits[$0] != nil }, in: partition.file)
      files = files.keeping { partition.splits[name($0)] == location.split }
      guard !files.paths.isEmpty else {
        throw .nothingFound(
          path: "\(folder.path) (split \(location.split.rawValue))",
          expected: "pictures of that part by \(partition.file.lastPathComponent)")
      }
    }
    let repeated = Dictionary(grouping: files.paths) { $0.text.fileName }
      .values.filter { $0.count > 1 }.map { $0.map(\.text).sorted() }.min { $0[0] < $1[0] }
    if let repeated {
      throw .invalidLabels(
        path: file.path,
        reason: "\(repeated[0]) and \(repeated[1]) have the same name; keep one of them")
    }
    return try ImageFolder(folder, files, attributes: attributes.names) {
      attributes.rows[name($0)] ?? []
    }.read(request, split: partition == nil ? nil : location.split)
  }

  /// The first of some files that is there.
  private static func found(_ names: [String], in folder: URL) -> URL? {
    names.lazy.map { folder.appendingPathComponent($0) }.first { $0.fileKind == .file }
  }

  /// CelebA's file for each number of CelebA-HQ; nil where there is no map.
  private static func map(in folder: URL) throws(DatasetError) -> [String: String]? {
    guard let url = found([mapName], in: folder) else { return nil }
    var result: [String: String] = [:]
    for (number, line) in try NumberedLines.read(url) {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count == 3, Int(fields[0]) != nil else {
        // The header.
        if number == 1 { continue }
        throw .invalidLabels(
          path: url.path, reason: "line \(number) is not a number, CelebA's number and its file")
      }
      result[String(fields[0])] = String(fields[2])
    }
    return result
  }

  /// The part of each picture; nil where nothing tells them apart.
  private static func partition(
    in folder: URL
  ) throws(DatasetError) -> (file: URL, splits: [String: Dataset.Split])? {
    guard let url = found(partitionNames, in: folder) else { return nil }
    var splits: [String: Dataset.Split] = [:]
    for (number, line) in try NumberedLines.read(url) {
      let fields = line.split { $0.isWhitespace || $0 == "," }
      guard fields.count == 2, let part = Int(fields[1]), (0...2).contains(part) else {
        // The header of the CSV.
        if number == 1, url.pathExtension == "csv" { continue }
        throw .invalidLabels(
          path: url.path,
          reason: "line \(number) is not the name of a picture and 0, 1 or 2")
      }
      splits[String(fields[0])] = part == 0 ? .train : .test
    }
    return (url, splits)
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var fileName: String {
    lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self
  }
}
