import Checkpoints
import Experiments
import Foundation
import GANs
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// Runs from a StyleGAN2 of the time before noise maps were saved.
@Suite struct NoNoiseMapsTests {
  private final class Listener: RunObserver {
    var notes: [String] = []
    func noted(_ sentence: String) { notes.append(sentence) }
  }

  private let folder: TemporaryFolder
  private let model: GANModel

  init() throws {
    folder = try TemporaryFolder()
    model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
  }

  /// The networks after adapting for two iterations, and what was noted.
  private func adapted(_ name: String, withMaps: Bool) throws -> (StateDict, [String]) {
    let (gan, judge) = (
      folder.url.appending(path: "\(name).safetensors"), folder.url.appending(path: "\(name)-judge")
    )
    try model.write(to: gan)
    if !withMaps {
      let whole = try SafetensorsFile.read(gan)
      var tensors = StateDict()
      for (key, tensor) in whole.tensors where !key.contains("noises.") { tensors[key] = tensor }
      try SafetensorsFile(tensors: tensors, metadata: whole.metadata).write(to: gan)
    }
    // Sees every picture as "one".
    try TinyNetworks.stubbornJudge().write(to: judge)
    var options = AdaptationOptions()
    (options.modelCount, options.iterations, options.negativeCount) = (1, 2, 8)
    options.training.batchSize = 4
    let listener = Listener()
    let result = try AdaptationExperiment(
      Subject(gan: gan.path, judge: judge.path, forgetting: "one"), options: options,
      destination: .new(folder.url.appending(path: "\(name)-run")),
      context: ExperimentContext(seed: 3, observer: listener)
    ).run()
    return (try SafetensorsFile.read(result.adapted[0]).tensors, listener.notes)
  }

  @Test func `F01 adapting without noise maps gives the weights that it gives with them`() throws {
    let (expected, noNotes) = try adapted("whole", withMaps: true)
    let (found, notes) = try adapted("old", withMaps: false)
    #expect(noNotes.isEmpty)
    // The grids of a run show fixed noise.
    #expect(notes.count == 1 && notes[0].contains("holds no noise maps"))
    #expect(found.keys == expected.keys)
    for (key, tensor) in expected where !key.contains("noises.") {
      #expect(try #require(found[key]).hasSameBits(as: tensor), "\(key)")
    }
  }
}
