import CZlib
import Foundation
public import Torch

/// Pictures of one size, with labels where the source knows any.
///
/// The pictures lie in memory, or are decoded when they are asked for. They stay bytes: a batch becomes
/// `float32` in the range a model wants when it is drawn.
public struct Dataset: Sendable {
  /// Which part of a source.
  public enum Split: String, Sendable, CaseIterable {
    /// What models are trained on.
    case train
    /// What was held back.
    case test
  }

  /// Where pictures come from, for a run's record.
  public struct Provenance: Equatable, Sendable, Codable {
    /// The folder.
    public let path: String
    /// The part of it: `train` or `test`, `all` where the source has no parts.
    public let split: String
    /// Pictures read.
    public let count: Int
    /// Files that were no pictures.
    public let skipped: SkippedFiles
    /// CRC-32 of pixels and labels as read, in hex; it only distinguishes data sets.
    public let digest: String
    /// Pictures that lie beside the classes' folders, so that no picture has a class.
    public let strays: [String]
    /// What else a user should know of how they were read.
    public let remarks: [String]
    /// What was selected or changed since, in order.
    public internal(set) var changes: [String]

    /// What a user should know of pictures that were not read, or of how others were; nil if there is
    /// nothing.
    public var note: String? {
      let sentences = [skipped.note].compactMap(\.self) + remarks
      return sentences.isEmpty ? nil : "\(path): \(sentences.joined(separator: "; "))"
    }
  }

  /// What is known of each picture.
  public let labels: Labels
  /// Where the pictures come from.
  public let provenance: Provenance

  private let store: any PictureStore
  /// Where each picture lies in the store; nil where all lie in order.
  private let positions: [Int]?

  /// A data set of pictures read elsewhere.
  ///
  /// - Parameters:
  ///   - images: `uint8`, `[N, C, H, W]`, `C` 1 or 3.
  ///   - labels: of each picture.
  ///   - path: where they come from, for records and errors.
  ///   - split: the part of it; nil where the source has no parts.
  ///   - skipped: files that were no pictures.
  ///   - strays: pictures that lie beside the classes' folders.
  ///   - remarks: what else a user should know, each a sentence without its end.
  /// - Precondition: shapes, counts and labels agree.
  public init(
    images: Tensor, labels: Labels = .none, path: String, split: Split? = nil,
    skipped: SkippedFiles = SkippedFiles(), strays: [String] = [], remarks: [String] = []
  ) {
    var digest = Digest()
    digest.add(images)
    self.init(
      StoredPictures(images), labels: labels,
      provenance: Provenance(
        path: path, split: split?.rawValue ?? Self.wholeSplit, count: images.shape.first ?? 0,
        skipped: skipped, digest: digest.text(labels), strays: strays, remarks: remarks,
        changes: []))
  }

  /// A data set of pictures that are kept elsewhere; reads each of them once.
  ///
  /// - Parameters:
  ///   - store: the pictures.
  ///   - labels: of each picture.
  ///   - path: where they come from, for records and errors.
  ///   - split: the part of it; nil where the source has no parts.
  ///   - skipped: files that were no pictures.
  ///   - strays: pictures that lie beside the classes' folders.
  ///   - remarks: what else a user should know, each a sentence without its end.
  /// - Throws: ``DatasetError`` if pictures cannot be read; it names all of them.
  /// - Precondition: counts and labels agree.
  public init(
    _ store: any PictureStore, labels: Labels = .none, path: String, split: Split? = nil,
    skipped: SkippedFiles = SkippedFiles(), strays: [String] = [], remarks: [String] = []
  ) throws(DatasetError) {
    var (digest, broken) = (Digest(), BrokenPictures(of: path))
    for start in stride(from: 0, to: store.count, by: 64) {
      do throws(DatasetError) {
        digest.add(try store.bytes(at: Array(start..<min(start + 64, store.count))))
      } catch {
        try broken.add(error)
      }
    }
    try broken.throwIfAny()
    self.init(
      store, labels: labels,
      provenance: Provenance(
        path: path, split: split?.rawValue ?? Self.wholeSplit, count: store.count,
        skipped: skipped, digest: digest.text(labels), strays: strays, remarks: remarks,
        changes: []))
  }

  /// What records call a source without parts.
  private static let wholeSplit = "all"

  init(
    _ store: any PictureStore, positions: [Int]? = nil, labels: Labels, provenance: Provenance
  ) {
    let count = positions?.count ?? store.count
    precondition(labels.fit(count: count), "\(count) pictures with labels of \(labels.names)")
    self.store = store
    self.positions = positions
    self.labels = labels
    self.provenance = provenance
  }

  /// The number of pictures.
  public var count: Int { positions?.count ?? store.count }
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int { store.channels }
  /// Rows of each picture.
  public var height: Int { store.height }
  /// Columns of each picture.
  public var width: Int { store.width }

  /// The class of each picture, an index into ``classNames``; nil where the labels are no classes.
  public var classes: [Int]? {
    guard case .classes(let classes, _, _) = labels else { return nil }
    return classes
  }

  /// The classes' names; empty where the labels are no classes.
  public var classNames: [String] {
    guard case .classes(_, let names, _) = labels else { return [] }
    return names
  }
}

/// CRC-32 of pixels, then labels.
private struct Digest {
  private var sum: UInt = 0

  mutating func add(_ images: Tensor) {
    sum = images.withUnsafeBytes { Self.added($0, to: sum) }
  }

  func text(_ labels: Labels) -> String {
    let whole = labels.numbers.withUnsafeBytes { Self.added($0, to: sum) }
    return "crc32:" + String(format: "%08lx", whole)
  }

  private static func added(_ bytes: UnsafeRawBufferPointer, to sum: UInt) -> UInt {
    // Without bytes, zlib starts anew.
    bytes.isEmpty
      ? sum : crc32_z(sum, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
  }
}

// MARK: - Drawing

extension Dataset {
  /// Some pictures as a model wants them.
  ///
  /// - Parameters:
  ///   - indices: positions, in any order, repeated or not.
  ///   - range: what black and full intensity become.
  ///   - channels: 1 or 3; nil keeps them. Grey becomes three equal channels, colour becomes
  ///     0.2989 R + 0.587 G + 0.114 B.
  /// - Returns: `float32`, `[indices.count, channels, H, W]`.
  /// - Throws: ``DatasetError`` if a picture can no longer be read.
  /// - Precondition: the indices are in range.
  public func batch(
    _ indices: [Int], range: PixelRange, channels: Int? = nil
  ) throws(DatasetError) -> Tensor {
    // The weights of grey do not sum to exactly 1, so channels change where black is 0.
    let unit = PixelRange.zeroToOne.picture(fromBytes: try bytes(at: indices))
    return PixelRange.zeroToOne.convert(
      unit.withPictureChannels(channels ?? self.channels), to: range)
  }

  /// Some pictures as bytes.
  ///
  /// - Parameter indices: positions, in any order, repeated or not.
  /// - Returns: `uint8`, `[indices.count, channels, H, W]`.
  /// - Throws: ``DatasetError`` if a picture can no longer be read.
  /// - Precondition: the indices are in range.
  public func bytes(at indices: [Int]) throws(DatasetError) -> Tensor {
    precondition(
      indices.allSatisfy((0..<count).contains), "a batch beyond the \(count) pictures: \(indices)")
    return try store.bytes(at: positions.map { map in indices.map { map[$0] } } ?? indices)
  }

  /// The same pictures with other labels.
  ///
  /// - Parameter labels: one for each picture.
  /// - Returns: the data set.
  package func relabelled(_ labels: Labels) -> Dataset {
    Dataset(store, positions: positions, labels: labels, provenance: provenance)
  }

  /// Some of the pictures, with their labels, and a line about it in the record.
  func selecting(_ indices: [Int], _ change: String) -> Dataset {
    var provenance = provenance
    provenance.changes.append(change)
    return Dataset(
      store, positions: positions.map { map in indices.map { map[$0] } } ?? indices,
      labels: labels.gathered(indices), provenance: provenance)
  }
}
