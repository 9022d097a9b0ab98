/// How much an audit may cost.
///
/// Every audit that searches or trains takes its counts from here, so that one option bounds them all.
public enum AuditEffort: String, Sendable, CaseIterable {
  /// A few minutes for pictures of 32x32 on two cores: to see whether something is badly wrong.
  case quick
  /// What tables should report.
  case usual
  /// Three to four times that.
  case thorough

  /// Latents whose pictures are judged for shares and distances.
  public var samples: Int {
    switch self {
    case .quick: 1024
    case .usual: 5056
    case .thorough: 20_224
    }
  }

  /// Latents whose pictures are judged again and again: after some iterations of relearning, or for each
  /// strength of noise.
  public var repeatedSamples: Int {
    switch self {
    case .quick: 512
    case .usual: 1024
    case .thorough: 4096
    }
  }

  /// Latents from which a worst-case search starts, in each space.
  public var searchStarts: Int {
    switch self {
    case .quick: 32
    case .usual: 128
    case .thorough: 512
    }
  }

  /// Steps of a search from each start.
  public var searchSteps: Int {
    switch self {
    case .quick: 40
    case .usual: 100
    case .thorough: 200
    }
  }

  /// Pictures that an inversion looks for, of each kind.
  public var invertedPictures: Int {
    switch self {
    case .quick: 8
    case .usual: 32
    case .thorough: 64
    }
  }

  /// Steps of an inversion.
  public var inversionSteps: Int {
    switch self {
    case .quick: 100
    case .usual: 300
    case .thorough: 600
    }
  }

  /// Iterations of relearning, at most.
  public var relearningIterations: Int {
    switch self {
    case .quick: 50
    case .usual: 200
    case .thorough: 800
    }
  }

  /// Draws of each strength of weight noise.
  public var noiseDraws: Int {
    switch self {
    case .quick: 2
    case .usual: 5
    case .thorough: 10
    }
  }
}
