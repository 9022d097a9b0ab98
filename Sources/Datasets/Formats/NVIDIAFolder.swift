import Files
import Foundation

/// A folder of PNG and JPEG files with NVIDIA's `dataset.json`, or a zip archive of one, as the
/// `dataset_tool` of StyleGAN2-ADA and StyleGAN3 makes them.
///
/// The pictures lie in numbered folders that mean nothing; the labels are in the file:
///
///     {"labels": [["00000/img00000000.png", 3], ["00000/img00000001.png", 0]]}
public struct NVIDIAFolder: PictureFolderFormat {
  /// The file of the labels.
  public static let labelsName = "dataset.json"

  /// Numbers beyond this are no classes.
  private static let mostClasses = 1 << 16

  /// The format; it has no settings.
  public init() {}

  /// What it is called.
  public var name: String { "NVIDIA's dataset_tool (pictures with \(Self.labelsName))" }

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
    return try labels(of: files, in: folder, location) != nil
  }

  /// Finds the pictures, and their classes where the file has any.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - size: no matter.
  /// - Returns: the pictures; those without a label are left out where others have one.
  /// - Throws: ``DatasetError`` if the labels or the names of the classes cannot be used.
  public func contents(
    _ location: DatasetLocation, size: Int?
  ) throws(DatasetError) -> PictureContents {
    var (folder, files) = try location.pictures()
    files = files.reading(Self.labelsName)
    let split = try location.readSplit()
    let labels = try labels(of: files, in: folder, location) ?? [:]
    // What NVIDIA's tools write for a data set without labels.
    guard !labels.isEmpty else {
      return PictureContents(ImageFolder(unlabelled: folder, files), split: split)
    }
    var problems: [PictureContents.Problem] = []
    let missing = files.paths.map(\.text).filter { labels[$0] == nil }.sorted()
    if let first = missing.first {
      let error = DatasetError.invalidLabels(
        path: "\(folder.path)/\(Self.labelsName)",
        reason:
          "\(missing.count) of \(files.paths.count) pictures have none, such as \(first); "
          + "add them or remove the pictures")
      problems.append(PictureContents.Problem(error: error, leftOut: missing))
      files = files.keeping { labels[$0.text] != nil }
    }
    let names = try ClassNames.beside(folder, in: files.tree)
    if names != nil { files = files.reading(ClassNames.fileName) }
    let pictures = ImageFolder(folder, files, label: { labels[$0] ?? 0 }, names: names)
    if let names, case .classes(let classes, _, _) = pictures.labels {
      try Labels.requireNames(
        names, for: classes, source: "in \(ClassNames.fileName)", data: folder.path)
    }
    return PictureContents(
      pictures, split: split, problems: problems,
      unusedLabels: Set(labels.keys).subtracting(files.paths.map(\.text)).sorted())
  }

  /// The label of each picture; empty where there are none, nil where there is no such file.
  private func labels(
    of files: PictureListing, in folder: URL, _ location: DatasetLocation
  ) throws(DatasetError) -> [String: Int]? {
    let path = "\(folder.path)/\(Self.labelsName)"
    return try location.once(path) { () throws(DatasetError) in
      try Self.readLabels(of: files, named: path)
    }
  }

  private static func readLabels(
    of files: PictureListing, named path: String
  ) throws(DatasetError) -> [String: Int]? {
    let name = PicturePath(name: Array(labelsName.utf8))
    guard files.tree.kind(of: name) == .file else { return nil }
    // A path and a number for each picture; a file may list pictures that were removed.
    let bytes = try files.tree.bytes(
      of: name, named: path, atMost: (1 << 20) + files.paths.count << 10)
    let file: LabelFile
    do {
      file = try JSONDecoder().decode(LabelFile.self, from: Data(bytes))
    } catch {
      throw .invalidLabels(
        path: path,
        reason:
          "it is not {\"labels\": [[\"path of a picture\", number of its class], ...]}; fetch it "
          + "again, or remove it to have folders as classes")
    }
    guard let labels = file.labels else { return file.hasLabels ? [:] : nil }
    var found: [String: Int] = [:]
    for entry in labels {
      guard (0..<mostClasses).contains(entry.label) else {
        throw .invalidLabels(
          path: path,
          reason: "\(entry.path) is of class \(entry.label), expected 0 to \(mostClasses - 1)")
      }
      let picture = entry.path.replacing("\\", with: "/")
      let former = found.updateValue(entry.label, forKey: picture)
      guard former == nil || former == entry.label else {
        throw .invalidLabels(path: path, reason: "\(entry.path) is of two classes")
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
