import Checkpoints
import Extractors
import Foundation
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch

/// Files of statistics that NumPy wrote (Scripts/fixtures/make_statistics.py), and lethe's own.
@Suite struct ReferenceStatisticsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func file(_ name: String) throws -> URL {
    try #require(
      Bundle.module.url(
        forResource: name, withExtension: nil, subdirectory: "Fixtures/statistics"))
  }

  private static func expected() throws -> (mean: Tensor, covariance: Tensor) {
    let tensors = try SafetensorsFile.read(file("expected.safetensors")).tensors
    return (try #require(tensors["mean"]), try #require(tensors["covariance"]))
  }

  /// What a file is refused with, without the folder in front of its name.
  private func refusal(_ url: URL) -> String {
    do {
      _ = try ReferenceStatistics.read(url)
      return "no error"
    } catch let error as CheckpointError {
      return "\(error)".replacing(url.deletingLastPathComponent().path + "/", with: "")
    } catch let error as ExtractorError {
      return "\(error)".replacing(url.deletingLastPathComponent().path + "/", with: "")
    } catch {
      return "another error: \(error)"
    }
  }

  private func own(
    name: String = "LeNet5", sha256: String? = "ab", count: Int = 50
  ) throws -> ReferenceStatistics {
    let (mean, covariance) = try Self.expected()
    return try ReferenceStatistics(
      mean: mean, covariance: covariance, count: count, source: "the training pictures",
      features: .init(name: name, weightsSHA256: sha256, preprocessing: #"{"size":32}"#))
  }

  // MARK: - Other programs' files

  @Test(arguments: [
    "fid.npz", "compressed.npz", "fortran.npz", "python2.npz", "pickle-2.pkl", "pickle-4.pkl",
    "pickle-5.pkl", "pickle-old.pkl", "fortran-3.pkl", "fortran-5.pkl",
  ])
  func `mean and covariance are NumPy's, and what the file does not say is said`(
    name: String
  ) throws {
    let url = try Self.file(name)
    let statistics = try ReferenceStatistics.read(url)
    let (mean, covariance) = try Self.expected()
    let tolerance = name.hasPrefix("compressed") || name.hasPrefix("fortran-") ? 1e-6 : 0
    #expect(statistics.mean.relativeDifference(from: mean) <= tolerance)
    #expect(statistics.covariance.relativeDifference(from: covariance) <= tolerance)
    #expect(statistics.covariance.scalarType == .float64 && statistics.width == 6)
    #expect(statistics.count == nil && statistics.features == nil)
    #expect(statistics.source == url.path && statistics.notes.count == 2)
    #expect(statistics.notes[0].contains("does not say of which network"))
    #expect(statistics.notes[1].contains("does not say of how many pictures"))
  }

  @Test(arguments: ["order.npz", "order-3.pkl", "order-5.pkl"])
  func `arrays in Fortran's order are read row by row`(name: String) throws {
    let file = try #require(try NumpyFile.read(Self.file(name)))
    let expected = Tensor((0..<6).map(Double.init), shape: [2, 3])
    for key in ["a", "b"] {
      #expect(try #require(file.arrays[key]).hasSameBits(as: expected), "\(key)")
    }
    #expect(file.skipped.isEmpty && file.arrays.keys == ["a", "b"])
  }

  @Test(arguments: ["ada.pkl", "ada-old.pkl"])
  func `sums become mean and covariance over N - 1`(name: String) throws {
    let statistics = try ReferenceStatistics.read(Self.file(name))
    let (mean, covariance) = try Self.expected()
    #expect(statistics.mean.relativeDifference(from: mean) < 1e-12)
    #expect(statistics.covariance.relativeDifference(from: covariance) < 1e-12)
    #expect(statistics.count == 50)
    #expect(statistics.notes.last?.hasSuffix("over N - 1; NVIDIA's programs divide by N") == true)
  }

  @Test(arguments: [
    ("wrong-objects.npz", "'mu' is an array of Python objects, which is a pickle within"),
    ("wrong-objects.pkl", "'cov' is an array of type O8"),
    ("wrong-integers.npz", "'mu' is an array of type <i8; <f8 and <f4 are read; make the"),
    ("wrong-big-endian.npz", "'mu' is an array of type >f8"),
    ("wrong-asymmetric.npz", "the covariance is not symmetric"),
    ("wrong-names.npz", "holds no statistics of reference pictures but arrays named a, b"),
    ("mu.npy", "holds no statistics of reference pictures but arrays named array"),
    ("wrong-shape.npz", "file ends inside array sigma.npy"),
    ("wrong-less.npz", "array sigma.npy: 48 bytes follow its elements"),
    ("wrong-huge.npz", "array sigma.npy: has impossible sizes [4294967296, 4294967296]"),
    ("wrong-negative.npz", "array sigma.npy: its header is none of NumPy's"),
    ("wrong-code.npz", "array sigma.npy: its header is none of NumPy's"),
    ("wrong-twice.npz", "array sigma.npy: its header is none of NumPy's"),
    ("wrong-number.npz", "array sigma.npy: its header is none of NumPy's"),
    ("wrong-sums.pkl", "it holds sums (raw_mean, raw_cov) without their number, num_items"),
    ("wrong-list.pkl", "but a Python pickle that is no dictionary of arrays"),
    ("wrong-two.pkl", "bytes follow it, and one pickle per file is read"),
    ("wrong-torch.pt", "but a zip archive without arrays of NumPy"),
    ("expected.safetensors", "but tensors of another program (safetensors)"),
  ])
  func `what is no statistics is refused in one sentence`(name: String, words: String) throws {
    let sentence = refusal(try Self.file(name))
    #expect(sentence.hasPrefix(name) && sentence.contains(words), "\(sentence)")
  }

  @Test(arguments: [
    "fid.npz", "compressed.npz", "pickle-2.pkl", "pickle-4.pkl", "pickle-5.pkl", "ada.pkl",
    "mu.npy",
  ])
  func `a file that is cut off anywhere is refused, and one with changed bytes does no harm`(
    name: String
  ) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.file(name)))
    for count in stride(from: 0, to: bytes.count, by: 3) {
      let url = try folder.write(bytes.prefix(count), to: name)
      let sentence = refusal(url)
      #expect(sentence.hasPrefix(name), "\(sentence)")
      #expect(sentence != "no error", "\(count) bytes")
    }
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<bytes.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      let sentence = refusal(try folder.write(changed, to: name))
      #expect(!sentence.hasPrefix("another error"), "\(sentence)")
    }
  }

  @Test func `a small archive that unpacks to gigabytes is refused before it does`() throws {
    // A stored entry cannot claim more than its bytes; a deflated one claims what it says.
    var bytes = [UInt8](try Data(contentsOf: Self.file("compressed.npz")))
    let directory = try #require(
      bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 0x01, 0x02]) })
    bytes.replaceSubrange(directory + 24..<directory + 28, with: [0, 0, 0, 0x60])
    let sentence = refusal(try folder.write(bytes, to: "bomb.npz"))
    #expect(sentence.contains("unpack to more than"), "\(sentence)")
  }

  // MARK: - Lethe's own files

  @Test func `what is written is read back, and no file is overwritten unasked`() throws {
    let url = folder.url.appending(path: "reference.safetensors")
    for sha256 in ["0f", nil] {
      let statistics = try own(sha256: sha256)
      try statistics.write(to: url, replacing: true)
      let read = try ReferenceStatistics.read(url)
      #expect(read.mean.hasSameBits(as: statistics.mean))
      #expect(read.covariance.hasSameBits(as: statistics.covariance))
      #expect(read.count == 50 && read.source == "the training pictures" && read.notes.isEmpty)
      #expect(read.features == statistics.features)
    }
    #expect(throws: CheckpointError.alreadyExists(path: url.path)) { try own().write(to: url) }
    #expect(try folder.contents == ["reference.safetensors"])
  }

  @Test func `a file of lethe's that is damaged or says too little is refused`() throws {
    let (mean, covariance) = try Self.expected()
    let url = folder.url.appending(path: "own.safetensors")
    try own().write(to: url)
    let bytes = [UInt8](try Data(contentsOf: url))
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let sentence = refusal(try folder.write(bytes.prefix(count), to: "cut.safetensors"))
      #expect(sentence.hasPrefix("cut.safetensors"), "\(sentence)")
    }
    for place in stride(from: 0, to: bytes.count, by: 5) {
      var changed = bytes
      changed[place] ^= 1
      let url = try folder.write(changed, to: "changed.safetensors")
      let sentence = refusal(url)
      guard sentence == "no error" else {
        #expect(sentence.hasPrefix("changed.safetensors"), "byte \(place): \(sentence)")
        continue
      }
      // A changed name of a checksum takes the check away, and nothing else.
      let read = try ReferenceStatistics.read(url)
      #expect(read.mean.hasSameBits(as: mean) && read.covariance.hasSameBits(as: covariance))
      #expect(try read.features == own().features && read.count == 50)
    }
    func sentence(_ record: String?, kind: String? = "reference_statistics") throws -> String {
      var metadata: [String: String] = [:]
      metadata["lethe.kind"] = kind
      metadata["lethe.statistics"] = record
      let url = folder.url.appending(path: "other.safetensors")
      try SafetensorsFile(
        tensors: ["mean": mean, "covariance": covariance], metadata: metadata
      ).write(to: url, replacing: true)
      return refusal(url)
    }
    let good =
      #"{"version":1,"extractor":"A","weights_sha256":null,"preprocessing":{},"count":50,"#
      + #""source":"s","covariance":"N - 1"}"#
    #expect(try sentence(good) == "no error")
    #expect(try sentence(nil).contains("does not say what its statistics are of"))
    #expect(try sentence(good, kind: "gan").contains("a file of lethe for something else (gan)"))
    for (field, words) in [
      (#""version":1"#, "of version 2, this lethe reads version 1"),
      (#""extractor":"A""#, "without the text 'extractor'"),
      (#""preprocessing":{}"#, "without the field 'preprocessing'"),
      (#""count":50"#, "without the number 'count'"),
      (#""source":"s""#, "without the text 'source'"),
      (#""covariance":"N - 1""#, "without the text 'covariance'"),
    ] {
      let changed = field == #""version":1"# ? #""version":2"# : #""left_out":0"#
      #expect(try sentence(good.replacing(field, with: changed)).contains(words), "\(field)")
    }
    #expect(
      try sentence(good.replacing("N - 1", with: "N")).contains("over N, expected N - 1"))
    #expect(try sentence(good.replacing("50", with: "1")).contains("are of 1 pictures"))
  }

  @Test func `numbers that are no statistics are refused by what is wrong`() throws {
    let (mean, covariance) = try Self.expected()
    func sentence(_ mean: Tensor, _ covariance: Tensor) -> String {
      do throws(ExtractorError) {
        _ = try ReferenceStatistics(
          mean: mean, covariance: covariance, count: 50, source: "here",
          features: .init(name: "A", weightsSHA256: nil, preprocessing: "{}"))
        return "no error"
      } catch { return "\(error)" }
    }
    func replacing(_ tensor: Tensor, _ place: Int, _ value: Double) -> Tensor {
      var values = tensor.array(of: Double.self)
      values[place] = value
      return Tensor(values, shape: tensor.shape)
    }
    #expect(sentence(mean, covariance) == "no error")
    #expect(
      sentence(replacing(mean, 2, .nan), covariance)
        == "here: the mean holds numbers that are not finite; make the statistics again, from the "
        + "pictures themselves")
    #expect(
      sentence(mean, replacing(covariance, 2, .infinity)).contains("covariance holds numbers"))
    #expect(
      sentence(mean, replacing(covariance, 7, -1)).contains("negative number on its diagonal"))
    #expect(sentence(mean, replacing(covariance, 6, 0.5)).contains("is not symmetric"))
    #expect(
      sentence(mean.sliced(0..<5), covariance).contains(
        "the covariance has shape [6, 6], expected [5, 5]"))
    #expect(sentence(mean.reshaped([1, 6]), covariance).contains("the mean has shape [1, 6]"))
  }

  @Test func `statistics of another network are refused by what differs`() throws {
    func sentence(
      _ name: String, _ sha256: String?, _ words: String, width: Int = 6
    ) throws -> String {
      let statistics = try own()
      do throws(ExtractorError) {
        try statistics.requireFeatures(
          .init(name: name, weightsSHA256: sha256, preprocessing: words), width: width,
          file: "f.safetensors")
        return "no error"
      } catch { return "\(error)" }
    }
    let size = #"{"size":32}"#
    #expect(try sentence("LeNet5", "ab", size) == "no error")
    #expect(try sentence("LeNet5", nil, size) == "no error")
    #expect(
      try sentence("VGG16", "ab", size)
        == "f.safetensors holds statistics of features of LeNet5, asked for are those of VGG16; make "
        + "statistics of the same pictures with that network, or name the network of the file")
    #expect(try sentence("LeNet5", "cd", size).contains("LeNet5 with the weights ab, asked"))
    #expect(try sentence("LeNet5", "ab", #"{"size":64}"#).contains(#"prepared by {"size":32}"#))
    #expect(try sentence("LeNet5", "ab", size, width: 84).contains("length 6, asked for"))
    let foreign = try ReferenceStatistics.read(Self.file("fid.npz"))
    #expect(throws: ExtractorError.self) {
      try foreign.requireFeatures(
        .init(name: "A", weightsSHA256: nil, preprocessing: "{}"), width: 2048, file: "fid.npz")
    }
  }

  @Test func `a network read from a file names its features`() throws {
    let (files, network) = (try ExtractorFiles(), ExtractorFiles.layered[1])
    let extractor = try FeatureExtractorFormats.read(files.write(network.tensors))
    let features = extractor.statisticsFeatures
    #expect(features.name == extractor.name)
    #expect(features.weightsSHA256 == extractor.weights.provenance.sha256)
    let url = folder.url.appending(path: "own.safetensors")
    let (mean, covariance) = try Self.expected()
    try ReferenceStatistics(
      mean: mean, covariance: covariance, count: 50, source: "s", features: features
    ).write(to: url)
    try ReferenceStatistics.read(url).requireFeatures(features, width: 6, file: "own")
  }
}
