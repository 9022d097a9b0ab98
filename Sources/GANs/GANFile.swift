public import Checkpoints
public import Foundation
public import Torch
public import TorchNN

/// A GAN as a file holds it: networks by name, sizes inferred from shapes, every key accounted for.
///
/// Reads Lethe's own snapshots, the public `.pt` checkpoints (`g`, `d`, `g_ema`, `g_optim`,
/// `d_optim`), and bare generators. No network is made yet; see
/// ``GANModel/init(_:options:start:newDiscriminator:device:)``.
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
    /// The steps of parameters that took fewer, by parameter: torch counts for each, and R1 moves no
    /// last bias.
    ///
    /// Lethe's own Adam counts once for all; conversions hand them on.
    var fewerSteps: [String: Int] = [:]
    /// Why nobody can go on from it.
    var problem: GANFileError?

    /// Whether there are moments: an optimiser before its first step has constants alone.
    var hasMoments: Bool { !firstMoments.isEmpty || !secondMoments.isEmpty }
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
    init(_ tensors: GANTensors, _ notes: inout [Note]) throws(GANFileError) {
      let numbers = tensors.numbers
      let record: Record? = try numbers.record(at: SnapshotKey.training, path: tensors.path)
      func weight(_ recorded: Double?, _ key: String) -> Double? {
        if let recorded { return recorded }
        let found = numbers.number(at: key).unless { $0 < 0 }
        if let problem = found.problem {
          notes.append(
            Note(
              .training,
              "\(tensors.path): \(key) is \(problem): lethe's own weight counts unless you "
                + "say otherwise"))
        }
        return found.value
      }
      r1Weight = weight(record?.r1Weight, "args.r1")
      pathLengthWeight = weight(record?.pathLengthWeight, "args.path_regularize")
    }
  }

  /// Something about a file that is neither wrong nor as its users may believe.
  public struct Note: Sendable, Equatable {
    /// Whom it concerns.
    public enum Matter: Sendable {
      /// Those who make pictures with the file's own noise maps.
      case fixedNoise
      /// Those who train on from its optimisers and constants.
      case training
      /// Those who look into it.
      case content
    }

    /// Whom it concerns.
    public var matter: Matter
    /// One sentence that names the file.
    public var sentence: String

    /// A note.
    ///
    /// - Parameters:
    ///   - matter: whom it concerns.
    ///   - sentence: one sentence that names the file.
    public init(_ matter: Matter, _ sentence: String) {
      self.matter = matter
      self.sentence = sentence
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
  /// The mean style of the generator that users see, `[1, latentSize]`, where the file records one;
  /// truncation moves toward it then.
  public let meanStyle: Tensor?
  /// Adam of the generator.
  public var generatorOptimiser: OptimiserRecord?
  /// Adam of the discriminator.
  public var discriminatorOptimiser: OptimiserRecord?
  /// The state of the run that wrote the file, for resuming.
  public var training: StateDict
  /// The regularisation that the file was trained with, where it says so.
  public var regularisation: Regularisation
  /// What the file records of its descent, in JSON.
  ///
  /// From which generator it was trained to adapt to what, or to forget what. Nobody here reads it; files
  /// made of this one hand it on.
  public var lineage: String?
  /// Every tensor of the file.
  public var accounts: [Account]
  /// What its users should know.
  public let notes: [Note]
  /// Where the tensors' elements are.
  let checkpoint: Checkpoint

  /// The key of ``lineage`` among what a file records in words.
  public static let lineageKey = "lethe.lineage"

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
  ///   - ofClass: the class whose networks are wanted, where the file's are told a class: its
  ///     number, from 0. The generator makes pictures of that class alone, and the discriminator
  ///     expects them.
  /// - Returns: its GAN.
  /// - Throws: `CheckpointError` if the file cannot be read, ``GANFileError`` if it is no GAN.
  public static func read(
    _ url: URL, as architectures: [any Architecture], ofClass: Int? = nil
  ) throws -> GANFile {
    try GANFile(Checkpoint.read(url), as: architectures, ofClass: ofClass, path: url.path)
  }

  /// Interprets a checkpoint that has been read.
  ///
  /// - Parameters:
  ///   - checkpoint: tensors and values by dotted name.
  ///   - architectures: what it may be, at least one; the first that accepts the tensors is taken.
  ///   - ofClass: the class whose networks are wanted, where the file's are told a class.
  ///   - path: what to call it in an error.
  /// - Throws: ``GANFileError`` if it is no GAN, or holds tensors that nothing accounts for.
  public init(
    _ checkpoint: Checkpoint, as architectures: [any Architecture], ofClass: Int? = nil,
    path: String
  ) throws {
    self.path = path
    self.checkpoint = checkpoint
    let tensors = try GANTensors.read(
      checkpoint, as: architectures, ofClass: ofClass, path: path)
    configuration = tensors.configuration
    generator = tensors[.generator]
    generatorEMA = tensors[.generatorEMA]
    discriminator = tensors[.discriminator]
    meanStyle = tensors.meanStyles[generatorEMA == nil ? .generator : .generatorEMA]?
      .reshaped([1, configuration.latentSize])
    training = tensors[.training] ?? [:]
    accounts = tensors.accounts
    lineage = checkpoint.value(at: Self.lineageKey)?.text
    let range = checkpoint.value(at: SnapshotKey.pixelRange)?.text
    recordedPixelRange = range.flatMap(PixelRange.init(rawValue:))
    guard range == nil || recordedPixelRange != nil else {
      throw GANFileError.unreadableRecord(file: path, key: SnapshotKey.pixelRange)
    }
    pixelRange = recordedPixelRange ?? .minusOneToOne
    var notes = tensors.notes
    regularisation = try Regularisation(tensors, &notes)
    var readers = [
      OptimiserReader(.generatorAdam, of: configuration.generatorShapes, in: tensors),
      OptimiserReader(.discriminatorAdam, of: configuration.discriminatorShapes, in: tensors),
    ]
    generatorOptimiser = try readers[0].read()
    discriminatorOptimiser = try readers[1].read()
    notes += readers.flatMap(\.notes).map { Note(.training, $0) }
    if configuration.lacksNoiseMaps(generatorEMA ?? generator) {
      notes.append(
        Note(
          .fixedNoise,
          "\(path) holds no noise maps: those of fixed noise are drawn, the same ones "
            + "every time"))
    }
    self.notes = notes
  }
}

/// The keys of a snapshot's metadata.
enum SnapshotKey {
  static let kind = "lethe.kind"
  static let ganKind = "gan"
  static let pixelRange = "lethe.pixel_range"
  static let optimiser = "lethe.optimiser"
  static let training = "lethe.training"
  static let script = "lethe.script"
}
