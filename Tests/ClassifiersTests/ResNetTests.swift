import Checkpoints
import Classifiers
import Datasets
import Foundation
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Residual networks against PyTorch (Scripts/fixtures/make_resnet.py).
@Suite struct ResNetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fixture() throws -> StateDict {
    let url = try #require(
      Bundle.module.url(
        forResource: "resnet.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    return try SafetensorsFile.read(url).tensors
  }

  /// The fixture's narrow networks.
  private static let narrow: [(name: String, configuration: ResNetConfiguration, outputs: Int)] = [
    (
      "resnet18",
      ResNetConfiguration(
        blockCounts: [2, 2, 2, 2], hasBottlenecks: false, width: 8, channels: 8), 5
    ),
    (
      "resnet50",
      ResNetConfiguration(
        blockCounts: [3, 4, 6, 3], hasBottlenecks: true, width: 8, channels: 8), 3
    ),
    (
      "resnext50",
      ResNetConfiguration(
        blockCounts: [3, 4, 6, 3], hasBottlenecks: true, width: 16, groups: 4, channels: 8), 40
    ),
  ]

  private func network(_ index: Int) -> ResNet {
    let (_, configuration, outputs) = Self.narrow[index]
    return ResNet(
      configuration, labels: .numberedClasses(outputs),
      preprocessing: Preprocessing(size: 64, channels: 3))
  }

  /// Writes tensors under a prefix, with PyTorch's counts of batches among them.
  private func write(_ tensors: StateDict, prefix: String = "") throws -> URL {
    var named = StateDict()
    for (name, tensor) in tensors {
      named[prefix + name] = tensor
      if name.hasSuffix("running_var") {
        named[prefix + name.replacing("running_var", with: "num_batches_tracked")] = Tensor([
          Int64(7)
        ])
      }
    }
    let url = folder.url.appending(path: "judge.safetensors")
    try SafetensorsFile(tensors: named).write(to: url, replacing: true)
    return url
  }

  @Test(arguments: [(0, ""), (1, "model_state_dict.resnet."), (2, "state_dict.module.")])
  func `a file's network says what PyTorch's does`(index: Int, prefix: String) throws {
    let (name, configuration, outputs) = Self.narrow[index]
    let fixture = try fixture()
    let made = network(index)
    let url = try write(HashedWeights.tensors(of: made.parameters), prefix: prefix)
    let judge = try Judge.read(url)
    let read = try #require(judge.classifier as? ResNet)
    let pictures = try #require(fixture["in.pictures"])
    #expect(read.name == made.name && read.featureCount == configuration.featureCount)
    #expect(read.labels.names.count == outputs && read.labels.areClasses == (outputs != 40))
    #expect(
      read.features(pictures)
        .relativeDifference(from: try #require(fixture["\(name).features"])) < 1e-5)
    #expect(
      read.logits(pictures).largestDifference(from: try #require(fixture["\(name).logits"]))
        < 1e-4)
  }

  @Test func `the reference's heads say what PyTorch's do`() throws {
    let fixture = try fixture()
    let made = ResNetHeads(Self.narrow[1].configuration, stemWidth: 64, headWidth: 32)
    let judge = try Judge.read(
      write(HashedWeights.tensors(of: made.parameters), prefix: "modelState.module."))
    #expect(judge.classifier.name == "ResNet50 with 40 heads")
    #expect(judge.labels == .attributes(CelebAAttributes.names, threshold: 0.5))
    let pairs = try #require(fixture["heads.logits"])
    let expected = (pairs.sliced(1..<2, dimension: 2) - pairs.sliced(0..<1, dimension: 2))
      .reshaped([4, 40])
    let pictures = try #require(fixture["in.pictures"])
    #expect(judge.classifier.logits(pictures).largestDifference(from: expected) < 1e-4)
    // An attribute is there where the second score is the larger one.
    let judgement = Judgement(
      labels: judge.labels,
      probabilities: judge.classifier.logits(pictures).sigmoid(),
      features: judge.classifier.features(pictures))
    #expect(
      judgement.shows(.attribute("Bald", isPresent: true))
        == expected.sliced(4..<5, dimension: 1).array(of: Float.self).map { $0 > 0 })
  }

  @Test func `a judge of attributes is refused where classes are asked for`() throws {
    let judge = Judge(ResNetHeads(Self.narrow[1].configuration, stemWidth: 64, headWidth: 32))
    let data = Dataset(
      images: Tensor.zeros([2, 3, 8, 8], scalarType: .uint8),
      labels: .classes([0, 1], names: ["a", "b"]), path: "pictures")
    #expect(
      throws: ClassifierError.judgeOfAttributes(
        data: "pictures", names: CelebAAttributes.names)
    ) { try judge.confusion(on: data) }
  }

  @Test func `forty classes that the file names are classes`() throws {
    let network = ResNet(
      Self.narrow[2].configuration, labels: .classes((0..<40).map { "class \($0)" }),
      preprocessing: Preprocessing(size: 64, channels: 3))
    network.parameters.initialise(using: RandomGenerator(seed: 1))
    let url = folder.url.appending(path: "named.safetensors")
    try network.write(to: url)
    #expect(try Judge.read(url).labels == network.labels)
  }

  @Test func `torchvision's networks have their usual sizes and names`() {
    for (configuration, name, count) in [
      (ResNetConfiguration.resNet18, "ResNet18", 11_689_512),
      (.resNet50, "ResNet50", 25_557_032), (.resNeXt50, "ResNeXt50 32x4d", 25_028_904),
    ] {
      let network = ResNet(
        configuration, labels: .numberedClasses(1000),
        preprocessing: Preprocessing(size: 224, channels: 3))
      let trained = network.parameters.parameters.filter {
        !$0.name.contains(".running_")
      }
      #expect(network.name == name)
      #expect(trained.reduce(0) { $0 + $1.elementCount } == count)
    }
  }

  @Test func `a tensor that the network lacks, and one that is missing, are named`() throws {
    var tensors = HashedWeights.tensors(of: network(0).parameters)
    tensors["layer5.0.conv1.weight"] = Tensor.zeros([1])
    #expect(throws: ClassifierError.self) { try Judge.read(write(tensors)) }
    var short = HashedWeights.tensors(of: network(0).parameters)
    short["bn1.bias"] = nil
    let error = #expect(throws: ParameterError.self) { try Judge.read(write(short)) }
    #expect("\(try #require(error))".contains("bn1.bias"))
  }
}
