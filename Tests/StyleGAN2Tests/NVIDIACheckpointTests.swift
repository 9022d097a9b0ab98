import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN

/// The files of NVIDIA's programs, as PyTorch writes them (Scripts/fixtures/make_nvidia.py).
@Suite struct NVIDIACheckpointTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  }

  private static func read(_ name: String, ofClass: Int? = nil) throws -> GANFile {
    try GANFile.read(url(name), as: [.styleGAN2], ofClass: ofClass)
  }

  /// What reading throws, without the folder in front of the file's name.
  private static func message(_ name: String, ofClass: Int? = nil) -> String {
    do {
      _ = try read(name, ofClass: ofClass)
      return "no error"
    } catch {
      return "\(error)".replacing(/^\S*\//, with: "")
    }
  }

  /// Numbers of PyTorch, by their names in the file.
  private struct Numbers {
    let tensors: StateDict
    let prefix: String

    init(_ name: String, ofClass: Int? = nil) throws {
      tensors = try SafetensorsFile.read(NVIDIACheckpointTests.url(name)).tensors
      prefix = ofClass.map { "\($0)." } ?? ""
    }

    func callAsFunction(_ key: String) throws -> Tensor {
      try #require(tensors[prefix + key] ?? tensors[key])
    }
  }

  /// The largest difference, in units of the largest element.
  private func error(_ actual: Tensor, _ expected: Tensor) -> Double {
    actual.largestDifference(from: expected) / expected.abs().max().item()
  }

  /// Compares styles, pictures and logits with PyTorch's.
  private func expectParity(_ file: GANFile, _ numbers: Numbers) throws {
    let z = try numbers("z")
    let generator = try file.makeGenerator()
    let discriminator = try #require(try file.makeDiscriminator())
    let mean = try #require(file.meanStyle)
    #expect(try mean.reshaped([16]).hasSameBits(as: numbers("w_avg")))
    let raw = try GANModel(file, options: TrainingOptions(), start: .raw).generator
    let truncation = Truncation(psi: 0.7, toward: mean)
    let made = withoutGradients {
      let pictures = generator(z, noise: .fixed)
      return [
        ("w", generator.styles(z)), ("image", pictures), ("raw", raw(z, noise: .fixed)),
        ("truncated", PictureMaker(generator, truncation: truncation).make(z).pictures),
        ("logit", discriminator(pictures)),
      ]
    }
    for (name, tensor) in made {
      #expect(error(tensor, try numbers(name)) < 1e-5, "\(name)")
    }
    // A generator that would not listen to its latents or its noise passes no test by chance.
    #expect(try error(numbers("raw"), numbers("image")) > 0.1)
  }

  // MARK: Parity

  @Test func `networks of NVIDIA's make PyTorch's pictures and logits`() throws {
    let file = try Self.read("nvidia.pkl")
    #expect(
      file.configuration.isEqual(
        to: NetworkConfiguration(size: 16, latentSize: 16, mappingDepth: 4, channelCap: 16)))
    try expectParity(file, Numbers("nvidia.expected.safetensors"))
  }

  @Test(arguments: 0..<3)
  func `networks that are told a class make PyTorch's pictures of it`(ofClass: Int) throws {
    let file = try Self.read("nvidia-classes.pkl", ofClass: ofClass)
    try expectParity(file, Numbers("nvidia-classes.expected.safetensors", ofClass: ofClass))
  }

  @Test(arguments: 0..<3)
  func `a conditional generator makes PyTorch's pictures of each class`(told: Int) throws {
    let file = try Self.read("nvidia-classes.pkl")
    #expect(
      file.configuration.isEqual(
        to: NetworkConfiguration(
          size: 16, latentSize: 16, mappingDepth: 2, channelCap: 8, classCount: 3)))
    let numbers = try Numbers("nvidia-classes.expected.safetensors", ofClass: told)
    let z = try numbers("z")
    let count = z.shape[0]
    // The largest number tells the class, whatever it is.
    let others = RandomGenerator(seed: 1).normal([count, 3]) + -10.0
    let chosen = Tensor(
      (0..<3 * count).map { Float($0 % 3 == told ? 0 : -20) }, shape: [count, 3])
    let input = Tensor.concatenated([z, others.maximum(chosen)], dimension: 1)
    let generator = try file.makeGenerator()
    // Our own file is conditional, too, and gives up a class as well.
    let copy = folder.url.appending(path: "all.safetensors")
    try file.export(to: copy, options: GANFile.ExportOptions())
    let ours = try GANFile.read(copy, as: [.styleGAN2], ofClass: told)
    #expect(ours.configuration.classCount == 0)
    let own = try ours.makeGenerator()
    let made = withoutGradients {
      [
        ("w", generator.styles(input)), ("image", generator(input, noise: .fixed)),
        ("image", own(z, noise: .fixed)),
      ]
    }
    for (name, tensor) in made {
      let difference = try error(tensor, numbers(name))
      #expect(difference < 1e-5, "\(name)")
    }
  }

  @Test func `a discriminator that is told a class says the mean of all classes`() throws {
    let pictures = RandomGenerator(seed: 2).normal([8, 3, 16, 16])
    func logits(_ ofClass: Int?) throws -> Tensor {
      let network = try Self.read("nvidia-classes.pkl", ofClass: ofClass).makeDiscriminator()
      let discriminator = try #require(network)
      return withoutGradients { discriminator(pictures) }
    }
    let each = try (0..<3).map { try logits($0) }
    let mean: Tensor = (each[0] + each[1] + each[2]) / 3.0
    let actual = try logits(nil)
    #expect(error(actual, mean) < 1e-5)
    #expect(error(each[0], each[1]) > 0.01)
  }

  @Test func `both styles of a mixed picture are of one class`() throws {
    let generator = try Self.read("nvidia-classes.pkl").makeGenerator()
    let draw = generator.draw(
      4, mixingProbability: 1, latentsFrom: RandomGenerator(seed: 3),
      noiseFrom: RandomGenerator(seed: 4))
    var mixed: Tensor?
    if case .from(layer: _, let second) = draw.mixing { mixed = second }
    let other = try #require(mixed)
    #expect(other.shape == [4, 19] && draw.latents.shape == [4, 19])
    func numbers(_ z: Tensor) -> Tensor { z.sliced(16..<19, dimension: 1) }
    func latent(_ z: Tensor) -> Tensor { z.sliced(0..<16, dimension: 1) }
    #expect(numbers(other).largestDifference(from: numbers(draw.latents)) == 0)
    #expect(latent(other).largestDifference(from: latent(draw.latents)) > 0.1)
  }

  @Test func `a generator that was pickled alone is read`() throws {
    let (bare, whole) = (try Self.read("nvidia-bare.pkl"), try Self.read("nvidia-groups.pkl"))
    #expect(bare.configuration.isEqual(to: whole.configuration))
    #expect(bare.discriminator == nil)
    #expect(bare.obstacle(to: .generating) == nil)
  }

  @Test func `a class's networks stay themselves in an exported file`() throws {
    let file = try Self.read("nvidia-classes.pkl", ofClass: 2)
    let copy = folder.url.appending(path: "two.safetensors")
    try file.export(to: copy, options: GANFile.ExportOptions())
    let z = RandomGenerator(seed: 1).normal([4, 16])
    let pictures = try [file, GANFile.read(copy, as: [.styleGAN2])].map {
      try $0.makeGenerator().pictures(ofLatents: z, noise: .fixed)
    }
    #expect(pictures[0].hasSameBits(as: pictures[1]))
  }

  // MARK: Accounts

  @Test func `every tensor is used, or skipped with a reason`() throws {
    let file = try Self.read("nvidia.pkl")
    let skipped = Set(file.accounts.filter(\.isSkipped).map(\.fate))
    #expect(
      skipped == [
        "constant: the blur kernel [1, 3, 3, 1], verified",
        "augmentation of its training, which lethe does not use",
      ])
    let fates = Dictionary(file.accounts.map { ($0.key, $0.fate) }) { first, _ in first }
    #expect(fates["G_ema.mapping.w_avg"] == "generatorEMA: mean style, for truncation")
    #expect(fates["G.synthesis.b16.conv0.noise_const"] == "generator: noises.noise_3")
    #expect(fates["D.b16.conv1.weight"] == "discriminator: convs.1.conv2.1.weight")
    for use in [GANFile.Use.generating, .training, .exporting] {
      #expect(file.obstacle(to: use) == nil)
    }
  }

  @Test func `what the file's users should know is noted`() throws {
    func notes(_ name: String, ofClass: Int? = nil) throws -> [String] {
      try Self.read(name, ofClass: ofClass).notes.map {
        $0.sentence.replacing(/^\S*\//, with: "")
      }
    }
    let common = try notes("nvidia.pkl")
    #expect(
      common == [
        "nvidia.pkl holds no states of optimisers, as no file of NVIDIA's programs: training "
          + "starts with a new Adam",
        "nvidia.pkl: NVIDIA's programs run its high resolutions in fp16, lethe in the precision "
          + "that you ask for, fp32 by default: pictures differ by the rounding of fp16",
        "nvidia.pkl: NVIDIA's layers keep their outputs within 256 (conv_clamp), which fp16 needs; "
          + "lethe's do so in fp16 alone, and outputs beyond it stay as they are",
      ])
    #expect(
      try notes("nvidia-groups.pkl").last
        == "nvidia-groups.pkl: its discriminator was trained with standard deviations over groups "
        + "of 8 pictures, lethe takes groups of 4: its logits differ a little")
    #expect(
      try notes("nvidia-classes.pkl", ofClass: 0).last
        == "nvidia-classes.pkl: 2 layers of its discriminator were frozen in its training; lethe "
        + "trains all of them")
  }

  @Test func `the source within a file is not run and not shown`() throws {
    let checkpoint = try Checkpoint.read(Self.url("nvidia.pkl"))
    #expect(!FileManager.default.fileExists(atPath: "lethe-ran-a-pickle"))
    #expect(checkpoint.format == .pickle)
    #expect(checkpoint.value(at: "G_ema.class_name") == .text("Generator"))
    #expect(
      checkpoint.value(at: "G_ema._init_kwargs.synthesis_kwargs.channel_max") == .integer(16))
    #expect(checkpoint.value(at: "training_set_kwargs.extra.resolution") == .integer(16))
    #expect(!checkpoint.values.contains { "\($0.value)".contains("lethe-ran-a-pickle") })
    let reasons = checkpoint.skipped.map { "\($0.path): \($0.reason)" }
    #expect(reasons.count == 1 && reasons[0].hasPrefix("module_src: the Python source of"))
  }

  // MARK: Refusals

  @Test func `a class is chosen where there are classes, and only there`() {
    #expect(
      Self.message("nvidia-classes.pkl", ofClass: 3)
        == "nvidia-classes.pkl: its networks know no class 3; expected 0 to 2")
    #expect(Self.message("nvidia-classes.pkl", ofClass: -1).contains("no class -1"))
    #expect(
      Self.message("nvidia.pkl", ofClass: 0)
        == "nvidia.pkl: its networks are told no classes, so that class 0 cannot be chosen; leave "
        + "the choice out")
  }

  @Test func `other networks are refused by what they are`() {
    let kind = "is no StyleGAN2 of NVIDIA's that lethe knows"
    #expect(
      Self.message("nvidia-stylegan3.pkl")
        == "nvidia-stylegan3.pkl \(kind): G_ema is a generator of StyleGAN3 "
        + "(synthesis.input.weight), expected blocks such as synthesis.b4; take a model that was "
        + "trained with --cfg=stylegan2")
    #expect(
      Self.message("nvidia-orig.pkl")
        == "nvidia-orig.pkl \(kind): D is a discriminator of the architecture \"orig\", and "
        + "lethe's is \"resnet\"; take a model that was trained with that one, the default of "
        + "NVIDIA's programs")
    #expect(
      Self.message("nvidia-tensorflow.pkl")
        == "nvidia-tensorflow.pkl: not a checkpoint but a network of TensorFlow "
        + "(dnnlib.tflib.network.Network); legacy.py of stylegan2-ada-pytorch makes one of PyTorch "
        + "of it; expected safetensors, what torch.save writes, or NVIDIA's .pkl")
  }

  /// Files with a word or number changed, of the same length.
  @Test(arguments: [
    ("skip", "orig", "G_ema is a generator of the architecture \"orig\""),
    ("lrelu", "swish", "conv1.activation is \"swish\", and lethe's is \"lrelu\""),
    ("Generator", "Generatox", "G_ema is a network of class Generatox"),
    ("num_channels", "num_channelz", "D appends no maps of the minibatch's standard deviation"),
    ("bias_gain", "bias_gaim", "bias_gain is missing, expected a number above 0"),
    ("noise_strength", "noise_strangth", "noise_strangth [] belongs to no part that lethe knows"),
  ])
  func `a network with another detail is refused by it`(
    word: String, other: String, reason: String
  ) throws {
    var bytes = try Data(contentsOf: Self.url("nvidia-groups.pkl"))
    var start = bytes.startIndex
    // With its length before it, so that no longer word is changed.
    let (found, changed) = ([UInt8(word.utf8.count)] + word.utf8, Data(other.utf8))
    while let range = bytes[start...].firstRange(of: found) {
      bytes.replaceSubrange(range.dropFirst(), with: changed)
      start = range.upperBound
    }
    let url = try folder.write(bytes, to: "changed.pkl")
    let thrown = #expect(throws: (any Error).self) { try GANFile.read(url, as: [.styleGAN2]) }
    let text = "\(try #require(thrown))"
    #expect(text.contains(reason), "\(text)")
  }

  @Test func `a file with wrong bytes gives networks or an error`() throws {
    let whole = try [UInt8](Data(contentsOf: Self.url("nvidia-groups.pkl")))
    let random = RandomGenerator(seed: 5)
    let places = random.uniform([100, 2]).array(of: Float.self)
    var (readCount, refusedCount) = (0, 0)
    for index in 0..<100 {
      var bytes = whole
      bytes[Int(places[2 * index] * Float(bytes.count - 1))] = UInt8(places[2 * index + 1] * 255)
      let url = try folder.write(Data(bytes), to: "file.pkl")
      do {
        let file = try GANFile.read(url, as: [.styleGAN2])
        _ = GANFile.Use.allCases.map { file.obstacle(to: $0) }
        readCount += 1
      } catch is CheckpointError {
        refusedCount += 1
      } catch is GANFileError {
        refusedCount += 1
      } catch is TorchError {
        refusedCount += 1
      }
    }
    #expect(readCount > 0 && refusedCount > 0)
  }
}

extension Range where Bound == Int {
  /// Without the first element.
  fileprivate func dropFirst() -> Range<Int> { lowerBound + 1..<upperBound }
}
