import Experiments
import Foundation
import GANs
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// A tiny GAN, a judge, and two classes that the judge often sees among its pictures.
struct TinyWorld {
  let folder: TemporaryFolder
  let gan: String
  let judge: String
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
    let classes = network.judge(
      withoutGradients {
        model.generatorEMA(RandomGenerator(seed: 8).normal([200, 8]), noise: .fixed)
      }, in: .minusOneToOne
    ).classes
    func isCommon(_ index: Int) -> Bool { (8...192).contains(classes.count { $0 == index }) }
    let common = (0..<3).filter(isCommon).map { network.labels.names[$0] }
    className = try #require(common.first)
    otherClass = try #require(common.last)
    try #require(className != otherClass)
  }

  /// The path of a file of the folder.
  func path(_ name: String) -> String { folder.url.appending(path: name).path }

  func subject(gan other: String? = nil, forgetting name: String? = nil) throws -> Subject {
    try Subject(gan: other ?? gan, judge: judge, forgetting: name ?? className)
  }

  /// Adapts one model and returns its run.
  @discardableResult
  func adapt(_ subject: Subject, _ name: String, models: Int = 1) throws -> String {
    var options = AdaptationOptions()
    options.modelCount = models
    options.iterations = 2
    options.negativeCount = 4
    options.fisherSamples = 4
    options.training.batchSize = 4
    _ = try AdaptationExperiment(
      subject, options: options, destination: .new(URL(filePath: path(name)))
    ).run()
    return path(name)
  }

  /// An unlearning of two iterations.
  func unlearning(
    _ subject: Subject, adapted: String, _ name: String
  ) throws -> UnlearningExperiment {
    var options = UnlearningOptions()
    options.iterations = 2
    options.feedbackSamples = 64
    options.largestDoubt = 1
    options.training.batchSize = 4
    return UnlearningExperiment(
      subject,
      method: try AdaptThenUnlearn(
        UnlearningRequest(options: options, adapted: ModelLocator.adapted(adapted))),
      samples: 64, destination: .new(URL(filePath: path(name))))
  }
}
