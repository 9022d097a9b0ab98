import Foundation

/// Where styles may go that pictures are projected to.
public enum ProjectionSpace: String, Sendable, CaseIterable {
  /// One style for all layers, as the mapping network makes them: a picture is reproduced as far as the
  /// generator would make it.
  case w
  /// A style for each layer: more pictures are reproduced, also such as the generator would never make.
  case wPlus = "w+"
}

/// Which noise maps projected pictures have.
public enum ProjectionNoise: String, Sendable, CaseIterable {
  /// Maps of each picture, which are searched for with its styles.
  case optimised
  /// Those of the checkpoint.
  case fixed
}

/// How a picture's styles are searched for: as the projector of StyleGAN2 does.
///
/// Karras et al. 2020, appendix D. Adam moves the style from the mean one. Noise is added to it, less and less, so that the search does
/// not stay in the first small hollow.
public struct ProjectionSettings: Sendable, Equatable {
  /// Where styles may go.
  public var space: ProjectionSpace
  /// Steps of Adam.
  public var steps: Int
  /// Which noise maps the pictures have.
  public var noise: ProjectionNoise

  /// The most steps: a hundred times the usual number.
  public static let mostSteps = 100_000
  /// Latents that the mean style, and how far styles are from it, are taken from.
  public static let styleCount = 10_000
  /// The learning rate between rise and fall.
  public static let learningRate = 0.1
  /// The share of the steps in which the learning rate rises from 0.
  public static let riseShare = 0.05
  /// The share of the steps in which it falls to 0, along half a cosine.
  public static let fallShare = 0.25
  /// The noise on styles in the beginning, as a share of how far styles are from the mean one.
  public static let styleNoise = 0.05
  /// The share of the steps in which this noise falls to 0, along a parabola.
  public static let styleNoiseShare = 0.75
  /// The weight of what keeps noise maps from showing the picture.
  public static let noiseWeight = 1e5

  /// Settings; the defaults are those of the public projectors.
  ///
  /// - Parameters:
  ///   - space: where styles may go.
  ///   - steps: steps of Adam, 1 to ``mostSteps``.
  ///   - noise: which noise maps the pictures have.
  public init(
    space: ProjectionSpace = .w, steps: Int = 1000, noise: ProjectionNoise = .optimised
  ) {
    self.space = space
    self.steps = steps
    self.noise = noise
  }

  /// The learning rate of a step.
  ///
  /// - Parameter step: from 0.
  /// - Returns: the rate.
  func learningRate(at step: Int) -> Double {
    let time = Double(step) / Double(steps)
    let fall = 0.5 - 0.5 * cos(.pi * min(1, (1 - time) / Self.fallShare))
    return Self.learningRate * fall * min(1, time / Self.riseShare)
  }

  /// The noise on styles at a step, as a share of how far styles are from the mean one.
  ///
  /// - Parameter step: from 0.
  /// - Returns: the share.
  func styleNoise(at step: Int) -> Double {
    let rest = max(0, 1 - Double(step) / Double(steps) / Self.styleNoiseShare)
    return Self.styleNoise * rest * rest
  }
}
