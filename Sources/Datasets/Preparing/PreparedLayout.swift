public import Foundation

/// Where prepared pictures go and what is written beside them, so that a format reads all of it again.
///
/// In a folder, pictures with classes lie in a sub-folder for each. In a zip archive they lie as NVIDIA's
/// `dataset_tool` writes them, with `dataset.json`. Attributes are a file of CelebA's form in both.
public struct PreparedLayout {
  /// Whether all goes into a zip archive.
  private let isArchive: Bool
  /// Whether there are two parts.
  private let hasParts: Bool
  private var counts: [Dataset.Split?: Int] = [:]
  private var labels: [Dataset.Split?: PartLabels] = [:]

  /// What is known of the pictures of a part, as far as they are written.
  private struct PartLabels {
    var entries: [(path: String, label: Int)] = []
    /// The names of classes, where they are recorded.
    var names: [String]?
  }

  /// The lines of the file of attributes, and of that of the parts.
  private var rows: [String] = []
  private var partition: [String] = []
  private var attributes: [String] = []

  /// A layout.
  ///
  /// - Parameters:
  ///   - source: the data set.
  ///   - isArchive: whether all goes into a zip archive.
  /// - Throws: ``DatasetError/unfitFolderName(path:name:)`` for a class that no folder can be named for.
  public init(of source: DatasetSource, isArchive: Bool) throws(DatasetError) {
    self.isArchive = isArchive
    hasParts = source.parts.contains { $0.split != nil }
    guard !isArchive else { return }
    for part in source.parts {
      guard case .classes(let classes, let names, _) = part.labels else { continue }
      for index in Set(classes).sorted() {
        let isPart = !hasParts && DatasetLocation.isPartName(names[index])
        guard Self.isFolderName(names[index]), !isPart else {
          throw .unfitFolderName(path: source.url.path, name: names[index])
        }
      }
    }
  }

  /// Takes a picture in.
  ///
  /// - Parameters:
  ///   - position: of the picture in its part.
  ///   - part: the part.
  /// - Returns: its path.
  public mutating func add(_ position: Int, of part: DatasetSource.Part) -> String {
    switch part.labels {
    case .attributes(let row, let names):
      // The names of these files must differ in all parts together.
      let path = next(nil)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      attributes = names
      rows.append(([name] + row[position].map { $0 ? "1" : "-1" }).joined(separator: ","))
      if let split = part.split { partition.append("\(name),\(split == .train ? 0 : 2)") }
      return path
    case .classes(let classes, let names, let areRecorded):
      let label = classes[position]
      guard isArchive else {
        return prefix(part.split) + "\(names[label])/" + next(part.split)
      }
      let path = next(part.split)
      labels[part.split, default: PartLabels()].entries.append((path, label))
      if areRecorded { labels[part.split]?.names = names }
      return prefix(part.split) + path
    case .none:
      if isArchive, labels[part.split] == nil { labels[part.split] = PartLabels() }
      return prefix(part.split) + next(part.split)
    }
  }

  /// The files to be written beside the pictures, in order.
  public var files: [(path: String, content: Data)] {
    var files: [(path: String, content: Data)] = []
    func add(_ path: String, _ lines: [String]) {
      files.append((path, Data((lines.joined(separator: "\n") + "\n").utf8)))
    }
    for (split, part) in labels.sorted(by: { prefix($0.key) < prefix($1.key) }) {
      let entries = part.entries.map { "[\"\($0.path)\", \($0.label)]" }
      let list = entries.isEmpty ? "null" : "[\(entries.joined(separator: ", "))]"
      files.append((prefix(split) + NVIDIAFolder.labelsName, Data("{\"labels\": \(list)}".utf8)))
      if let names = part.names { add(prefix(split) + ClassNames.fileName, names) }
    }
    if !rows.isEmpty {
      let header = (["image_id"] + attributes).joined(separator: ",")
      add("list_attr_celeba.csv", [header] + rows)
    }
    if !partition.isEmpty { add("list_eval_partition.csv", ["image_id,partition"] + partition) }
    return files
  }

  private func prefix(_ split: Dataset.Split?) -> String {
    split.map { "\($0.rawValue)/" } ?? ""
  }

  /// The next path that nothing has.
  private mutating func next(_ split: Dataset.Split?) -> String {
    let number = counts[split, default: 0]
    counts[split] = number + 1
    let digits = String(format: "%08d", number)
    return isArchive ? "\(digits.prefix(5))/img\(digits).png" : "\(digits).png"
  }

  /// Whether every file system takes a class's name, and the walk over folders sees it.
  private static func isFolderName(_ name: String) -> Bool {
    ClassNames.isUsable(name) && !name.hasPrefix(".") && !name.contains("/")
      && name.utf8.count < 256
  }
}
