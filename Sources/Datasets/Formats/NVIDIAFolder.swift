import Files
import Foundation

/// A folder of PNG and JPEG files with NVIDIA's `dataset.json`, as StyleGAN2-ADA and StyleGAN3 make them.
///
/// The pictures lie in numbered folders that mean nothing; the labels are in the file:
///
///     {"labels": [["00000/img00000000.png", 3], ["00000/img00000001.png", 0]]}
public struct NVIDIAFolder: DatasetFormat {
  /// The file of the labels.
  public static let labelsName = "dataset.json"

  /// Numbers beyond this are no classes.
  private static let mostClasses = 1 << 16

  /// The format; it has no settings.
  public init() {}

  /// The name of the file.
  public var expectation: String { "pictures with labels in \(Self.labelsName)" }

  /// Whether there are pictures and a file of labels.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the folder cannot be read, or the file is damaged: its folders would
  ///   be taken for classes.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    let (folder, files) = try location.pictures()
    guard !files.paths.isEmpty else { return false }
    return try contents(of: folder, pictureCount: files.paths.count) != nil
  }

  /// Whether train and test pictures are kept apart.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    try location.hasParts()
  }

  /// Reads the pictures, and their classes where the file has any.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted; colour unless it says otherwise.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``, which names the picture without a label, or the one that cannot be read.
  public func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset {
    var (folder, files) = try location.pictures()
    files = files.reading(Self.labelsName)
    let labels = try contents(of: folder, pictureCount: files.paths.count) ?? [:]
    // What NVIDIA's tools write for a data set without labels.
    guard !labels.isEmpty else {
      return try ImageFolder(unlabelled: folder, files).read(request, split: location.readSplit())
    }
    let missing = files.paths.map(\.text).filter { labels[$0] == nil }.sorted()
    guard missing.isEmpty else {
      throw .invalidLabels(
        path: folder.appendingPathComponent(Self.labelsName).path,
        reason:
          "\(missing.count) of \(files.paths.count) pictures have none, such as \(missing[0]); "
          + "add them or remove the pictures")
    }
    let names = try ClassNames.beside(folder)
    if names != nil { files = files.reading(ClassNames.fileName) }
    let pictures = ImageFolder(folder, files, label: { labels[$0] ?? 0 }, names: names)
    if let names, case .classes(let classes, _, _) = pictures.labels {
      try Labels.requireNames(
        names, for: classes, source: "in \(ClassNames.fileName)", data: folder.path)
    }
    return try pictures.read(request, split: location.readSplit())
  }

  /// The label of each picture; empty where there are none, nil where there is no such file.
  private func contents(
    of folder: URL, pictureCount: Int
  ) throws(DatasetError) -> [String: Int]? {
    let url = folder.appendingPathComponent(Self.labelsName)
    guard url.fileKind == .file else { return nil }
    // A path and a number for each picture; a file may list pictures that were removed.
    let bytes = try readFile(
      Array(url.path.utf8CString), named: url.path, atMost: (1 << 20) + pictureCount << 10)
    let file: LabelFile
    do {
      file = try JSONDecoder().decode(LabelFile.self, from: Data(bytes))
    } catch {
      throw .invalidLabels(
        path: url.path,
        reason:
          "it is not {\"labels\": [[\"path of a picture\", number of its class], ...]}; fetch it "
          + "again, or remove it to have folders as classes")
    }
    guard let labels = file.labels else { return file.hasLabels ? [:] : nil }
    var found: [String: Int] = [:]
    for entry in labels {
      guard (0..<Self.mostClasses).contains(entry.label) else {
        throw .invalidLabels(
          path: url.path,
          reason: "\(entry.path) is of class \(entry.label), expected 0 to \(Self.mostClasses - 1)")
      }
      let path = entry.path.replacing("\\", with: "/")
      guard found.updateValue(entry.label, forKey: path).map({ $0 == entry.label }) ?? true else {
        throw .invalidLabels(path: url.path, reason: "\(entry.path) is of two classes")
      }
    }
    return found
  }
}

/// What `dataset.json` holds.
private struct LabelFile: Decodable {
  let labels: [Entry]?
  /// Whether the file speaks of labels at all: another program's file of that name does not.
  let hasLabels: Bool

  struct Entry: Decodable {
    let path: String
    let label: Int

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      path = try values.decode(String.self)
      label = try values.decode(Int.self)
    }
  }

  private enum CodingKeys: String, CodingKey { case labels }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    hasLabels = values.contains(.labels)
    labels = try values.decodeIfPresent([Entry].self, forKey: .labels)
  }
}
