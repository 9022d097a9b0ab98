import CZlib
import Foundation
import Torch

/// Pictures in memory, with a class each where the source knows one.
///
/// The pictures stay bytes: a batch becomes `float32` in the range a model wants when it is drawn.
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
    /// The part of it.
    public let split: String
    /// Pictures read.
    public let count: Int
    /// Files that were no pictures.
    public let skippedCount: Int
    /// CRC-32 of pixels and labels as read, in hex: tells data sets apart, and no more than that.
    public let digest: String
    /// What was selected or changed since, in order.
    public internal(set) var changes: [String]
  }

  /// `uint8`, `[N, C, H, W]`.
  public let images: Tensor
  /// The class of each picture: an index into ``classNames``.
  public let labels: [Int]?
  /// The classes' names; empty without labels.
  ///
  /// Some may have no pictures: labels stay what they are when a class is removed.
  public let classNames: [String]
  /// Where the pictures come from.
  public let provenance: Provenance

  /// A data set of pictures read elsewhere.
  ///
  /// - Parameters:
  ///   - images: `uint8`, `[N, C, H, W]`, `C` 1 or 3.
  ///   - labels: a class per picture.
  ///   - classNames: the classes; labels are indices into it.
  ///   - path: where they come from, for records and errors.
  ///   - split: the part of it.
  ///   - skippedCount: files that were no pictures.
  /// - Precondition: shapes, counts and labels agree.
  public init(
    images: Tensor, labels: [Int]? = nil, classNames: [String] = [], path: String,
    split: Split = .train, skippedCount: Int = 0
  ) {
    let provenance = Provenance(
      path: path, split: split.rawValue, count: images.shape.first ?? 0,
      skippedCount: skippedCount, digest: Dataset.digest(images, labels), changes: [])
    self.init(
      images: images, labels: labels, classNames: classNames, provenance: provenance)
  }

  init(images: Tensor, labels: [Int]?, classNames: [String], provenance: Provenance) {
    let shape = images.shape
    precondition(
      images.scalarType == .uint8 && shape.count == 4 && (shape[1] == 1 || shape[1] == 3),
      "a data set of \(images): expected uint8 [N, C, H, W] with 1 or 3 channels")
    precondition(
      labels.map { $0.count == shape[0] && $0.allSatisfy(classNames.indices.contains) } ?? true,
      "\(shape[0]) pictures with \(labels?.count ?? 0) labels of \(classNames.count) classes")
    self.images = images
    self.labels = labels
    self.classNames = classNames
    self.provenance = provenance
  }

  /// The number of pictures.
  public var count: Int { images.shape[0] }
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int { images.shape[1] }
  /// Rows of each picture.
  public var height: Int { images.shape[2] }
  /// Columns of each picture.
  public var width: Int { images.shape[3] }

  private static func digest(_ images: Tensor, _ labels: [Int]?) -> String {
    func add(_ bytes: UnsafeRawBufferPointer, to sum: UInt) -> UInt {
      // Without bytes, zlib starts anew.
      bytes.isEmpty
        ? sum : crc32_z(sum, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
    }
    var sum = images.withUnsafeBytes { add($0, to: 0) }
    sum = (labels ?? []).map(Int64.init).withUnsafeBytes { add($0, to: sum) }
    return "crc32:" + String(format: "%08lx", sum)
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
  /// - Precondition: the indices are in range.
  public func batch(_ indices: [Int], range: PixelRange, channels: Int? = nil) -> Tensor {
    precondition(
      indices.allSatisfy((0..<count).contains), "a batch beyond the \(count) pictures: \(indices)")
    // The weights of grey do not sum to exactly 1, so channels change where black is 0.
    let unit = PixelRange.zeroToOne.picture(fromBytes: images.gathered(indices))
    return PixelRange.zeroToOne.convert(
      unit.withPictureChannels(channels ?? self.channels), to: range)
  }
}
