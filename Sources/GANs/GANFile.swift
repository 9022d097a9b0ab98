public import Checkpoints
public import Foundation
public import Torch
public import TorchNN

/// A GAN as a file holds it: networks by name, sizes inferred from shapes, every key accounted for.
///
/// Reads Lethe's own snapshots, the public `.pt` checkpoints (`g`, `d`, `g_ema`, `g_optim`,
/// `d_optim`), and bare generators. No network is made yet; see ``GANModel/init(_:options:start:device:)``.
public struct GANFile {
  /// The treatment of one tensor of the file.
  public struct Account: Sendable, Equatable {
    /// The name in the file.
    public var key: String
    /// Its sizes.
    public var shape: [Int]
    /// Its destination, or the reason why it was skipped.
    public var fate: String
    /// Whether it was left alone, for the reason that ``fate`` gives.
    public var isSkipped: Bool
  }

  /// The moments of Adam that a file holds for one network.
  public struct OptimiserRecord {
    /// The constants, if the file has them; they override ours.
    public var options: Adam.Options?
    /// The running means of gradients, by parameter.
    public var firstMoments: StateDict
    /// The running means of their squares, by parameter.
    public var secondMoments: StateDict
    /// The steps taken.
    public var stepCount: Int
  }

  /// The weights of the two penalties; nil where the file does not say.
  public struct Regularisation: Sendable, Equatable {
    /// The weight of R1.
    public var r1Weight: Double?
    /// The weight of the path length penalty.
    public var pathLengthWeight: Double?

    /// The two fields of a snapshot's record, whatever else that version of Lethe recorded.
    private struct Record: Decodable {
      var r1Weight: Double?
      var pathLengthWeight: Double?
    }

    /// From a snapshot's record, or the public scripts' `args`.
    init(_ checkpoint: Checkpoint) throws {
      let training = try checkpoint.value(at: SnapshotKey.training)?.text
        .map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
      r1Weight = training?.r1Weight ?? checkpoint.value(at: "args.r1")?.number
      pathLengthWeight =
        training?.pathLengthWeight ?? checkpoint.value(at: "args.path_regularize")?.number
    }
  }

  /// The file's path, for messages.
  public var path: String
  /// The sizes of the networks.
  public var configuration: any GANConfiguration
  /// The pictures' range, where the file records it: public checkpoints do not.
  public let recordedPixelRange: PixelRange?
  /// The pictures' range, which every network made of the file has: what is recorded, else -1..1,
  /// unless somebody who knows better sets it.
  public var pixelRange: PixelRange
  /// The generator that gradients change (`g`).
  public var generator: StateDict?
  /// The generator's moving average (`g_ema`).
  public var generatorEMA: StateDict?
  /// The discriminator (`d`).
  public var discriminator: StateDict?
  /// Adam of the generator.
  public var generatorOptimiser: OptimiserRecord?
  /// Adam of the discriminator.
  public var discriminatorOptimiser: OptimiserRecord?
  /// The state of the run that wrote the file, for resuming.
  public var training: StateDict
  /// The regularisation that the file was trained with, where it says so.
  public var regularisation: Regularisation
  /// Every tensor of the file.
  public var accounts: [Account]
  /// Where the tensors' elements are.
  private let checkpoint: Checkpoint

  /// Throws if the file has been written to since it was opened.
  ///
  /// Large tensors are the file's own bytes; call this after copying them.
  ///
  /// - Throws: `CheckpointError/changed(path:)`.
  public func requireUnchanged() throws { try checkpoint.requireUnchanged() }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: a snapshot of Lethe or a foreign checkpoint; the content decides, not the name.
  ///   - architectures: what it may be, at least one; the first that accepts the tensors is taken.
  /// - Returns: its GAN.
  /// - Throws: `CheckpointError` if the file cannot be read, ``GANFileError`` if it is no GAN.
  public static func read(_ url: URL, as architectures: [any Architecture]) throws -> GANFile {
    try GANFile(Checkpoint.read(url), as: architectures, path: url.path)
  }

  /// Interprets a checkpoint that has been read.
  ///
  /// - Parameters:
  ///   - checkpoint: tensors and values by dotted name.
  ///   - architectures: what it may be, at least one; the first that accepts the tensors is taken.
  ///   - path: what to call it in an error.
  /// - Throws: ``GANFileError`` if it is no GAN, or holds tensors that nothing accounts for.
  public init(
    _ checkpoint: Checkpoint, as architectures: [any Architecture], path: String
  ) throws {
    self.path = path
    self.checkpoint = checkpoint
    let tensors = try GANTensors.read(checkpoint, as: architectures, path: path)
    configuration = tensors.configuration
    generator = tensors[.generator]
    generatorEMA = tensors[.generatorEMA]
    discriminator = tensors[.discriminator]
    training = tensors[.training] ?? [:]
    accounts = tensors.accounts
    regularisation = try Regularisation(checkpoint)
    recordedPixelRange = checkpoint.value(at: SnapshotKey.pixelRange)?.text
      .flatMap(PixelRange.init(rawValue:))
    pixelRange = recordedPixelRange ?? .minusOneToOne
    generatorOptimiser = try tensors.optimiser(
      .generatorAdam, parameters: configuration.generatorParameterNames,
      checkpoint: checkpoint)
    discriminatorOptimiser = try tensors.optimiser(
      .discriminatorAdam, parameters: configuration.discriminatorParameterNames,
      checkpoint: checkpoint)
  }
}

/// The keys of a snapshot's metadata.
enum SnapshotKey {
  static let kind = "lethe.kind"
  static let ganKind = "gan"
  static let pixelRange = "lethe.pixel_range"
  static let optimiser = "lethe.optimiser"
  static let training = "lethe.training"
}

/// A file that is no GAN that Lethe can use.
public enum GANFileError: Error, Equatable, CustomStringConvertible {
  /// No generator among the tensors.
  case noGenerator(file: String, keys: [String])
  /// No discriminator, which training needs.
  case noDiscriminator(file: String)
  /// Shapes that no network of an architecture has.
  case unknownArchitecture(file: String, architecture: String, reason: String)
  /// A tensor that nothing accounts for.
  case unexpectedTensor(file: String, key: String, shape: [Int])
  /// A blur kernel other than [1, 3, 3, 1].
  case foreignKernel(file: String, key: String)
  /// An optimiser whose count of steps is something else.
  case noStepCount(file: String, key: String)

  /// One sentence that names the file, what was expected and the way out.
  public var description: String {
    switch self {
    case .noGenerator(let file, let keys):
      "\(file) holds no StyleGAN2 generator: expected tensors such as g_ema.style.1.weight, found "
        + (keys.isEmpty ? "none" : keys.prefix(5).joined(separator: ", "))
        + "; inspecting the file lists what is there"
    case .noDiscriminator(let file):
      "\(file) holds a generator but no discriminator (d.*); adapting and unlearning train both, so "
        + "take the full training checkpoint"
    case .unknownArchitecture(let file, let architecture, let reason):
      "\(file) is no \(architecture): \(reason)"
    case .unexpectedTensor(let file, let key, let shape):
      "\(file): the tensor \(key) \(shape) belongs to no part that lethe knows; inspecting the "
        + "file lists what is there"
    case .foreignKernel(let file, let key):
      "\(file): \(key) is not the blur kernel [1, 3, 3, 1] that lethe resamples with"
    case .noStepCount(let file, let key):
      "\(file): \(key) is no count of steps"
    }
  }
}
