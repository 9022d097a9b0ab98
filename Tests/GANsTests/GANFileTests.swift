import Checkpoints
import Foundation
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import GANs

@Suite struct GANFileTests {
  private let folder: TemporaryFolder
  private let world: TrainingWorld
  private let snapshot: URL

  init() throws {
    folder = try TemporaryFolder()
    world = TrainingWorld(seed: 1)
    try world.trainer.train(until: 2)
    snapshot = folder.url.appending(path: "snapshot.safetensors")
    try world.model.write(
      to: snapshot, options: world.trainer.options, training: world.trainer.state,
      metadata: ["lethe.run": "test"])
  }

  // MARK: - What comes back

  @Test func `a snapshot gives back every bit`() throws {
    let file = try GANFile.read(snapshot, as: [.styleGAN2])
    #expect(file.configuration.isEqual(to: world.model.configuration))
    #expect(file.pixelRange == .minusOneToOne)
    #expect(file.path == snapshot.path)
    let other = TrainingWorld(seed: 99)
    try other.model.restore(file)
    try other.trainer.restore(file.training, file: file.path)
    let (expected, actual) = (world.snapshot, other.snapshot)
    #expect(actual.keys == expected.keys)
    for (key, tensor) in expected {
      #expect(try #require(actual[key]).hasSameBits(as: tensor), "\(key)")
    }
    for (mine, theirs) in [
      (world.model.generator, other.model.generator),
      (world.model.generatorEMA, other.model.generatorEMA),
    ] {
      for (map, otherMap) in zip(mine.noiseMaps, theirs.noiseMaps) {
        #expect(otherMap.hasSameBits(as: map))
      }
    }
    #expect(other.model.generatorOptimiser.options == world.model.generatorOptimiser.options)
    #expect(
      other.model.discriminatorOptimiser.options == world.model.discriminatorOptimiser.options)
    #expect(world.model.discriminatorOptimiser.stepCount == 3)
  }

  @Test func `regularisation and optimisers' constants are in the file`() throws {
    var options = TrainingOptions()
    options.r1Weight = 3
    options.pathLengthWeight = 0
    options.learningRate = 0.0005
    let model = GANModel(world.model.configuration, pixelRange: .zeroToOne, options: options)
    model.initialise(using: RandomGenerator(seed: 4))
    let url = folder.url.appending(path: "other.safetensors")
    try model.write(to: url, options: options)
    let file = try GANFile.read(url, as: [.styleGAN2])
    #expect(file.pixelRange == .zeroToOne && file.recordedPixelRange == .zeroToOne)
    #expect(try file.makeGenerator().pixelRange == .zeroToOne)
    var overridden = file
    overridden.pixelRange = .minusOneToOne
    #expect(try overridden.makeGenerator().pixelRange == .minusOneToOne)
    #expect(try overridden.makeGenerator().copy().pixelRange == .minusOneToOne)
    #expect(file.regularisation.r1Weight == 3 && file.regularisation.pathLengthWeight == 0)
    #expect(file.training.isEmpty)
    let reread = try GANModel(
      file, options: TrainingOptions(), start: .average)
    #expect(reread.generatorOptimiser.options == options.generatorAdam)
    #expect(reread.discriminatorOptimiser.options == options.discriminatorAdam)
    // Without a record of options, nothing is known of it.
    try model.write(to: url, replacing: true)
    #expect(try GANFile.read(url, as: [.styleGAN2]).regularisation.r1Weight == nil)
  }

  @Test func `every key is accounted for`() throws {
    let keys = try SafetensorsFile.read(snapshot).tensors.keys
    let file = try GANFile.read(snapshot, as: [.styleGAN2])
    #expect(file.accounts.map(\.key) == keys)
    #expect(file.accounts.allSatisfy { !$0.isSkipped })
    let account = try #require(file.accounts.first { $0.key == "g_ema.style.1.weight" })
    #expect(account.shape == [8, 8] && account.fate == "generatorEMA: style.1.weight")
  }

  @Test func `training starts from the average or from the raw generator`() throws {
    let file = try GANFile.read(snapshot, as: [.styleGAN2])
    for (start, source) in [
      (GANModel.Start.average, world.model.generatorEMA), (.raw, world.model.generator),
    ] {
      let model = try GANModel(
        file, options: TrainingOptions(), start: start)
      for generator in [model.generator, model.generatorEMA] {
        #expect(generator.parameters.values.hasSameBits(as: source.parameters.values))
      }
      #expect(model.generatorOptimiser.stepCount == 3)
    }
  }

  @Test func `a bare generator is read as the average, without a discriminator`() throws {
    let url = folder.url.appending(path: "bare.safetensors")
    try SafetensorsFile(tensors: world.model.generatorEMA.stateDict).write(to: url)
    let file = try GANFile.read(url, as: [.styleGAN2])
    #expect(file.generator == nil && file.discriminator == nil && file.recordedPixelRange == nil)
    #expect(
      try file.makeGenerator().parameters.values.hasSameBits(
        as: world.model.generatorEMA.parameters.values))
    #expect(file.accounts.map(\.key) == world.model.generatorEMA.stateDict.keys)
  }

  // MARK: - What is refused

  /// The message of a snapshot that has been changed, read and made into a model.
  private func message(
    resuming: Bool = false, _ change: (inout StateDict) -> Void
  ) throws -> String {
    var tensors = try SafetensorsFile.read(snapshot).tensors
    change(&tensors)
    let url = folder.url.appending(path: "changed.safetensors")
    try SafetensorsFile(tensors: tensors, metadata: try SafetensorsFile.read(snapshot).metadata)
      .write(to: url)
    do {
      let file = try GANFile.read(url, as: [.styleGAN2])
      let other = TrainingWorld(seed: 2)
      if resuming {
        try other.model.restore(file)
        try other.trainer.restore(file.training, file: file.path)
      } else {
        _ = try GANModel(
          file, options: TrainingOptions(), start: .average)
      }
      return "accepted"
    } catch { return "\(error)".replacing(url.path, with: "FILE") }
  }

  @Test func `a snapshot that nobody changed is accepted`() throws {
    #expect(try message { _ in } == "accepted")
    #expect(try message(resuming: true) { _ in } == "accepted")
  }

  @Test func `tensors that do not fit are refused by name`() throws {
    #expect(
      try message { $0["g_ema.extra"] = Tensor([Float(1)]) }
        == "FILE: the tensor g_ema.extra [1] belongs to no part that lethe knows; inspecting the "
        + "file lists what is there")
    #expect(
      try message { $0["stranger"] = Tensor([Float(1)]) }
        == "FILE: the tensor stranger [1] belongs to no part that lethe knows; inspecting the file "
        + "lists what is there")
    #expect(
      try message { $0["d.final_linear.1.bias"] = nil }
        == "FILE: the tensor d.final_linear.1.bias [1] is missing")
    #expect(
      try message { $0["g_ema.conv1.activate.bias"] = Tensor([Float(1), 2, 3]) }
        == "FILE: the tensor g_ema.conv1.activate.bias has shape [3], the network needs [4]")
    #expect(
      try message { $0["g_ema.noises.noise_1"] = nil }
        == "FILE: the tensor g_ema.noises.noise_1 [1, 1, 8, 8] is missing")
    #expect(
      try message { $0["g_ema.noises.noise_1"] = Tensor.zeros([1, 1, 4, 4]) }
        == "FILE: the tensor g_ema.noises.noise_1 has shape [1, 1, 4, 4], the network needs "
        + "[1, 1, 8, 8]")
    #expect(
      try message { $0["g_optim.exp_avg.input.input"] = nil }
        == "FILE: the tensor g_optim.exp_avg.input.input [1, 4, 4, 4] is missing")
  }

  @Test func `values that are not finite are refused by name`() throws {
    let reason =
      "holds a value that is infinite or not a number; the training that made this file has "
      + "diverged, take an earlier one"
    for value in [Float.nan, .infinity] {
      #expect(
        try message { $0["d.final_linear.1.bias"] = Tensor([value]) }
          == "FILE: the tensor d.final_linear.1.bias \(reason)")
    }
    #expect(
      try message { $0["g_ema.noises.noise_0"] = Tensor.full(.nan, shape: [1, 1, 4, 4]) }
        == "FILE: the tensor g_ema.noises.noise_0 \(reason)")
  }

  @Test func `networks that no one makes are refused with the reason`() throws {
    let prefix = "FILE is no StyleGAN2 of the public family: "
    #expect(
      try message { $0["g_ema.style.1.weight"] = Tensor.zeros([8, 9]) }
        == prefix + "style.1.weight has shape [8, 9], expected a square")
    #expect(
      try message { $0["g_ema.style.1.weight"] = Tensor.zeros([64]) }
        == prefix + "style.1.weight has shape [64], expected 2 dimensions")
    #expect(
      try message { $0["g_ema.convs.0.conv.weight"] = nil }
        == prefix + "0 blocks of convolutions make pictures of 4 pixels, expected 8 to 1024")
    #expect(
      try message { $0["g_ema.convs.0.conv.weight"] = Tensor.zeros([1, 3, 4, 3, 3]) }
        == prefix + "its feature maps [4, 3] follow no channel multiplier and cap")
    #expect(
      try message { $0["g_ema.conv1.conv.weight"] = Tensor.zeros([1, 1000_000_000, 0, 3, 3]) }
        == prefix
        + "conv1.conv.weight has shape [1, 1000000000, 0, 3, 3], expected [1, C, C, 3, 3]")
  }

  @Test func `what training needs is asked for`() throws {
    #expect(
      try message { tensors in
        for key in tensors.keys where key.hasPrefix("d.") { tensors[key] = nil }
      }
        == "FILE holds a generator but no discriminator (d.*), and training needs both; take the full "
        + "training checkpoint")
    #expect(
      try message { tensors in
        for key in tensors.keys where key.hasPrefix("g") { tensors[key] = nil }
      }
        == "FILE holds no generator: expected a StyleGAN2 with tensors such as "
        + "g_ema.style.1.weight, found "
        + "d.convs.0.0.weight, d.convs.0.1.bias, d.convs.1.conv1.0.weight, d.convs.1.conv1.1.bias, "
        + "d.convs.1.conv2.1.weight; inspecting the file lists what is there")
  }

  @Test func `what resuming needs is asked for`() throws {
    func missing(_ what: String) -> String {
      "FILE cannot be resumed from: it has no \(what); only snapshots of lethe's own runs hold the "
        + "state of training, any other checkpoint starts a new run"
    }
    for part in ["g", "d_optim"] {
      #expect(
        try message(resuming: true) { tensors in
          for key in tensors.keys where key.hasPrefix("\(part).") { tensors[key] = nil }
        } == missing(part))
    }
    for key in ["iteration", "mean_path_length", "random.noise"] {
      #expect(try message(resuming: true) { $0["training.\(key)"] = nil } == missing(key))
    }
    #expect(
      try message(resuming: true) { $0["training.iteration"] = Tensor([Float(1), 2]) }
        == missing("iteration"))
    #expect(
      try message(resuming: true) { $0["training.iteration"] = Tensor([Float.nan]) }
        == missing("iteration"))
    #expect(
      try message(resuming: true) { $0["training.mean_path_length"] = Tensor([Float(1), 2]) }
        == missing("mean_path_length"))
  }

  @Test func `a snapshot of another size cannot be resumed from`() throws {
    let model = GANModel(
      NetworkConfiguration(size: 16, latentSize: 8, mappingDepth: 2, channelCap: 4),
      pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 4))
    let url = folder.url.appending(path: "large.safetensors")
    try model.write(to: url)
    let error = #expect(throws: NetworkMismatch.self) {
      try world.model.restore(GANFile.read(url, as: [.styleGAN2]))
    }
    #expect(
      error?.description
        == "\(url.path) is a network of 16x16, latent 8, depth 2, cap 4, but the run is one of 8x8, "
        + "latent 8, depth 2, cap 4")
  }
}
