import Experiments
import Foundation
import GANs
import Judging
import Records
import Runs
import Synchronization
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// A tiny GAN, a judge, and a class that the judge often sees among its pictures.
struct World {
  let folder: TemporaryFolder
  let gan: String
  let judge: String
  let className: String

  init() throws {
    folder = try TemporaryFolder()
    gan = folder.url.appending(path: "gan.safetensors").path
    judge = folder.url.appending(path: "judge.safetensors").path
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: URL(filePath: gan))
    let network = TinyNetworks.judge(for: model.generatorEMA)
    try network.write(to: URL(filePath: judge))
    className = try #require(network.frequentClass(of: model.generatorEMA))
  }

  func subject() throws -> Subject {
    try Subject(gan: gan, judge: judge, forgetting: className)
  }

  func destination(_ name: String, resume: Bool = false) -> RunDestination {
    let url = folder.url.appending(path: name)
    return resume ? .resume(url) : .new(url)
  }
}

/// Writes down what it is told; asks to stop after some iterations.
final class Listener: RunObserver {
  var tasks: [RunTask] = []
  var iterations: [Int] = []
  var snapshots: [Int] = []
  var openTasks = 0
  var notes: [String] = []
  /// Called whenever something was done; may raise ``flag``.
  var afterEach: () -> Void = {}
  let flag = Flag()
  private let stopsAfter: Int
  private let stopsIn: String?

  /// - Parameters:
  ///   - stopsAfter: the iterations after which it asks to stop.
  ///   - stopsIn: the label of the task in which it asks to stop.
  init(stopsAfter: Int = .max, stopsIn: String? = nil) {
    self.stopsAfter = stopsAfter
    self.stopsIn = stopsIn
  }

  func began(_ task: RunTask) {
    tasks.append(task)
    openTasks += 1
    if task.label == stopsIn { flag.raise() }
    afterEach()
  }
  func noted(_ sentence: String) { notes.append(sentence) }
  func advanced(to step: Int, statistics: Statistics) { afterEach() }
  func ended() { openTasks -= 1 }
  func recorded(_ record: StatsRecord) {
    iterations.append(record.iteration)
    if iterations.count >= stopsAfter { flag.raise() }
  }
  func wroteSnapshot(_ file: URL, iteration: Int) {
    snapshots.append(iteration)
    afterEach()
  }

  var context: ExperimentContext {
    ExperimentContext(
      seed: 5, observer: self,
      cancellation: Cancellation { [flag] in flag.isRaised })
  }
}

/// A wish to stop, which any thread may ask for.
final class Flag: Sendable {
  private let state = Mutex(false)
  var isRaised: Bool { state.withLock { $0 } }
  func raise() { state.withLock { $0 = true } }
}

/// Adapts two models, 6 iterations each.
func adapt(
  _ world: World, _ name: String, _ listener: Listener, resume: Bool = false
) throws -> (run: RunDirectory, adapted: [URL]) {
  var options = AdaptationOptions()
  options.iterations = 6
  options.negativeCount = 8
  options.fisherSamples = 4
  options.training.batchSize = 4
  return try AdaptationExperiment(
    world.subject(), options: options, destination: world.destination(name, resume: resume),
    snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context
  ).run()
}

/// Unlearns in 12 iterations.
func unlearn(
  _ world: World, adapted: String, _ name: String, _ listener: Listener, resume: Bool = false,
  keep: Int = 1
) throws -> UnlearningResult {
  var options = UnlearningOptions()
  options.iterations = 12
  options.feedbackSamples = 64
  options.training.batchSize = 4
  let models = try ModelLocator.adapted(world.folder.url.appending(path: adapted).path)
  return try UnlearningExperiment(
    world.subject(),
    method: AdaptThenUnlearn(UnlearningRequest(options: options, adapted: models)), samples: 64,
    destination: world.destination(name, resume: resume),
    snapshots: SnapshotPolicy(every: 5, keep: keep), context: listener.context
  ).run()
}

/// The bytes of the raw generator in the last snapshot.
func tensors(_ run: RunDirectory, kind: String = "snapshot") throws -> [String: Data] {
  let file = try #require(run.snapshots(kind: kind).last?.file)
  var result: [String: Data] = [:]
  for (name, tensor) in try GANFile.read(file, as: .known).generator ?? [:] {
    result[name] = tensor.withUnsafeBytes { Data($0) }
  }
  return result
}

/// The whole method with a tiny GAN and few iterations.
func demonstrate(
  _ world: World, _ name: String, _ listener: Listener, resume: Bool = false
) throws -> UnlearningResult {
  var demo = DemoExperiment(
    try world.subject(), samples: 64, destination: world.destination(name, resume: resume),
    snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context)
  demo.adaptation.iterations = 6
  demo.adaptation.negativeCount = 8
  demo.adaptation.fisherSamples = 4
  demo.adaptation.training.batchSize = 4
  demo.unlearning.iterations = 10
  demo.unlearning.feedbackSamples = 64
  demo.unlearning.training.batchSize = 4
  return try demo.run()
}
