/// What audits have found of an unlearned generator and of those that it is compared with.
///
/// An audit asks whether a concept is really gone, in one way. Its answer for the unlearned generator means
/// little alone: each audit asks the same of controls, such as the original and a generator that was
/// retrained without the concept.
public struct AuditRecord: Sendable, Equatable {
  /// What was to be forgotten, as the judge names it.
  public var forgotten: [String]
  /// The generators that were audited, in the order to show.
  public var generators: [Generator]
  /// What each audit has found, in the order to show.
  public var entries: [Entry]
  /// What makes some of the numbers doubtful, or is missing; each a sentence.
  public var warnings: [String]

  /// A record.
  ///
  /// - Parameters:
  ///   - forgotten: what was to be forgotten, as the judge names it.
  ///   - generators: the generators that were audited, in the order to show.
  ///   - entries: what each audit has found, in the order to show.
  ///   - warnings: what makes some of the numbers doubtful, or is missing.
  public init(
    forgotten: [String], generators: [Generator], entries: [Entry] = [], warnings: [String] = []
  ) {
    self.forgotten = forgotten
    self.generators = generators
    self.entries = entries
    self.warnings = warnings
  }

  /// What a generator is to an audit.
  public enum Role: String, Sendable, CaseIterable {
    /// The one that was to forget.
    case unlearned
    /// The one before, which shows the concept.
    case original
    /// The point of the line through the adapted and the original that has forgotten as much: the cheapest
    /// thing that one could do instead.
    case extrapolated
    /// One that never saw the concept: what perfect forgetting would give.
    case retrained
  }

  /// A generator that was audited.
  public struct Generator: Sendable, Equatable {
    /// What it is to the audit; each once in a record.
    public var role: Role
    /// What it is called in tables, such as `extrapolation, gamma 2.3`.
    public var name: String
    /// The file that it came from; nil for one that was computed.
    public var file: String?
    /// The digest of its parameters, whatever file they lie in.
    public var digest: String?

    /// A generator.
    ///
    /// - Parameters:
    ///   - role: what it is to the audit.
    ///   - name: what it is called in tables.
    ///   - file: the file that it came from; nil for one that was computed.
    ///   - digest: the digest of its parameters.
    public init(_ role: Role, name: String, file: String? = nil, digest: String? = nil) {
      self.role = role
      self.name = name
      self.file = file
      self.digest = digest
    }
  }

  /// What one audit has found.
  public struct Entry: Sendable, Equatable {
    /// The audit's name, as options spell it: `worst-case`.
    public var name: String
    /// The audit's name in headings.
    public var title: String
    /// What it asks, in a sentence.
    public var question: String
    /// Where the idea comes from, with the address.
    public var source: String
    /// The answers, in the order of the record's generators.
    public var answers: [Answer]

    /// An entry.
    ///
    /// - Parameters:
    ///   - name: the audit's name, as options spell it.
    ///   - title: its name in headings.
    ///   - question: what it asks, in a sentence.
    ///   - source: where the idea comes from, with the address.
    ///   - answers: in the order of the record's generators.
    public init(
      name: String, title: String, question: String, source: String, answers: [Answer] = []
    ) {
      self.name = name
      self.title = title
      self.question = question
      self.source = source
      self.answers = answers
    }
  }

  /// What one audit has found of one generator.
  public struct Answer: Sendable, Equatable {
    /// Of which generator.
    public var role: Role
    /// Why there is no answer, in a sentence; nil where there is one.
    public var reason: String?
    /// The numbers, the one that counts most first.
    public var measurements: [MetricMeasurement]
    /// How a number goes with another, such as pictures of the concept with iterations.
    public var curves: [Curve]
    /// Pictures to look at.
    public var pictures: [PictureFile]
    /// How long it took, in seconds.
    public var seconds: Double

    /// An answer.
    ///
    /// - Parameters:
    ///   - role: of which generator.
    ///   - reason: why there is no answer; nil where there is one.
    ///   - measurements: the numbers, the one that counts most first.
    ///   - curves: how a number goes with another.
    ///   - pictures: pictures to look at.
    ///   - seconds: how long it took.
    public init(
      _ role: Role, reason: String? = nil, measurements: [MetricMeasurement] = [],
      curves: [Curve] = [], pictures: [PictureFile] = [], seconds: Double = 0
    ) {
      self.role = role
      self.reason = reason
      self.measurements = measurements
      self.curves = curves
      self.pictures = pictures
      self.seconds = seconds
    }
  }

  /// A number that goes with another.
  public struct Curve: Sendable, Equatable {
    /// The name on disk, in snake_case; curves of one name are drawn together.
    public var name: String
    /// What the chart shows.
    public var title: String
    /// The horizontal axis with its unit.
    public var xTitle: String
    /// The vertical axis with its unit.
    public var yTitle: String
    /// The points, x ascending.
    public var points: [Point]

    /// A curve.
    ///
    /// - Parameters:
    ///   - name: the name on disk, in snake_case.
    ///   - title: what the chart shows.
    ///   - xTitle: the horizontal axis with its unit.
    ///   - yTitle: the vertical axis with its unit.
    ///   - points: x ascending.
    public init(
      _ name: String, title: String, xTitle: String, yTitle: String, points: [Point] = []
    ) {
      self.name = name
      self.title = title
      self.xTitle = xTitle
      self.yTitle = yTitle
      self.points = points
    }
  }

  /// A point of a curve.
  public struct Point: Sendable, Equatable {
    /// Where.
    public var x: Double
    /// How much.
    public var y: Double

    /// A point.
    ///
    /// - Parameters:
    ///   - x: where.
    ///   - y: how much.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A picture beside the record.
  public struct PictureFile: Sendable, Equatable {
    /// Its path in the folder of the audit.
    public var path: String
    /// What it shows.
    public var caption: String

    /// A picture.
    ///
    /// - Parameters:
    ///   - path: its path in the folder of the audit.
    ///   - caption: what it shows.
    public init(path: String, caption: String) {
      self.path = path
      self.caption = caption
    }
  }
}
