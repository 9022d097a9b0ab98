public import Datasets
import Files
public import Foundation
import Records
import Torch

/// A copy of a data set as training sees it: every picture cropped to its centre square and resized, with
/// labels, attributes and parts kept.
///
/// The copy appears whole or not at all. Pictures that cannot be decoded, and those without a label where
/// others have one, are left out by name.
public struct DataPreparation {
  /// What was written.
  public struct Outcome {
    /// Where.
    public let url: URL
    /// Rows and columns.
    public let size: Int
    /// How many pictures.
    public let count: Int
    /// Pictures that cannot be decoded.
    public let faults: [PictureFault]
    /// Pictures without a label where others have one.
    public let unlabelled: [String]
  }

  private let source: DatasetSource
  private let size: Int
  private let output: URL
  private let isArchive: Bool
  private let context: ExperimentContext

  /// A preparation; nothing is read or written yet but the names of files.
  ///
  /// - Parameters:
  ///   - url: where the data set is.
  ///   - size: rows and columns of the copy.
  ///   - output: a folder, or a file that ends with `.zip`; neither may exist.
  ///   - context: observer, cancellation.
  /// - Throws: ``OutputFileError`` for a place that cannot be written; `DatasetError` if there is no data
  ///   set, or it is wrong in ways that leaving pictures out does not mend.
  public init(
    _ url: URL, size: Int, output: String, context: ExperimentContext = ExperimentContext()
  ) throws {
    self.output = try OutputFile.check(output)
    isArchive = self.output.pathExtension.lowercased() == "zip"
    guard isArchive || !self.output.isStream else {
      throw OutputFileError.alreadyExists(path: output)
    }
    let (outside, inside) = (
      url.resolvingSymlinksInPath().path,
      self.output.deletingLastPathComponent().resolvingSymlinksInPath().path
    )
    guard inside != outside, !inside.hasPrefix(outside + "/") else {
      throw OutputFileError.unfitFolder(
        path: output, reason: "it lies in the data set, of which it would become a part")
    }
    source = try DatasetSource(url, size: size)
    for problem in source.parts.flatMap(\.problems) where problem.leftOut.isEmpty {
      throw problem.error
    }
    self.size = size
    self.context = context
  }

  /// Writes the copy.
  ///
  /// - Returns: what was written, and what was left out.
  /// - Throws: `DatasetError`, `FileError`, ``Cancelled``; nothing is left then.
  public func run() throws -> Outcome {
    var layout = try PreparedLayout(of: source, isArchive: isArchive)
    for note in source.parts.flatMap(\.remarks) { context.observer.noted(note) }
    // From here on Ctrl-C is heard by the loop, which removes what was written.
    context.observer.willOpenRun()
    var faults: [PictureFault] = []
    if isArchive {
      try AtomicFile.create(output) { file in
        var zip = ZipWriter()
        faults = try forEach(&layout) { path, data in try zip.add(path, data, to: file) }
        try zip.finish(file)
      }
    } else {
      try AtomicFile.createFolder(output) { folder in
        var folders: Set<String> = []
        faults = try forEach(&layout) { path, data in
          let url = folder.appending(path: path)
          let parent = url.deletingLastPathComponent()
          if folders.insert(parent.path).inserted {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
          }
          try FileWriter(appendingTo: url).append(data)
        }
      }
    }
    let unlabelled = source.parts.flatMap { $0.problems.flatMap(\.leftOut) }.sorted()
    return Outcome(
      url: output, size: size, count: source.count - faults.count, faults: faults,
      unlabelled: unlabelled)
  }

  /// Gives each picture, and then each file beside them, to `write`.
  private func forEach(
    _ layout: inout PreparedLayout, _ write: (String, Data) throws -> Void
  ) throws -> [PictureFault] {
    let task = RunTask(.preparing, label: "prepare", total: source.count)
    let faults = try context.during(task) { progress in
      var (done, faults) = (0, [PictureFault]())
      for part in source.parts {
        for start in stride(from: 0, to: part.count, by: Self.batch) {
          let range = start..<min(start + Self.batch, part.count)
          let (squares, found) = try part.squares(range, size: size)
          faults += found.compactMap(\.self)
          let whole = zip(range, found).filter { $0.1 == nil }.map(\.0)
          for (position, data) in zip(whole, try Self.encoded(squares)) {
            try write(layout.add(position, of: part), data)
          }
          done += range.count
          try progress(done)
        }
      }
      return faults
    }
    guard faults.count < source.count else { throw DatasetError.empty(path: source.url.path) }
    for file in layout.files { try write(file.path, file.content) }
    return faults
  }

  /// As many as are decoded together.
  private static let batch = 64

  /// Each picture as a PNG, on all threads.
  private static func encoded(_ pictures: Tensor?) throws -> [Data] {
    guard let pictures else { return [] }
    let results = Torch.concurrently(pictures.shape[0]) { index in
      Result { () throws(DatasetError) in
        try Image(bytes: pictures.sliced(index..<index + 1)).pngData()
      }
    }
    return try results.map { try $0.get() }
  }
}
