import Experiments
import Foundation
import GANs
import Judging
import Recipes
import Runs
import Synchronization
import TestNetworks
import TestSupport
import Testing
import Torch

/// A tiny GAN, two judges, and a recipe that is done in no time.
struct RecipeWorld {
  let folder: TemporaryFolder
  let className: String

  init() throws {
    folder = try TemporaryFolder()
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: folder.url.appending(path: "gan.safetensors"))
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: folder.url.appending(path: "judge.safetensors"))
    try TinyNetworks.judge(for: model.generatorEMA, names: ["one", "two", "zero"])
      .write(to: folder.url.appending(path: "second.safetensors"))
    className = try #require(judge.frequentClass(of: model.generatorEMA))
  }

  func path(_ name: String) -> String { folder.url.appending(path: name).path }

  /// A recipe of 2 models with 4 iterations each, and 6 of stage two.
  func recipe(_ output: String, seeds: String = "[0, 3]", _ changes: String...) throws -> Recipe {
    try Recipe.resolve(
      text: """
        gan: \(path("gan.safetensors"))
        judge: \(path("judge.safetensors"))
        forget: \(className)
        seeds: \(seeds)
        method: adapt-then-unlearn
        adaptation:
          iterations: 4
          negative_count: 8
          fisher_samples: 4
          training: {batch_size: 4}
        unlearning:
          iterations: 6
          feedback_samples: 64
          largest_doubt: 1
          training: {batch_size: 4}
        evaluation: {samples: 64, second_judge: \(path("second.safetensors"))}
        snapshots: {every: 2, keep: 1}
        output: \(path(output))
        """, as: "tiny.yaml", changes: changes)
  }

  func run(
    _ recipe: Recipe, _ listener: StoppingListener = StoppingListener(), resume: Bool = false
  ) throws -> RecipeResult {
    try RecipeExperiment(
      RecipeMaterials(recipe), isResumed: resume, context: listener.context
    ).run()
  }
}

/// Writes down tasks and notes; asks to stop after some iterations, or in a task.
final class StoppingListener: RunObserver {
  private(set) var iterations = 0
  private(set) var tasks: [String] = []
  private(set) var notes: [String] = []
  /// Is told each task as it begins.
  var whenBegins: (_ label: String) -> Void = { _ in }
  private let isStopped = StopFlag()
  private let limit: Int

  private let label: String?

  init(stoppingAfter limit: Int = .max, stoppingIn label: String? = nil) {
    self.limit = limit
    self.label = label
  }

  func began(_ task: RunTask) {
    tasks.append(task.label)
    whenBegins(task.label)
    if task.label == label { isStopped.raise() }
  }
  func noted(_ sentence: String) { notes.append(sentence) }
  func recorded(_ record: StatsRecord) {
    iterations += 1
    if iterations >= limit { isStopped.raise() }
  }

  var context: ExperimentContext {
    ExperimentContext(
      observer: self, cancellation: Cancellation { [isStopped] in isStopped.isRaised })
  }
}

private final class StopFlag: Sendable {
  private let state = Mutex(false)
  var isRaised: Bool { state.withLock { $0 } }
  func raise() { state.withLock { $0 = true } }
}
