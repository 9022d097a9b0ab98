import Checkpoints
import Classifiers
import Extractors
import Foundation
import Judging
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// What files make a feature extractor, and what is recorded of it.
@Suite struct FeatureExtractorReadingTests {
  private let files: ExtractorFiles

  init() throws { files = try ExtractorFiles() }

  @Test func `any judge is an extractor, under its network's name`() throws {
    let judge = LeNet5()
    try judge.parameters.load(HashedWeights.tensors(of: judge.parameters), file: "weights")
    let url = files.folder.url.appending(path: "judge.safetensors")
    try judge.write(to: url)
    let read = try FeatureExtractorFormats.read(url)
    #expect(read.frechetName == "fd-lenet5" && read.featureCount == 84)
    let pictures = read.preprocessing.prepared(ExtractorFiles.pictures, from: .zeroToOne)
    #expect(read.features(pictures).hasSameBits(as: judge.features(pictures)))
  }

  @Test func `EfficientNet-Lite0's features have a name of their own`() throws {
    let url = files.folder.url.appending(path: "efficientnet.safetensors")
    try EfficientNetLite0(labels: .numberedClasses(2)).write(to: url)
    let read = try FeatureExtractorFormats.read(url)
    #expect(read.frechetName == "fd-efficientnet-lite0" && read.featureCount == 1280)
    #expect(read.preprocessing == EfficientNetLite0.preprocessing)
  }

  @Test func `settings beside a judge's file are followed`() throws {
    let network = ResNet(
      ResNetConfiguration(
        blockCounts: [1, 1, 1, 1], hasBottlenecks: false, width: 8, channels: 8),
      labels: .numberedClasses(3), preprocessing: Preprocessing(size: 64, channels: 3))
    network.parameters.initialise(using: RandomGenerator(seed: 1))
    let url = files.folder.url.appending(path: "judge.safetensors")
    try network.write(to: url)
    try Data(#"{"preprocessing": {"size": 48}}"#.utf8).write(to: JudgeSettings.place(of: url))
    #expect(try FeatureExtractorFormats.read(url).preprocessing.size == 48)
  }

  @Test func `settings beside a network that is no judge are refused`() throws {
    let url = try files.write(ExtractorFiles.layered[2].tensors)
    let place = JudgeSettings.place(of: url)
    try Data(#"{"preprocessing": {"size": 48}}"#.utf8).write(to: place)
    let words = try ExtractorFiles.refusal { _ = try FeatureExtractorFormats.read(url) }
    #expect(words.hasPrefix("\(place.path), the settings of the judge beside it, cannot be"))
  }

  @Test func `a record holds the way of pictures and the fingerprint of the weights`() throws {
    let url = try files.write(ExtractorFiles.inception(.fid))
    let read = try FeatureExtractorFormats.read(url)
    let weights = try Provenance(of: url, role: "features")
    #expect(read.weights.provenance == weights)
    let json = read.json
    #expect(json["weights"]?["sha256"]?.string == weights.sha256)
    #expect(json["weights"]?["public_file"] == .null)
    #expect(json["preprocessing"]?["size"]?.integer == 299)
    #expect(json["preprocessing"]?["antialias"]?.bool == false)
    #expect(json["feature_count"]?.integer == 256)
    #expect(
      read.method
        == "features of Inception-2015-12-05 of width 4, weights \(weights.sha256.prefix(8)), "
        + "pictures in 8 bits of 299x299, not antialiased")
  }

  @Test func `only the weights that define the FID give one`() throws {
    // The layout alone does not make it.
    let read = try FeatureExtractorFormats.read(
      files.write(ExtractorFiles.inception(.fid), name: "pt_inception-2015-12-05-6726825d"))
    #expect(read.frechetName == "fd-inception-2015-12-05-of-width-4")
    let fid = try #require(
      InceptionV3Format().publicFiles.first { $0.frechetName == "fid" })
    #expect(fid.matches("6726825d" + String(repeating: "0", count: 56)))
    #expect(!fid.matches("0" + String(repeating: "6726825d", count: 7)))
    let names = FeatureExtractorFormats.all.flatMap(\.publicFiles).map(\.digestStart)
    #expect(Set(names).count == names.count && names.count == 8)
  }

  @Test func `a file with nothing of that kind is refused with what would be`() throws {
    let url = try files.write(["encoder.weight": Tensor.zeros([2, 2])])
    let words = try ExtractorFiles.refusal { _ = try FeatureExtractorFormats.read(url) }
    #expect(words.hasPrefix("\(url.path) holds no network whose features lethe knows: its tensors"))
    for key in [
      "encoder.weight", "Conv2d_1a_3x3.conv.weight", "fc.weight of 1008 rows",
      "pt_inception-2015-12-05-6726825d.pth",
      "VGG16 with features.0.weight to features.28.weight and classifier.0.weight, "
        + "classifier.3.weight", "features.10.weight", "features.12.expand3x3.weight",
      "a judge that lethe knows",
    ] { #expect(words.contains(key)) }
    let text = try files.folder.write("no weights".utf8, to: "text.pth")
    #expect(throws: CheckpointError.self) { try FeatureExtractorFormats.read(text) }
    let missing = files.folder.url.appending(path: "missing.pth")
    #expect(throws: CheckpointError.missing(path: missing.path)) {
      try FeatureExtractorFormats.read(missing)
    }
  }

  @Test func `a relative of a judge is refused in the judge's words`() throws {
    var tensors = LeNet5().parameters.named()
    tensors["fc.f8.weight"] = Tensor.zeros([1])
    let url = try files.write(tensors)
    let words = try ExtractorFiles.refusal { _ = try FeatureExtractorFormats.read(url) }
    #expect(words.contains("it holds a tensor fc.f8.weight that LeNet5 does not have"))
  }

  @Test func `two networks in one file are refused`() throws {
    var tensors = StateDict()
    tensors.merge(ExtractorFiles.layered[2].tensors, under: "model")
    tensors.merge(ExtractorFiles.layered[2].tensors, under: "net")
    let url = try files.write(tensors)
    #expect(
      throws: ExtractorError.several(
        file: url.path, what: "networks", places: ["model", "net"])
    ) { try FeatureExtractorFormats.read(url) }
    var twice = ExtractorFiles.layered[2].tensors
    twice["module.features.0.weight"] = twice["features.0.weight"]
    let words = try ExtractorFiles.refusal {
      _ = try FeatureExtractorFormats.read(files.write(twice, name: "twice"))
    }
    #expect(words.contains("holds 2 tensors named features.0.weight"))
  }
}
