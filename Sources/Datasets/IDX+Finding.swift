public import Foundation

extension IDX {
  /// The two files of one split.
  public struct Files: Equatable, Sendable {
    /// The pictures.
    public let images: URL
    /// The labels, where there are any.
    public let labels: URL?
  }

  /// Finds the files of a split by their usual names.
  ///
  /// These are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, `t10k-` or `test-` for the
  /// test split, with `.` or `-` before `idx`, with or without `.gz` (the plain one wins), in
  /// `folder` or where torchvision and EMNIST leave them (`raw`, `MNIST/raw`, `gzip`). A prefix may
  /// stand before all of them, as in `emnist-letters-train-images-idx3-ubyte`.
  ///
  /// - Parameters:
  ///   - folder: where to look.
  ///   - split: which of the two.
  /// - Returns: the files; nil if there are no pictures of that split.
  /// - Throws: ``DatasetError/ambiguousIDX(path:prefixes:)`` if there are several prefixes, and no files
  ///   without one.
  public static func find(in folder: URL, split: Dataset.Split) throws(DatasetError) -> Files? {
    for place in ["", "raw", "MNIST/raw", "gzip"] {
      let directory = place.isEmpty ? folder : folder.appendingPathComponent(place)
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
        .compactMap(Name.init)
      guard names.contains(where: { $0.kind == .images }) else { continue }
      let prefix = try prefix(of: names, in: directory)
      func file(_ kind: Name.Kind) -> URL? {
        names.filter { $0.prefix == prefix && $0.split == split && $0.kind == kind }
          .min { $0.rank < $1.rank }.map { directory.appendingPathComponent($0.text) }
      }
      guard let images = file(.images) else { continue }
      return Files(images: images, labels: file(.labels))
    }
    return nil
  }

  /// The one prefix of a folder's files; "" where some have none.
  private static func prefix(
    of names: [Name], in directory: URL
  ) throws(DatasetError) -> String {
    guard !names.contains(where: { $0.prefix.isEmpty && $0.kind == .images }) else { return "" }
    let prefixes = Set(names.map(\.prefix)).sorted()
    guard prefixes.count == 1 else {
      throw .ambiguousIDX(
        path: directory.path, prefixes: prefixes.map { $0.isEmpty ? "none" : $0 })
    }
    return prefixes[0]
  }

  /// What the name of a file says of it.
  private struct Name {
    enum Kind: String { case images, labels }

    let text: String
    let prefix: String
    let split: Dataset.Split
    let kind: Kind
    /// Of several files of the same content the lowest is taken.
    let rank: Int

    /// nil for the name of another file.
    init?(_ text: String) {
      var stem = Substring(text)
      let isPacked = stem.hasSuffix(".gz")
      if isPacked { stem = stem.dropLast(3) }
      for (kind, type) in [(Kind.images, "idx3"), (.labels, "idx1")] {
        for (separatorRank, separator) in ["-", "."].enumerated() {
          let ending = "\(kind.rawValue)\(separator)\(type)-ubyte"
          guard stem.hasSuffix(ending) else { continue }
          let start = stem.dropLast(ending.count)
          for (splitRank, word) in ["train-", "t10k-", "test-"].enumerated()
          where start == word || start.hasSuffix("-" + word) {
            self.text = text
            prefix = String(start.dropLast(word.count).dropLast())
            split = word == "train-" ? .train : .test
            self.kind = kind
            rank = 4 * splitRank + 2 * separatorRank + (isPacked ? 1 : 0)
            return
          }
        }
      }
      return nil
    }
  }
}
