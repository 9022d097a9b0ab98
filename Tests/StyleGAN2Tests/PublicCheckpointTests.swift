import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN

/// The layout of the public training scripts, as PyTorch writes it (Scripts/fixtures/make_gan_pt.py).
@Suite struct PublicCheckpointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  }

  private static func expected() throws -> StateDict {
    try SafetensorsFile.read(url("public.expected.safetensors")).tensors
  }

  private static func model(_ file: GANFile, _ start: GANModel.Start) throws -> GANModel {
    try GANModel(
      file, options: TrainingOptions(), start: start)
  }

  @Test(arguments: ["public.pt", "public-legacy.pt"])
  func `weights and moments land on their parameters`(name: String) throws {
    let file = try GANFile.read(Self.url(name), as: [.styleGAN2])
    #expect(
      file.configuration.isEqual(
        to: NetworkConfiguration(size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4)))
    let model = try Self.model(file, .raw)
    var actual = StateDict()
    for (part, parameters, optimiser) in [
      ("g", model.generator.parameters, model.generatorOptimiser),
      ("d", model.discriminator.parameters, model.discriminatorOptimiser),
    ] {
      actual.merge(parameters.named(), under: part)
      actual.merge(
        parameters.named(optimiser.firstMoments), under: "\(part)_optim.exp_avg")
      actual.merge(
        parameters.named(optimiser.secondMoments), under: "\(part)_optim.exp_avg_sq")
    }
    actual.merge(try Self.model(file, .average).generator.stateDict, under: "g_ema")
    let expected = try Self.expected()
    #expect(Set(actual.keys) == Set(expected.keys))
    for (key, tensor) in expected {
      #expect(try #require(actual[key]).hasSameBits(as: tensor), "\(key)")
    }
    // Moments of one parameter differ from those of any other, so that an exchange would show.
    let moments = try #require(expected["g_optim.exp_avg.style.1.weight"])
    #expect(
      !moments.hasSameBits(as: try #require(expected["g_optim.exp_avg.style.2.weight"])))
  }

  @Test(arguments: ["public.pt", "public-legacy.pt"])
  func `the optimisers go on with the file's constants and counts`(name: String) throws {
    let model = try Self.model(GANFile.read(Self.url(name), as: [.styleGAN2]), .raw)
    #expect(
      model.generatorOptimiser.options
        == Adam.Options(learningRate: 0.0011, beta1: 0.1, beta2: 0.97, epsilon: 1e-7))
    #expect(
      model.discriminatorOptimiser.options
        == Adam.Options(learningRate: 0.0012, beta1: 0.2, beta2: 0.98, epsilon: 1e-6))
    #expect(model.generatorOptimiser.stepCount == 3)
    #expect(model.discriminatorOptimiser.stepCount == 4)
  }

  @Test func `regularisation is read from the arguments of the training`() throws {
    let file = try GANFile.read(Self.url("public.pt"), as: [.styleGAN2])
    #expect(file.regularisation.r1Weight == 5.5)
    #expect(file.regularisation.pathLengthWeight == 1.25)
    #expect(file.recordedPixelRange == nil && file.pixelRange == .minusOneToOne)
    #expect(file.training.isEmpty)
  }

  @Test func `every tensor is used, or skipped with a reason`() throws {
    let url = try Self.url("public.pt")
    let file = try GANFile.read(url, as: [.styleGAN2])
    #expect(file.accounts.map(\.key) == (try Checkpoint.read(url).tensors.keys))
    let kernel = "constant: the blur kernel [1, 3, 3, 1], verified"
    let ewc =
      "elastic weight consolidation of the run that wrote the file: a new run estimates its own"
    var expected: [String: String] = [
      "g.convs_0_conv_weight_fisher": ewc, "g.convs_0_conv_weight_mean": ewc,
      "d.convs.1.conv2.0.kernel": kernel, "d.convs.1.skip.0.kernel": kernel,
      "ada_aug_p": "probability of augmentation, from which an adaptive one goes on",
    ]
    for part in ["g", "g_ema"] {
      for key in ["convs.0.conv.blur", "to_rgbs.0.upsample", "upsamples.0"] {
        expected["\(part).\(key).kernel"] = kernel
      }
    }
    let skipped = file.accounts.filter(\.isSkipped)
    #expect(
      Dictionary(uniqueKeysWithValues: skipped.map { ($0.key, $0.fate) }) == expected)
  }

  @Test func `half precision and the prefix of data-parallel training are taken`() throws {
    let generator = try GANFile.read(Self.url("public-half.pt"), as: [.styleGAN2]).makeGenerator()
    let expected = try Self.expected().under("g_ema")
    for (key, tensor) in generator.stateDict {
      #expect(tensor.scalarType == .float32)
      #expect(
        tensor.hasSameBits(as: try #require(expected[key]).to(.float16).to(.float32)), "\(key)")
    }
  }

  /// The message of the public checkpoint with other tensors.
  private func message(_ change: (inout StateDict) -> Void) throws -> String {
    let checkpoint = try Checkpoint.read(Self.url("public.pt"))
    var tensors = checkpoint.tensors
    change(&tensors)
    let url = folder.url.appending(path: "changed")
    try SafetensorsFile(tensors: tensors).write(to: url)
    do {
      _ = try Self.model(GANFile.read(url, as: [.styleGAN2]), .raw)
      return "accepted"
    } catch { return "\(error)".replacing(url.path, with: "FILE") }
  }

  @Test func `another blur kernel is refused`() throws {
    let untouched = try message { _ in }
    #expect(untouched == "accepted")
    for values in [[1, 2, 2, 1], [1, 3, 3, 1, 0]] as [[Float]] {
      let row = Tensor(values, shape: [1, values.count])
      #expect(
        try message { $0["g.upsamples.0.kernel"] = row.transposed.matmul(row) * 0.0625 }
          == "FILE: g.upsamples.0.kernel is not the blur kernel [1, 3, 3, 1] that lethe resamples "
          + "with")
    }
  }

  @Test func `step counts that are no numbers are refused`() throws {
    for step in [Tensor([Float(1), 2]), Tensor([Float.nan]), Tensor([Float(-1)]), Tensor([1e30])] {
      let message = try message { $0["g_optim.state.3.step"] = step }
      #expect(
        message
          == "FILE: g_optim.state.3.step is no count of steps")
    }
  }
}
