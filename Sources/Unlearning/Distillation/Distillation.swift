public import GANs
public import Records
public import Torch
import TorchNN

/// What a generator shall learn from its frozen original: some latents, and which pictures of them.
public protocol DistillationGoal: Resumable {
  /// The weight of the mean squared error in the generator's loss, in the iteration that comes.
  var weight: Double { get }
  /// Under which name that error is recorded.
  var statistic: StatisticKey { get }
  /// Latents per iteration.
  var batchSize: Int { get }

  /// The next batch.
  ///
  /// - Returns: the draw, whose mixing is chosen for each latent; the pictures that it shall become,
  ///   `[batchSize, 3, size, size]`, without a graph.
  func next() -> (draw: PictureDraw, pictures: Tensor)
}

/// Draws the generator's pictures of chosen latents to those that its frozen original makes:
/// for each goal, `weight · mean over pictures and pixels of (G(z; n) - target)²`.
///
/// The pictures take the place of those that the generator's step would make anyway, so the
/// discriminator judges them too. Errors count in the range -1..1, whatever the generator's is. No
/// gradient of a judge is involved: judges choose latents and targets, and nothing else.
public final class Distillation: Lessons {
  private let goals: [any DistillationGoal]
  private let scale: Double
  private let device: Device

  /// The lessons of some goals.
  ///
  /// - Parameters:
  ///   - goals: at least one, each with a statistic of its own.
  ///   - generator: the one that learns.
  public init(_ goals: [any DistillationGoal], for generator: any GeneratorNetwork) {
    precondition(!goals.isEmpty, "distillation without a goal")
    self.goals = goals
    let range = generator.pixelRange.highest - generator.pixelRange.lowest
    scale = 4 / (range * range)
    device = generator.parameters.device
  }

  /// The pictures of all goals.
  public var pictureCount: Int { goals.map(\.batchSize).reduce(0, +) }

  /// The next batches of all goals, one after another.
  ///
  /// - Returns: the lesson.
  public func next() -> Lesson {
    let batches = goals.map { $0.next() }
    return Lesson(
      draw: .concatenated(batches.map(\.draw)), targets: .concatenated(batches.map(\.pictures)),
      weights: .concatenated(
        goals.map { goal in
          .full(
            goal.weight * scale / Double(goal.batchSize), shape: [goal.batchSize], device: device)
        }))
  }

  /// Each goal's mean squared error, without its weight.
  ///
  /// - Parameter errors: of each picture of a lesson.
  /// - Returns: the means.
  public func statistics(of errors: [Double]) -> Statistics {
    var (result, rest) = (Statistics(), errors[...])
    for goal in goals {
      let own = rest.prefix(goal.batchSize)
      result[goal.statistic] = scale * own.reduce(0, +) / Double(own.count)
      rest = rest.dropFirst(goal.batchSize)
    }
    return result
  }

  /// The goals' states, under their statistics' names.
  public var state: StateDict {
    var result = StateDict()
    for goal in goals { result.merge(goal.state, under: goal.statistic.name) }
    return result
  }

  /// Goes on from the goals' saved states.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: what a goal throws.
  public func restore(_ state: StateDict) throws {
    for goal in goals { try goal.restore(state.under(goal.statistic.name)) }
  }
}
