public import Checkpoints
import Classifiers
public import Foundation
public import GANs
public import Judging
public import Torch
import TorchNN

/// The content of a checkpoint, and the use that Lethe makes of every part.
public struct Inspection {
  /// What the file is.
  public enum Content {
    /// A GAN.
    case gan(GANFile)
    /// A judge.
    case classifier(Judge)
    /// Neither, for these reasons.
    case unknown([String])
  }

  /// One tensor of the file.
  public struct Entry {
    /// Its name in the file.
    public var key: String
    /// The type of its elements.
    public var scalarType: ScalarType
    /// Its sizes.
    public var shape: [Int]
    /// Where it goes, or why it does not.
    public var fate: String
    /// Whether it is left alone.
    public var isSkipped: Bool
  }

  /// The file.
  public let path: String
  /// Its tensors and values.
  public let checkpoint: Checkpoint
  /// What they are.
  public let content: Content
  /// Every tensor, in the order of the file.
  public let entries: [Entry]
  /// What a GAN's file can be used for; the obstacle is the error that a use would end with.
  public let uses: [(use: GANFile.Use, obstacle: (any Error)?)]

  /// Reads a file; one that is no GAN and no judge is described all the same.
  ///
  /// - Parameter url: the file.
  /// - Throws: `CheckpointError` if it is no checkpoint.
  public init(_ url: URL) throws {
    path = url.path
    let checkpoint = try Checkpoint.read(url)
    let content = Self.interpret(checkpoint, url)
    let fates = Self.fates(content)
    self.checkpoint = checkpoint
    self.content = content
    uses = Self.uses(content)
    entries = checkpoint.tensors.map { key, tensor in
      let (fate, isSkipped) = fates[key] ?? Self.fate(of: key, in: content)
      return Entry(
        key: key, scalarType: tensor.scalarType, shape: tensor.shape, fate: fate,
        isSkipped: isSkipped)
    }
  }

  private static func interpret(_ checkpoint: Checkpoint, _ url: URL) -> Content {
    var reasons: [String] = []
    do {
      return .gan(try GANFile(checkpoint, as: .known, path: url.path))
    } catch {
      reasons.append("no GAN: \(reason(error))")
    }
    do {
      return .classifier(try Judge.read(url))
    } catch {
      reasons.append("no judge: \(reason(error))")
    }
    return .unknown(reasons)
  }

  /// Without the advice to inspect the file, which is just what happens.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case GANFileError.noGenerator: "no generator among the tensors"
    case GANFileError.unexpectedTensor(_, let key, _): "the tensor \(key) belongs to no part of one"
    case ClassifierError.notAClassifier(_, let reason, let expected):
      "\(reason); expected \(expected.joined(separator: ", or "))"
    default: "\(error)"
    }
  }

  private static func fates(_ content: Content) -> [String: (String, Bool)] {
    guard case .gan(let file) = content else { return [:] }
    return Dictionary(
      file.accounts.map { ($0.key, ($0.fate, $0.isSkipped)) }, uniquingKeysWith: { $1 })
  }

  private static func fate(of key: String, in content: Content) -> (String, Bool) {
    guard case .classifier(let judge) = content else {
      return ("unknown: no part of a GAN or a judge", true)
    }
    let name = WrappedName.unwrapped(key)
    guard let network = judge.network else {
      return ("classifier: \(name)", false)
    }
    let parameter = network.parameters.parameters.map(\.name)
      .first { name == $0 || name.hasSuffix(".\($0)") }
    if let parameter { return ("classifier: \(parameter)", false) }
    return BatchNormalization.isCount(name)
      ? ("batch normalisation's count of training batches, which judging does not need", true)
      : ("unknown: no part of the judge", true)
  }

  private static func uses(
    _ content: Content
  ) -> [(use: GANFile.Use, obstacle: (any Error)?)] {
    guard case .gan(let file) = content else { return [] }
    // Only a run's own files can be gone on with.
    let uses = GANFile.Use.allCases.filter { $0 != .resuming || !file.training.isEmpty }
    return uses.map { ($0, file.obstacle(to: $0)) }
  }

  /// How many classes a conditional generator tells apart; nil for one that is told none.
  public var classCount: Int? {
    guard case .gan(let file) = content, file.configuration.classCount > 0 else { return nil }
    return file.configuration.classCount
  }

  /// What the users of a GAN's file should know.
  public var notes: [String] {
    guard case .gan(let file) = content else { return [] }
    return file.notes.map(\.sentence)
  }

  /// The optimisers of a GAN, by their names in the file.
  public var optimisers: [(name: String, record: GANFile.OptimiserRecord)] {
    guard case .gan(let file) = content else { return [] }
    return [("g_optim", file.generatorOptimiser), ("d_optim", file.discriminatorOptimiser)]
      .compactMap { name, record in record.map { (name, $0) } }
  }

  /// The networks of a GAN, by their names in the file.
  public var networks: [String] {
    guard case .gan(let file) = content else { return [] }
    return [("g", file.generator), ("g_ema", file.generatorEMA), ("d", file.discriminator)]
      .filter { $0.1 != nil }.map(\.0)
  }
}
