/// The numbers that one iteration of training measures.
public typealias Statistics = [StatisticKey: Double]

/// A number that training measures in every iteration: its name on disk, and how people read it.
///
/// A trainer, a term or a hook names what it records by a member such as ``lossD``. Everybody who shows or
/// reads the numbers asks the key; nobody spells it again. A statistic of your own is an extension:
///
/// ```swift
/// extension StatisticKey {
///   static let gradientNorm = StatisticKey("gradient_norm", title: "Gradient norm", group: .losses)
/// }
/// ```
public struct StatisticKey: Sendable {
  /// The name in stats.jsonl, in snake_case.
  public let name: String
  /// The name in tables and charts.
  public let title: String
  /// The name where space is short, as in a line of progress; nil where it is not shown there.
  public let shortTitle: String?
  /// The chart that it belongs to.
  public let group: StatisticGroup

  /// A statistic.
  ///
  /// - Parameters:
  ///   - name: its name in stats.jsonl, in snake_case.
  ///   - title: its name in tables and charts.
  ///   - shortTitle: its name in a line of progress; nil keeps it out.
  ///   - group: the chart that it belongs to.
  public init(
    _ name: String, title: String, shortTitle: String? = nil, group: StatisticGroup
  ) {
    self.name = name
    self.title = title
    self.shortTitle = shortTitle
    self.group = group
  }
}

extension StatisticKey: Hashable {
  /// Whether both have the same name on disk.
  public static func == (left: StatisticKey, right: StatisticKey) -> Bool {
    left.name == right.name
  }

  /// Hashes the name on disk.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Statistics that share a chart: one unit, one scale.
public struct StatisticGroup: Sendable, Hashable {
  /// The title of the chart.
  public let title: String
  /// The unit of its values; empty where they have none.
  public let unit: String
  /// Whether single values say little, so that a running mean is drawn.
  public let isNoisy: Bool
  /// What its chart tells, in a sentence or two below it; empty where the title says all.
  public let meaning: String

  /// A group.
  ///
  /// - Parameters:
  ///   - title: the title of its chart.
  ///   - unit: the unit of its values.
  ///   - isNoisy: whether a running mean is drawn.
  ///   - meaning: what its chart tells, in a sentence or two.
  public init(title: String, unit: String = "", isNoisy: Bool = false, meaning: String = "") {
    self.title = title
    self.unit = unit
    self.isNoisy = isNoisy
    self.meaning = meaning
  }
}

extension StatisticGroup {
  /// Adversarial losses.
  public static let losses = StatisticGroup(
    title: "Losses", isNoisy: true,
    meaning: "What each network has left to gain against the other. Both swing; one that runs away "
      + "ends the training.")
  /// The discriminator's outputs before the sigmoid.
  public static let logits = StatisticGroup(
    title: "Discriminator logits", isNoisy: true,
    meaning:
      "What the discriminator takes pictures for, real above 0. Curves that lie together mean "
      + "that it cannot tell generated pictures from real ones.")
  /// Lazy penalties, unweighted.
  public static let penalties = StatisticGroup(
    title: "Penalties", isNoisy: true,
    meaning: "What keeps both networks smooth. Needles are usual, a lasting climb is not.")
  /// The running mean of path lengths.
  public static let pathLength = StatisticGroup(
    title: "Mean path length",
    meaning: "How much a picture changes with its style. It settles where styles lead evenly to "
      + "pictures.")
  /// Terms added to the generator's loss, weighted.
  public static let terms = StatisticGroup(
    title: "Terms of the generator's loss",
    meaning: "What is added to the adversarial loss. A term far above the losses decides alone.")
  /// How far pictures are from those that the frozen original makes.
  public static let pictures = StatisticGroup(
    title: "Distance of pictures from those wanted", unit: "mean square, -1..1", isNoisy: true,
    meaning: "How far pictures are from those that they shall stay or become, 0 where they are the "
      + "same. Lower keeps more, or forgets more.")
  /// What is left of a weight that a closed loop holds.
  public static let gain = StatisticGroup(
    title: "Weight of redirection", unit: "of the full one",
    meaning: "How hard the closed loop still pulls: less as less of the concept remains.")
  /// How often pictures are changed before the discriminator sees them.
  public static let augmentation = StatisticGroup(
    title: "Augmentation", unit: "probability of each change",
    meaning: "How often pictures are changed before the discriminator sees them. It rises as long "
      + "as the discriminator learns the real ones by heart; near 1, there are too few of them.")
  /// How far the generator is from the adapted ones.
  public static let distance = StatisticGroup(
    title: "Distance from the adapted generators", unit: "squared",
    meaning: "How far the parameters have moved away from generators that show the concept.")
  /// How much of the concept the judge still finds.
  public static let negatives = StatisticGroup(
    title: "Negatives found", unit: "share",
    meaning: "How much of the concept the judge still finds while the generator trains. This is "
      + "what forgetting brings down.")
  /// How often a classifier is right.
  public static let accuracy = StatisticGroup(
    title: "Right answers", unit: "share",
    meaning: "How often the classifier is right on pictures that it is not trained on.")
  /// The length of a closed loop's step.
  public static let push = StatisticGroup(
    title: "Push per iteration", unit: "of the way from adapted to original",
    meaning: "How far one iteration pushes the parameters away from the concept: less as less of "
      + "it remains.")
}

extension StatisticKey {
  /// The discriminator's logistic loss.
  public static let lossD = StatisticKey(
    "loss_d", title: "Discriminator loss", shortTitle: "D", group: .losses)
  /// The generator's non-saturating loss.
  public static let lossG = StatisticKey(
    "loss_g", title: "Generator loss", shortTitle: "G", group: .losses)
  /// The mean logit of real pictures.
  public static let logitReal = StatisticKey(
    "logit_real", title: "Mean logit of real pictures", group: .logits)
  /// The mean logit of generated pictures.
  public static let logitFake = StatisticKey(
    "logit_fake", title: "Mean logit of generated pictures", group: .logits)
  /// R1, the mean squared gradient norm of the logit on real pictures.
  public static let r1 = StatisticKey("r1", title: "R1 penalty", group: .penalties)
  /// The path length penalty.
  public static let pathLengthPenalty = StatisticKey(
    "path_length_penalty", title: "Path length penalty", group: .penalties)
  /// The running mean of path lengths.
  public static let pathLength = StatisticKey(
    "path_length", title: "Mean path length", group: .pathLength)
  /// The probability of each change of pictures, real and generated ones alike.
  public static let augmentationProbability = StatisticKey(
    "augment_p", title: "Augmentation probability", shortTitle: "p", group: .augmentation)
  /// Elastic weight consolidation, weighted.
  public static let elasticWeightConsolidation = StatisticKey(
    "ewc", title: "Elastic weight consolidation", shortTitle: "EWC", group: .terms)
  /// The squared distance from the adapted generators.
  public static let squaredDistance = StatisticKey(
    "squared_distance", title: "Squared distance", group: .distance)
  /// The repulsion loss, weighted.
  public static let repulsion = StatisticKey("repulsion", title: "Repulsion", group: .terms)
  /// The change of pictures that shall stay.
  public static let retention = StatisticKey(
    "retention", title: "Retention: change of pictures to keep", shortTitle: "kept",
    group: .pictures)
  /// The distance of pictures from those that they shall become.
  public static let redirection = StatisticKey(
    "redirection", title: "Redirection: distance from the target pictures", group: .pictures)
  /// The part of its weight that redirection has.
  public static let redirectionGain = StatisticKey(
    "redirection_gain", title: "Weight of redirection", group: .gain)
  /// The share of negatives among the pictures of an iteration.
  public static let negativeShare = StatisticKey(
    "negative_share", title: "Share of negatives", group: .negatives)
  /// The closed loop's q: what remains of the concept, relative to the original generator.
  public static let remaining = StatisticKey(
    "remaining", title: "Remaining, relative to the original (q)", shortTitle: "class",
    group: .negatives)
  /// The loss of a classifier's training, which is shown and not recorded.
  public static let classifierLoss = StatisticKey(
    "loss", title: "Cross-entropy", shortTitle: "loss", group: .losses)
  /// The loss of pictures that a classifier is not trained on, after each epoch.
  public static let validationLoss = StatisticKey(
    "validation_loss", title: "Cross-entropy of validation pictures",
    shortTitle: "validation loss", group: .losses)
  /// The share of right answers about pictures that a classifier is not trained on, after each epoch.
  public static let validationAccuracy = StatisticKey(
    "validation_accuracy", title: "Validation pictures right", shortTitle: "right",
    group: .accuracy)
  /// The length of the closed loop's step.
  public static let push = StatisticKey("push", title: "Push", group: .push)

  /// Every statistic that Lethe's own trainers, terms and hooks record, in the order to show.
  public static let all: [StatisticKey] =
    [
      .lossD, .lossG, .logitReal, .logitFake, .r1, .pathLengthPenalty, .pathLength,
      .augmentationProbability, .elasticWeightConsolidation, .squaredDistance, .repulsion,
      .retention,
      .redirection, .redirectionGain, .negativeShare, .remaining, .push, .validationLoss,
      .validationAccuracy,
    ] + ofMethods

  /// The statistic with a name on disk.
  ///
  /// - Parameter name: a key of stats.jsonl.
  /// - Returns: one of ``all``; for any other name a statistic of its own, titled by its words.
  public static func named(_ name: String) -> StatisticKey {
    if let known = known[name] { return known }
    let words = name.split(separator: "_").joined(separator: " ")
    let title = words.prefix(1).uppercased() + words.dropFirst()
    return StatisticKey(name, title: title, group: StatisticGroup(title: title))
  }

  private static let known = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}
