import Checkpoints
public import Foundation
import Records
import Runs
import Torch

/// Files of reference statistics: lethe's own, and those of other programs.
extension ReferenceStatistics {
  private static let kindKey = "lethe.kind"
  private static let kind = "reference_statistics"
  private static let recordKey = "lethe.statistics"
  /// What this version writes, and all that it reads.
  private static let version = 1
  /// How the covariance of lethe's own files is divided.
  private static let convention = "N - 1"

  // MARK: - Writing

  /// Writes a file of lethe's own, or leaves everything as it was.
  ///
  /// It is of safetensors, with a checksum of each tensor and of what is said about them.
  ///
  /// - Parameters:
  ///   - url: the destination; its folder exists.
  ///   - isReplacing: whether a file that is there already may be replaced.
  /// - Throws: `CheckpointError` if it exists and shall stay, or cannot be written.
  /// - Precondition: the statistics say whose features they are and of how many pictures.
  public func write(to url: URL, replacing isReplacing: Bool = false) throws {
    guard let features, let count else {
      preconditionFailure("statistics of \(source) that do not say what they are of are written")
    }
    let preprocessing =
      (try? JSON(parsing: features.preprocessing)) ?? .string(features.preprocessing)
    let record: JSON = [
      "version": JSON(Self.version), "extractor": .string(features.name),
      "weights_sha256": JSON(features.weightsSHA256), "preprocessing": preprocessing,
      "count": JSON(count), "source": .string(source), "covariance": .string(Self.convention),
    ]
    try SafetensorsFile(
      tensors: ["mean": mean, "covariance": covariance],
      metadata: [Self.kindKey: Self.kind, Self.recordKey: record.encoded(.line)]
    ).write(to: url, replacing: isReplacing)
  }

  // MARK: - Reading

  /// Reads a file: one of lethe's own, `mu` and `sigma` of pytorch-fid and many others (`.npz`), or a
  /// pickle with `mu` and `sigma`, with `mean` and `cov`, or with the sums that StyleGAN2-ADA keeps.
  ///
  /// - Parameter url: the file, whatever its name ends in.
  /// - Returns: its statistics.
  /// - Throws: `CheckpointError` if the file cannot be read or is damaged, ``ExtractorError`` if it holds
  ///   no statistics, or some that contradict themselves.
  public static func read(_ url: URL) throws -> ReferenceStatistics {
    do {
      guard let file = try NumpyFile.read(url) else { return try own(url) }
      return try foreign(file, url)
    } catch CheckpointError.notACheckpoint(_, let found) {
      throw ExtractorError.notStatistics(file: url.path, found: found)
    }
  }

  private static func own(_ url: URL) throws -> ReferenceStatistics {
    let file = try SafetensorsFile.read(url)
    func wrong(_ problem: String) -> ExtractorError {
      .wrongStatistics(file: url.path, problem: problem)
    }
    guard file.metadata[kindKey] == kind else {
      throw ExtractorError.notStatistics(
        file: url.path,
        found: file.metadata[kindKey].map { "a file of lethe for something else (\($0))" }
          ?? "tensors of another program (safetensors)")
    }
    guard let text = file.metadata[recordKey],
      let record = try? JSON(parsing: text), let version = record["version"]?.integer
    else { throw wrong("it does not say what its statistics are of (\(recordKey))") }
    guard version == Self.version else {
      throw wrong(
        "its record is of version \(version), this lethe reads version \(Self.version)")
    }
    func word(_ field: String) throws(ExtractorError) -> String {
      guard let value = record[field]?.string else {
        throw wrong("its record is without the text '\(field)'")
      }
      return value
    }
    let convention = try word("covariance")
    guard convention == Self.convention else {
      throw wrong("its covariance is over \(convention), expected \(Self.convention)")
    }
    guard let count = record["count"]?.integer else {
      throw wrong("its record is without the number 'count'")
    }
    guard let preprocessing = record["preprocessing"], preprocessing != .null else {
      throw wrong("its record is without the field 'preprocessing'")
    }
    func tensor(_ name: String) throws(ExtractorError) -> Tensor {
      guard let tensor = file.tensors[name] else { throw wrong("it holds no tensor '\(name)'") }
      return tensor
    }
    return try ReferenceStatistics(
      mean: tensor("mean"), covariance: tensor("covariance"), count: count,
      source: word("source"),
      features: Features(
        name: word("extractor"), weightsSHA256: record["weights_sha256"]?.string,
        preprocessing: preprocessing.encoded(.line)),
      notes: [], file: url.path)
  }

  // MARK: - Other programs

  /// The names of mean and covariance: of pytorch-fid, clean-fid and others; of rosinality's StyleGAN2.
  private static let names = [("mu", "sigma"), ("mean", "cov")]

  private static func foreign(
    _ file: NumpyFile, _ url: URL
  ) throws(ExtractorError) -> ReferenceStatistics {
    let unnamed =
      "\(url.path) does not say of which network its features are: that they are those asked for is "
      + "taken on trust"
    func array(_ name: String) throws(ExtractorError) -> Tensor {
      if let array = file.arrays[name] { return array }
      if let (_, reason) = file.skipped.first(where: { $0.name == name }) {
        throw .wrongStatistics(file: url.path, problem: "'\(name)' is \(reason)")
      }
      throw .wrongStatistics(file: url.path, problem: "it holds no array '\(name)'")
    }
    func holds(_ name: String) -> Bool {
      file.arrays[name] != nil || file.skipped.contains { $0.name == name }
    }
    if let (mean, covariance) = names.first(where: { holds($0.0) || holds($0.1) }) {
      return try ReferenceStatistics(
        mean: array(mean), covariance: array(covariance), count: nil, source: url.path,
        features: nil,
        notes: [
          unnamed,
          "\(url.path) does not say of how many pictures it is, nor whether its covariance is over N or "
            + "N - 1; most programs divide by N - 1",
        ], file: url.path)
    }
    guard holds("raw_mean") || holds("raw_cov") else {
      let names = file.arrays.keys + file.skipped.map(\.name)
      throw .notStatistics(
        file: url.path,
        found: names.isEmpty ? "no array" : "arrays named \(names.listed(atMost: 5))")
    }
    return try sums(
      array("raw_mean"), array("raw_cov"), count: file.values["num_items"]?.integer, url,
      notes: [unnamed])
  }

  /// Statistics of StyleGAN2-ADA's cache, which keeps the sums of vectors and of their outer products.
  private static func sums(
    _ sum: Tensor, _ products: Tensor, count: Int?, _ url: URL, notes: [String]
  ) throws(ExtractorError) -> ReferenceStatistics {
    guard let count, count >= 2 else {
      throw .wrongStatistics(
        file: url.path,
        problem: count.map { "they are of \($0) pictures, expected at least 2" }
          ?? "it holds sums (raw_mean, raw_cov) without their number, num_items")
    }
    guard sum.rank == 1, products.shape == [sum.shape[0], sum.shape[0]] else {
      throw .wrongStatistics(
        file: url.path,
        problem:
          "raw_mean has shape \(sum.shape), raw_cov \(products.shape), expected [F] and [F, F]")
    }
    let mean = sum.to(.float64) / Double(count)
    let column = mean.reshaped([sum.shape[0], 1])
    let covariance =
      (products.to(.float64) - column.matmul(column.transposed) * Double(count))
      / Double(count - 1)
    return try ReferenceStatistics(
      mean: mean, covariance: covariance, count: count,
      source: url.path, features: nil,
      notes: notes + [
        "the covariance of \(url.path) was computed of its sums, over N - 1; NVIDIA's programs divide by N"
      ], file: url.path)
  }
}
