import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Torch
import TorchNN

/// Checkpoints as the public training scripts save them, from a tiny model after two iterations.
struct PublicScript {
  let model: GANModel
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let world = TrainingWorld(seed: 1)
    try world.trainer.train(until: 2)
    model = world.model
  }

  /// The constants of the optimisers in these files, as plain numbers.
  static var constants: [(String, TorchValue)] {
    [
      ("lr", .number(0.00123)), ("betas", .tuple([.number(0.1), .number(0.97)])),
      ("eps", .number(1e-7)), ("weight_decay", .integer(0)), ("amsgrad", .bool(false)),
    ]
  }

  /// The same, as Lethe has them.
  static let options = Adam.Options(learningRate: 0.00123, beta1: 0.1, beta2: 0.97, epsilon: 1e-7)

  /// Adam's `state_dict`.
  ///
  /// - Parameters:
  ///   - part: `g` or `d`.
  ///   - constants: of the one group of parameters.
  ///   - count: of the network's parameters, how many there are states of; all by default.
  ///   - key: what the state of the parameter at a position is called.
  ///   - moments: the names of the two moments.
  ///   - left: a parameter without a state.
  ///   - isFresh: whether no step has been taken, so that there are no states.
  /// - Returns: what `torch.save` gets.
  func optimiser(
    _ part: String, constants: [(String, TorchValue)] = PublicScript.constants,
    count: Int? = nil, key: (Int) -> Int = { $0 },
    moments: (String, String) = ("exp_avg", "exp_avg_sq"), leavingOut left: Int? = nil,
    isFresh: Bool = false
  ) -> TorchValue {
    let (parameters, adam) =
      part == "g"
      ? (model.generator.parameters, model.generatorOptimiser)
      : (model.discriminator.parameters, model.discriminatorOptimiser)
    let (first, second) = (
      parameters.named(adam.firstMoments), parameters.named(adam.secondMoments)
    )
    let names = first.keys.prefix(count ?? first.count)
    let states = names.enumerated().compactMap { index, name -> (TorchValue, TorchValue)? in
      guard index != left, let one = first[name], let other = second[name] else { return nil }
      return (
        .integer(key(index)),
        .named(["step": .integer(3), moments.0: .tensor(one), moments.1: .tensor(other)])
      )
    }
    let group = constants.map { (TorchValue.text($0.0), $0.1) }
    let keys = names.indices.map { TorchValue.integer(key($0)) }
    return .named([
      "state": .dictionary(isFresh ? [] : states),
      "param_groups": .list([.dictionary(group + [(.text("params"), .list(keys))])]),
    ])
  }

  /// The entries of a whole checkpoint, which a test may change.
  func entries(
    generatorOptimiser: TorchValue? = nil, discriminatorOptimiser: TorchValue? = nil
  ) -> [(String, TorchValue)] {
    [
      ("g", .stateDict(model.generator.stateDict)),
      ("d", .stateDict(model.discriminator.parameters.named())),
      ("g_ema", .stateDict(model.generatorEMA.stateDict)),
      ("g_optim", generatorOptimiser ?? optimiser("g")),
      ("d_optim", discriminatorOptimiser ?? optimiser("d")),
    ]
  }

  /// Writes a file.
  func write(_ root: TorchValue) throws -> URL {
    try folder.write(TorchArchive.bytes(root), to: "checkpoint.pt")
  }

  /// Writes entries as a file, and reads it.
  func read(_ entries: [(String, TorchValue)]) throws -> GANFile {
    try GANFile.read(
      write(.dictionary(entries.map { (.text($0.0), $0.1) })), as: [.styleGAN2])
  }

  /// What reading, and training on from a file, ends with.
  func message(_ entries: [(String, TorchValue)]) -> String {
    do {
      _ = try GANModel(read(entries), options: TrainingOptions(), start: .raw)
      return "accepted"
    } catch { return "\(error)".replacing(/^\S*\//, with: "") }
  }
}

extension [(String, TorchValue)] {
  /// The value of an entry.
  subscript(name: String) -> TorchValue? {
    get { first { $0.0 == name }?.1 }
    set {
      removeAll { $0.0 == name }
      if let newValue { append((name, newValue)) }
    }
  }
}
