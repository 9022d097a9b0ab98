import Foundation
public import Torch

/// What a look at every picture of a data set finds.
public struct DatasetSurvey: Sendable {
  /// Columns and rows.
  public struct Size: Sendable, Hashable, CustomStringConvertible {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int

    /// Such as `640x480`.
    public var description: String { "\(width)x\(height)" }
  }

  /// What there is of one part.
  public struct Part: Sendable {
    /// Which part; nil where the source has no parts.
    public let split: Dataset.Split?
    /// Pictures that have all they need, those that cannot be decoded included.
    public let count: Int
    /// What is known of each of them.
    public let labels: Labels
    /// How many pictures have each size, the most frequent first.
    public internal(set) var sizes: [(size: Size, count: Int)] = []
    /// Pictures with colours.
    public internal(set) var colorCount = 0
    /// Pictures without.
    public internal(set) var greyCount = 0
    /// Those that cannot be decoded.
    public internal(set) var faults: [PictureFault] = []
    /// What else is wrong.
    public let problems: [DatasetError]
    /// Pictures without a label where others have one.
    public let unlabelled: [String]
    /// Labels of pictures that are not there.
    public let unusedLabels: [String]
    /// Files that were no pictures by their names.
    public let skipped: SkippedFiles
    /// Pictures that lie beside the classes' folders.
    public let strays: [String]
    /// What else a user should know.
    public let remarks: [String]
  }

  /// Where the data set is.
  public let path: String
  /// What its format is called.
  public let format: String
  /// Its parts, what is trained on first.
  public private(set) var parts: [Part]
  /// Why there is nothing to train on; nil if there is.
  public let missing: DatasetError?
  /// Pictures of equal pixels, by their names, where there are two or more of them.
  public private(set) var duplicates: [[String]]
  /// How many groups of equal pictures lie in both parts.
  public private(set) var sharedCount: Int

  /// Looks at every picture.
  ///
  /// - Parameters:
  ///   - source: the data set.
  ///   - threads: how many decode; no matter for the result.
  ///   - progress: is told how many pictures have been seen; what it throws ends the survey.
  /// - Throws: ``DatasetError``, or what `progress` throws.
  public init(
    of source: DatasetSource, threads: Int = Torch.threadCount,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    path = source.url.path
    format = source.format + (source.isArchive ? ", in a zip archive" : "")
    missing = source.missing
    parts = []
    var twins = Twins()
    let batch = max(16, min(64, 8 * threads))
    var seen = 0
    for part in source.parts {
      var result = Part(part)
      var sizes: [Size: Int] = [:]
      for start in stride(from: 0, to: part.count, by: batch) {
        let range = start..<min(start + batch, part.count)
        for (position, picture) in zip(range, try part.facts(range, threads: threads)) {
          switch picture {
          case .success(let facts):
            sizes[Size(width: facts.width, height: facts.height), default: 0] += 1
            if facts.hasColor { result.colorCount += 1 } else { result.greyCount += 1 }
            twins.add(facts.digest, Twins.Place(part: parts.count, position: position))
          case .failure(let error):
            guard let fault = part.fault(error) else { throw error }
            result.faults.append(fault)
          }
        }
        seen += range.count
        try progress(seen)
      }
      result.sizes = sizes.map { (size: $0.key, count: $0.value) }.sorted {
        ($1.count, $0.size.width, $0.size.height) < ($0.count, $1.size.width, $1.size.height)
      }
      parts.append(result)
    }
    let groups = twins.groups
    sharedCount = groups.count { Set($0.map(\.part)).count > 1 }
    duplicates = groups.map { group in
      group.map { place in
        let part = source.parts[place.part]
        let name = part.name(of: place.position)
        return source.parts.count > 1 ? "\(part.split?.rawValue ?? ""): \(name)" : name
      }
    }
  }

  /// How many pictures are equal to one before them.
  public var duplicateCount: Int { duplicates.reduce(0) { $0 + $1.count - 1 } }

  /// All pictures, those that nothing is known of included.
  public var count: Int { parts.reduce(0) { $0 + $1.count + $1.unlabelled.count } }

  /// Whether training takes the data set as it is.
  public var isTrainable: Bool {
    missing == nil && !parts.isEmpty
      && parts.allSatisfy { $0.problems.isEmpty && $0.faults.isEmpty && $0.count > 0 }
  }
}

extension DatasetSurvey.Part {
  fileprivate init(_ part: DatasetSource.Part) {
    split = part.split
    count = part.count
    labels = part.labels
    problems = part.problems.map(\.error)
    unlabelled = part.problems.flatMap(\.leftOut).sorted()
    unusedLabels = part.unusedLabels
    skipped = part.skipped
    strays = part.strays
    remarks = part.remarks
  }

  /// How many pictures each class has, or how many have each attribute, in the order of the names.
  public var labelCounts: [(name: String, count: Int)] {
    var counts = [Int](repeating: 0, count: labels.names.count)
    switch labels {
    case .none: break
    case .classes(let classes, _, _): for label in classes { counts[label] += 1 }
    case .attributes(let rows, _):
      for row in rows { for index in row.indices where row[index] { counts[index] += 1 } }
    }
    return zip(labels.names, counts).map { (name: $0, count: $1) }
  }
}

/// Pictures of equal pixels.
private struct Twins {
  struct Place { let (part, position): (Int, Int) }

  private var first: [PictureFacts.Digest: Int] = [:]
  /// Places of equal pictures, in the order in which the first of each was seen.
  private var all: [[Place]] = []

  mutating func add(_ digest: PictureFacts.Digest, _ place: Place) {
    if let index = first[digest] {
      all[index].append(place)
    } else {
      first[digest] = all.count
      all.append([place])
    }
  }

  var groups: [[Place]] { all.filter { $0.count > 1 } }
}
