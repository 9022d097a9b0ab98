import Experiments
import Foundation
import GANs
import Judging
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// A tiny GAN, a judge, and two classes that the judge often sees among its pictures.
struct World {
  let folder: TemporaryFolder
  let gan: String
  let judge: String
  /// The class that shall be forgotten unless said otherwise.
  let className: String
  let otherClass: String

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
    let frequent = try #require(network.frequentClass(of: model.generatorEMA))
    let seen = network.judge(
      withoutGradients {
        model.generatorEMA(RandomGenerator(seed: 8).normal([200, 8]), noise: .fixed)
      }, in: .minusOneToOne
    ).classes
    let names = network.labels.names
    let other = names.indices.last { index in
      names[index] != frequent && seen.count { $0 == index } >= 8
    }
    className = frequent
    otherClass = names[try #require(other)]
  }

  /// The path of a file of the folder; one that is absolute stays.
  func path(_ name: String) -> String {
    name.hasPrefix("/") ? name : folder.url.appending(path: name).path
  }

  func subject(gan other: String? = nil, forgetting name: String? = nil) throws -> Subject {
    try Subject(gan: other ?? gan, judge: judge, forgetting: name ?? className)
  }

  func destination(_ name: String, resume: Bool = false) -> RunDestination {
    let url = URL(filePath: path(name))
    return resume ? .resume(url) : .new(url)
  }
}

// MARK: - Runs

extension World {
  /// Adapts two models, 6 iterations each.
  @discardableResult
  func adapt(
    _ name: String, _ listener: Listener = Listener(), subject: Subject? = nil, models: Int = 2,
    iterations: Int = 6, resume: Bool = false, observer: (any RunObserver)? = nil
  ) throws -> AdaptationResult {
    var options = AdaptationOptions()
    options.modelCount = models
    options.iterations = iterations
    options.negativeCount = 8
    options.fisherSamples = 4
    options.training.batchSize = 4
    var context = listener.context
    if let observer { context.observer = observer }
    return try AdaptationExperiment(
      subject ?? self.subject(), options: options,
      destination: destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 4, keep: 1), context: context
    ).run()
  }

  /// An unlearning in 12 iterations, away from the adapted models of a run or a file.
  func unlearning(
    _ name: String, adapted: String, _ listener: Listener = Listener(), subject: Subject? = nil,
    resume: Bool = false, keep: Int = 1, iterations: Int = 12
  ) throws -> UnlearningExperiment {
    var options = AdaptThenUnlearn.defaults
    options.iterations = iterations
    options.feedbackSamples = 64
    options.largestDoubt = 1
    options.training.batchSize = 4
    let models = try ModelLocator.adapted(path(adapted))
    return try UnlearningExperiment(
      subject ?? self.subject(),
      method: AdaptThenUnlearn(UnlearningRequest(options: options, adapted: models)), samples: 64,
      destination: destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 5, keep: keep), context: listener.context)
  }

  /// Runs such an unlearning.
  @discardableResult
  func unlearn(
    _ name: String, adapted: String, _ listener: Listener = Listener(), resume: Bool = false,
    keep: Int = 1, iterations: Int = 12
  ) throws -> UnlearningResult {
    try unlearning(
      name, adapted: adapted, listener, resume: resume, keep: keep, iterations: iterations
    ).run()
  }

  /// The whole method with few iterations.
  func demonstration(
    _ name: String, _ listener: Listener = Listener(), resume: Bool = false
  ) throws -> DemoExperiment {
    var demo = DemoExperiment(
      try subject(), samples: 64, destination: destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context)
    demo.adaptation.iterations = 6
    demo.adaptation.negativeCount = 8
    demo.adaptation.fisherSamples = 4
    demo.adaptation.training.batchSize = 4
    demo.unlearning.iterations = 10
    demo.unlearning.feedbackSamples = 64
    demo.unlearning.training.batchSize = 4
    return demo
  }

  /// Runs such a demo.
  @discardableResult
  func demonstrate(
    _ name: String, _ listener: Listener = Listener(), resume: Bool = false
  ) throws -> UnlearningResult {
    try demonstration(name, listener, resume: resume).run()
  }
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
