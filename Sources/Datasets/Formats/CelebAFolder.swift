import Files
import Foundation

/// A folder of pictures with a file of attributes, as CelebA and CelebA-HQ come.
///
/// The pictures may lie in any folder below (`img_align_celeba`, `CelebA-HQ-img`); their names are what the
/// file speaks of. Beside it may lie CelebA's partition, whose 0 is the train part and whose 1 and 2 are the
/// test part, and CelebA-HQ's map to the pictures of CelebA, whose attributes then count.
public struct CelebAFolder: PictureFolderFormat {
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

  /// What it is called.
  public var name: String { "pictures with CelebA's attributes" }

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
    guard let tree = try location.tree(), Self.found(Self.attributeNames, in: tree) != nil else {
      return false
    }
    return try !location.listing().paths.isEmpty
  }

  /// Whether there is a partition.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the location cannot be read.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    guard let tree = try location.tree() else { return false }
    return Self.found(Self.partitionNames, in: tree) != nil
  }

  /// Finds the pictures and their attributes.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - size: no matter.
  /// - Returns: the pictures; those without attributes or without a part are left out.
  /// - Throws: ``DatasetError``, which names the line that is wrong, or the part that has no pictures.
  public func contents(
    _ location: DatasetLocation, size: Int?
  ) throws(DatasetError) -> PictureContents {
    let folder = location.url
    guard let tree = try location.tree(), let file = Self.found(Self.attributeNames, in: tree)
    else { throw .nothingFound(path: folder.path, expected: expectation) }
    let path = "\(folder.path)/\(file)"
    let attributes = try location.once(path) { () throws(DatasetError) in
      try AttributeFile(reading: file, in: tree, named: path)
    }
    var files = try location.listing().reading(file)
    let originals =
      file == Self.highQualityName ? nil : try Self.map(in: tree, of: location)
    if originals != nil { files = files.reading(Self.mapName) }
    func name(_ picture: PicturePath) -> String {
      let name = picture.fileName
      return originals?[String(name.prefix { $0 != "." })] ?? name
    }
    let partition = try Self.partition(in: tree, of: location)
    if let partition { files = files.reading(partition.file) }
    let count = files.paths.count
    let unused = Set(attributes.rows.keys).subtracting(files.paths.map(name)).sorted()
    var problems: [PictureContents.Problem] = []
    func keep(_ isKnown: (String) -> Bool, in file: String) {
      let missing = files.paths.filter { !isKnown(name($0)) }.map(\.text).sorted()
      guard let first = missing.first else { return }
      let error = DatasetError.invalidLabels(
        path: "\(folder.path)/\(file)",
        reason: "\(missing.count) of \(count) pictures have no line, such as \(first); "
          + "add them or remove the pictures")
      problems.append(PictureContents.Problem(error: error, leftOut: missing))
      files = files.keeping { isKnown(name($0)) }
    }
    keep({ attributes.rows[$0] != nil }, in: file)
    if let partition {
      keep({ partition.splits[$0] != nil }, in: partition.file)
      files = files.keeping { partition.splits[name($0)] == location.split }
      guard !files.paths.isEmpty || !problems.isEmpty else {
        throw .nothingFound(
          path: "\(folder.path) (split \(location.split.rawValue))",
          expected: "pictures of that part by \(partition.file)")
      }
    }
    let repeated = Dictionary(grouping: files.paths, by: \.fileName)
      .values.filter { $0.count > 1 }.map { $0.map(\.text).sorted() }.min { $0[0] < $1[0] }
    if let repeated {
      let error = DatasetError.invalidLabels(
        path: "\(folder.path)/\(file)",
        reason: "\(repeated[0]) and \(repeated[1]) have the same name; keep one of them")
      problems.append(PictureContents.Problem(error: error, leftOut: []))
    }
    let pictures = ImageFolder(folder, files, attributes: attributes.names) {
      attributes.rows[name($0)] ?? []
    }
    return PictureContents(
      pictures, split: partition == nil ? nil : location.split, problems: problems,
      unusedLabels: unused)
  }

  /// The first of some files that is there.
  private static func found(_ names: [String], in tree: any FileTree) -> String? {
    names.first { tree.kind(of: PicturePath(name: Array($0.utf8))) == .file }
  }

  /// CelebA's file for each number of CelebA-HQ; nil where there is no map.
  private static func map(
    in tree: any FileTree, of location: DatasetLocation
  ) throws(DatasetError) -> [String: String]? {
    guard found([mapName], in: tree) != nil else { return nil }
    let path = "\(location.url.path)/\(mapName)"
    return try location.once(path) { () throws(DatasetError) in try readMap(in: tree, named: path) }
  }

  private static func readMap(
    in tree: any FileTree, named path: String
  ) throws(DatasetError) -> [String: String] {
    var result: [String: String] = [:]
    for (number, line) in try NumberedLines(reading: mapName, in: tree, named: path) {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count == 3, Int(fields[0]) != nil else {
        // The header.
        if number == 1 { continue }
        throw .invalidLabels(
          path: path, reason: "line \(number) is not a number, CelebA's number and its file")
      }
      result[String(fields[0])] = String(fields[2])
    }
    return result
  }

  /// The part of each picture; nil where nothing tells them apart.
  private static func partition(
    in tree: any FileTree, of location: DatasetLocation
  ) throws(DatasetError) -> (file: String, splits: [String: Dataset.Split])? {
    guard let file = found(partitionNames, in: tree) else { return nil }
    let path = "\(location.url.path)/\(file)"
    let splits = try location.once(path) { () throws(DatasetError) in
      try readPartition(file, in: tree, named: path)
    }
    return (file, splits)
  }

  private static func readPartition(
    _ file: String, in tree: any FileTree, named path: String
  ) throws(DatasetError) -> [String: Dataset.Split] {
    var splits: [String: Dataset.Split] = [:]
    for (number, line) in try NumberedLines(reading: file, in: tree, named: path) {
      let fields = line.split { $0.isWhitespace || $0 == "," }
      guard fields.count == 2, let part = Int(fields[1]), (0...2).contains(part) else {
        // The header of the CSV.
        if number == 1, file.hasSuffix(".csv") { continue }
        throw .invalidLabels(
          path: path, reason: "line \(number) is not the name of a picture and 0, 1 or 2")
      }
      splits[String(fields[0])] = part == 0 ? .train : .test
    }
    return splits
  }
}
