/// What the toy of a mixture of Gaussians shows: the points of its pictures, and how the samples of each
/// generator are shared out among the components.
public struct MixtureRecord: Sendable, Equatable {
  /// A generator along the way of the method.
  public enum Generator: String, Sendable, CaseIterable {
    /// Trained on the whole mixture.
    case original
    /// Adapted to the components to forget.
    case adapted
    /// Trained on the others, and repelled from the adapted one.
    case unlearned
    /// The same without repulsion.
    case withoutRepulsion = "without_repulsion"

    /// What tables call it.
    public var title: String {
      switch self {
      case .original: "Original"
      case .adapted: "Adapted"
      case .unlearned: "Unlearned"
      case .withoutRepulsion: "Without repulsion"
      }
    }
  }

  /// A point in the plane.
  public struct Point: Sendable, Equatable {
    /// To the right.
    public var x: Double
    /// Upward.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A picture: points by what they belong to.
  public struct Panel: Sendable, Equatable {
    /// What the picture shows.
    public var title: String
    /// The points of components that stay.
    public var kept: [Point]
    /// The points of components to forget.
    public var forgotten: [Point]

    /// A picture.
    public init(_ title: String, kept: [Point], forgotten: [Point]) {
      self.title = title
      self.kept = kept
      self.forgotten = forgotten
    }
  }

  /// How the samples of a generator are shared out.
  public struct Row: Sendable, Equatable {
    /// Whose samples.
    public var generator: Generator
    /// The share of each component, in percent.
    public var shares: [Double]
    /// The share near any centre, in percent.
    public var nearShare: Double

    /// How the samples of a generator are shared out.
    public init(_ generator: Generator, shares: [Double], nearShare: Double) {
      self.generator = generator
      self.shares = shares
      self.nearShare = nearShare
    }
  }

  /// The share of the components to forget, in percent, while a generator was trained.
  public struct Course: Sendable, Equatable {
    /// Which generator.
    public var generator: Generator
    /// Iterations along x, the share along y.
    public var points: [Point]

    /// A course.
    public init(_ generator: Generator, _ points: [Point]) {
      self.generator = generator
      self.points = points
    }

    /// Below this share, in percent, the components count as forgotten.
    public static let threshold = 2.0

    /// The first iteration at which they are forgotten, and the largest share from then on; nil if they
    /// never are.
    public var forgetting: (iteration: Int, rebound: Double)? {
      guard let first = points.firstIndex(where: { $0.y < Self.threshold }) else { return nil }
      let rest = points[first...].map(\.y)
      return (Int(points[first].x), rest.max() ?? 0)
    }
  }

  /// The centres of the components, in the order of their numbers.
  public var centres: [Point]
  /// The numbers of the components to forget.
  public var forgotten: [Int]
  /// The pictures, in the order to show: those of the paper, then others.
  public var panels: [Panel]
  /// How samples are shared out, in the order to show.
  public var rows: [Row]
  /// How the share of the components to forget went.
  public var courses: [Course]

  /// How many of ``panels`` the paper has.
  public static let paperPanelCount = 6

  /// A record.
  ///
  /// - Parameters:
  ///   - centres: of the components, in the order of their numbers.
  ///   - forgotten: the numbers of the components to forget.
  ///   - panels: the pictures, in the order to show.
  ///   - rows: how samples are shared out.
  ///   - courses: how the share of the components to forget went.
  public init(
    centres: [Point], forgotten: [Int], panels: [Panel], rows: [Row], courses: [Course]
  ) {
    self.centres = centres
    self.forgotten = forgotten
    self.panels = panels
    self.rows = rows
    self.courses = courses
  }

  /// The numbers of the components that stay.
  public var kept: [Int] { centres.indices.filter { !forgotten.contains($0) } }

  /// How the samples of a generator are shared out; nil where that was not measured.
  ///
  /// - Parameter generator: whose samples.
  public subscript(_ generator: Generator) -> Row? { rows.first { $0.generator == generator } }

  /// The share of the components to forget, in percent.
  ///
  /// - Parameter row: of this record.
  /// - Returns: the sum of their shares.
  public func forgottenShare(_ row: Row) -> Double {
    forgotten.reduce(0) { $0 + row.shares[$1] }
  }

  /// What tables call a component, such as `5 (-1.41, -1.41)`.
  ///
  /// - Parameter number: of a component.
  /// - Returns: its number and its centre.
  public func name(of number: Int) -> String {
    let centre = centres[number]
    func text(_ value: Double) -> String { NumberText.plain(value, decimals: 2) }
    return "\(number) (\(text(centre.x)), \(text(centre.y)))"
  }
}
