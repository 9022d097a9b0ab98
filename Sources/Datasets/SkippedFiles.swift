import Foundation

/// The files of a folder that were no pictures by their names.
public struct SkippedFiles: Equatable, Sendable, Codable {
  /// How many have each ending, such as `.webp`; "" is for names without one.
  public private(set) var counts: [String: Int] = [:]
  /// Hidden files and folders, which file managers and systems leave everywhere.
  public private(set) var hiddenCount = 0

  /// None.
  public init() {}

  /// How many there are, hidden ones included.
  public var count: Int { hiddenCount + counts.values.reduce(0, +) }

  /// A sentence about those that somebody may have taken for pictures; nil if only hidden ones, or none,
  /// were skipped.
  public var note: String? {
    let total = count - hiddenCount
    guard total > 0 else { return nil }
    let endings = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var words = endings.prefix(5).map {
      "\($0.value) \($0.key.isEmpty ? "without an ending" : $0.key)"
    }
    if endings.count > words.count { words.append("others") }
    return "\(total) file\(total == 1 ? "" : "s") skipped (\(words.joined(separator: ", "))); only "
      + ".png, .jpg and .jpeg are read"
  }

  /// Counts a file.
  mutating func add(named name: String) {
    if name.hasPrefix(".") {
      hiddenCount += 1
    } else {
      counts[Self.ending(of: name), default: 0] += 1
    }
  }

  /// Counts a file no more: it is read after all.
  mutating func remove(named name: String) {
    let ending = Self.ending(of: name)
    guard let count = counts[ending] else { return }
    counts[ending] = count > 1 ? count - 1 : nil
  }

  private static func ending(of name: String) -> String {
    let ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last
    // An ending is a word; anything longer is a name with a full stop in it.
    return ending.flatMap { $0.isEmpty || $0.count > 10 ? nil : "." + $0.lowercased() } ?? ""
  }

  /// Counts the files of another part.
  mutating func add(_ other: SkippedFiles) {
    counts.merge(other.counts, uniquingKeysWith: +)
    hiddenCount += other.hiddenCount
  }
}
