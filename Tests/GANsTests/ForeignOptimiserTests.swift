import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Adam's state as PyTorch wrote it at different times, and what is not Adam's.
@Suite struct ForeignOptimiserTests {
  private let script: PublicScript

  init() throws { script = try PublicScript() }

  private func record(_ optimiser: TorchValue) throws -> GANFile.OptimiserRecord? {
    try script.read(script.entries(generatorOptimiser: optimiser)).generatorOptimiser
  }

  private func notes(_ optimiser: TorchValue) throws -> [String] {
    try script.read(script.entries(generatorOptimiser: optimiser)).notes
      .filter { $0.matter == .training }
      .map { $0.sentence.replacing(/^\S*\//, with: "") }
  }

  private func number(_ value: Double) -> TorchValue {
    .tensor(Tensor([Float(value)], shape: []))
  }

  // MARK: - Constants

  @Test func `F12 constants are taken over in every form in which numbers are saved`() throws {
    let plain = PublicScript.constants
    let variants: [[(String, TorchValue)]] = [
      plain,
      [
        ("lr", number(0.00123)), ("betas", .tuple([.number(0.1), .number(0.97)])),
        ("eps", .number(1e-7)),
      ],
      [
        ("lr", .numpyNumber(0.00123)), ("betas", .tuple([number(0.1), number(0.97)])),
        ("eps", number(1e-7)),
      ],
      [
        ("lr", .tensor(Tensor([Float(0.00123)]))),
        ("betas", .tensor(Tensor([Float(0.1), 0.97]))), ("eps", .numpyNumber(1e-7)),
      ],
      [
        ("lr", .number(0.00123)), ("betas", .list([.numpyNumber(0.1), number(0.97)])),
        ("eps", .number(1e-7)),
      ],
    ]
    for constants in variants {
      let optimiser = script.optimiser("g", constants: constants)
      #expect(try record(optimiser)?.options == PublicScript.options, "\(constants)")
      #expect(try notes(optimiser).isEmpty)
    }
  }

  @Test func `F12 constants that are no numbers leave a note`() throws {
    for (key, value, found) in [
      ("lr", TorchValue.text("auto"), "lr is auto"), ("lr", number(.nan), "lr is nan"),
      ("lr", .number(-1), "lr is -1.0"), ("betas", .list([.number(0.5)]), "betas is [0.5]"),
      ("betas", .tuple([.number(0), .number(1)]), "betas is (0.0, 1.0)"),
      ("eps", .tensor(Tensor([Float(1), 2])), "eps is a tensor of [2]"),
      ("lr", .raw(Array("cdecimal\nDecimal\n)R".utf8)), "lr is an object of class decimal.Decimal"),
    ] {
      var constants = PublicScript.constants
      constants[key] = value
      let optimiser = script.optimiser("g", constants: constants)
      #expect(try record(optimiser)?.options == nil)
      let sentence = try #require(try notes(optimiser).first)
      #expect(
        sentence.hasPrefix("checkpoint.pt: g_optim: param_groups.0.\(found)"), "\(sentence)")
      #expect(
        sentence.hasSuffix(": Adam goes on with lethe's own learning rate, betas and epsilon"))
    }
  }

  @Test func `F12 settings that lethe's Adam lacks leave a note`() throws {
    let optimiser = script.optimiser(
      "g",
      constants: [
        ("lr", .number(0.00123)), ("betas", .tuple([.number(0.1), .number(0.97)])),
        ("eps", .number(1e-7)), ("weight_decay", .number(0.01)), ("amsgrad", .bool(true)),
        ("maximize", .bool(true)),
      ])
    #expect(try record(optimiser)?.options == PublicScript.options)
    #expect(
      try notes(optimiser) == [
        "checkpoint.pt: g_optim: weight_decay 0.01 is left out: lethe's Adam has none",
        "checkpoint.pt: g_optim: amsgrad is left out: lethe's Adam has none",
        "checkpoint.pt: g_optim: maximize is left out: lethe's Adam has none",
      ])
  }

  @Test func `F12 an optimiser before its first step keeps its constants`() throws {
    let optimiser = script.optimiser("g", isFresh: true)
    let file = try script.read(script.entries(generatorOptimiser: optimiser))
    let model = try GANModel(file, options: TrainingOptions(), start: .raw)
    #expect(model.generatorOptimiser.options == PublicScript.options)
    #expect(model.generatorOptimiser.stepCount == 0)
    #expect(model.discriminatorOptimiser.stepCount == 3)
  }

  @Test func `F12 the weights of the penalties are taken over in every form`() throws {
    for (r1, path) in [
      (TorchValue.number(5.5), TorchValue.integer(0)), (number(5.5), number(0)),
      (.numpyNumber(5.5), .numpyNumber(0)),
    ] {
      var entries = script.entries()
      entries["args"] = .named(["r1": r1, "path_regularize": path])
      let file = try script.read(entries)
      #expect(file.regularisation.r1Weight == 5.5)
      #expect(file.regularisation.pathLengthWeight == 0)
    }
    var entries = script.entries()
    entries["args"] = .named(["r1": .text("high")])
    let file = try script.read(entries)
    #expect(file.regularisation.r1Weight == nil)
    #expect(file.notes.contains { $0.sentence.contains("args.r1 is high: lethe's own weight") })
  }

  // MARK: - Order

  @Test func `G01 states under addresses are found by their place in the groups`() throws {
    // As torch up to 1.5 wrote them; the addresses do not rise with the places.
    func address(_ index: Int) -> Int { 140_163_464_593_464 - 56 * index }
    let (plain, old) = (
      try record(script.optimiser("g")), try record(script.optimiser("g", key: address))
    )
    let expected = try #require(plain)
    let found = try #require(old)
    #expect(found.stepCount == 3 && found.options == expected.options)
    #expect(found.firstMoments.keys == expected.firstMoments.keys)
    for (name, moment) in expected.firstMoments {
      #expect(try #require(found.firstMoments[name]).hasSameBits(as: moment), "\(name)")
    }
    for (name, moment) in expected.secondMoments {
      #expect(try #require(found.secondMoments[name]).hasSameBits(as: moment), "\(name)")
    }
  }

  // MARK: - What does not fit

  @Test func `G03 a moment that is missing is named with its part`() throws {
    let way =
      "exporting the networks without optimisers makes a file that trains with a new Adam"
    let names = script.model.generator.parameters.parameters.map(\.name)
    #expect(
      script.message(script.entries(generatorOptimiser: script.optimiser("g", leavingOut: 3)))
        == "checkpoint.pt: g_optim.state.3.exp_avg, the moment of \(names[3]) [8], is missing; \(way)"
    )
    #expect(
      script.message(script.entries(discriminatorOptimiser: script.optimiser("d", count: 5)))
        == "checkpoint.pt: d_optim is of 5 parameters, its network has "
        + "\(script.model.discriminator.parameters.parameters.count); \(way)")
  }

  @Test func `G03 another optimiser than Adam is said to be none`() throws {
    let optimiser = script.optimiser("g", moments: ("square_avg", "momentum_buffer"))
    let entries = script.entries(generatorOptimiser: optimiser)
    #expect(
      script.message(entries)
        == "checkpoint.pt: g_optim is not Adam's state (exp_avg, exp_avg_sq): it holds "
        + "momentum_buffer, square_avg; exporting the networks without optimisers makes a file that "
        + "trains with a new Adam")
    // Making pictures needs none.
    _ = try script.read(entries).makeGenerator()
  }
}
