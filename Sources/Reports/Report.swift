import Foundation

/// A document about a run: the main numbers first, then pictures, charts and tables.
///
/// ``html()`` gives one file that needs nothing else; ``markdown(beside:)``, ``latex(beside:)`` and
/// ``text(beside:)`` give the same words and tables, with pictures as paths. A report knows nothing
/// of runs; ``RunReport`` builds one from a run directory, ``RunComparison`` one from several.
public struct Report: Sendable, Equatable {
  /// The title.
  public var title: String
  /// A line below the title.
  public var subtitle: String
  /// What was found, each claim with its evidence, above everything else.
  public var verdict: [Claim]
  /// The main numbers, in large type.
  public var headline: [Figure]
  /// What the main numbers mean, in a sentence or two below them.
  public var summary: String
  /// The body.
  public var sections: [Section]
  /// A line at the end.
  public var footer: String

  /// A report, empty but for what is given.
  public init(
    title: String, subtitle: String = "", verdict: [Claim] = [], headline: [Figure] = [],
    summary: String = "", sections: [Section] = [], footer: String = ""
  ) {
    self.title = title
    self.subtitle = subtitle
    self.verdict = verdict
    self.headline = headline
    self.summary = summary
    self.sections = sections
    self.footer = footer
  }

  /// A sentence with the numbers that it rests on.
  public struct Claim: Sendable, Equatable {
    /// The sentence, with its full stop.
    public var sentence: String
    /// The numbers, each in a few words.
    public var evidence: [String]
    /// Whether it is marked, in colour; the sentence says it in words.
    public var isPoor: Bool

    /// A sentence with its evidence.
    public init(_ sentence: String, evidence: [String], isPoor: Bool = false) {
      self.sentence = sentence
      self.evidence = evidence
      self.isPoor = isPoor
    }
  }

  /// A number in large type with what it counts.
  public struct Figure: Sendable, Equatable {
    /// The number with its unit, `96.1 %`.
    public var value: String
    /// What it is.
    public var label: String
    /// Whether it is marked, in words and in colour.
    public var isPoor: Bool

    /// A number and what it is.
    public init(_ value: String, _ label: String, isPoor: Bool = false) {
      self.value = value
      self.label = label
      self.isPoor = isPoor
    }
  }

  /// A heading and what stands below it.
  public struct Section: Sendable, Equatable {
    /// The heading.
    public var heading: String
    /// The content from top to bottom.
    public var blocks: [Block]

    /// A section of the given content.
    public init(_ heading: String, _ blocks: [Block]) {
      self.heading = heading
      self.blocks = blocks
    }
  }

  /// One thing in a section.
  public enum Block: Sendable, Equatable {
    /// Sentences.
    case paragraph(String)
    /// Names and values in two columns.
    case facts([Fact])
    /// A table with a head.
    case table(DataTable)
    /// Charts, side by side where there is room.
    case charts([Chart])
    /// Pictures, side by side where there is room.
    case pictures([Picture])
  }

  /// A name and its value.
  public struct Fact: Sendable, Equatable {
    /// What it is.
    public var name: String
    /// Its value.
    public var value: String
    /// Whether the value is something to copy: a path, a hash, a command line.
    public var isCode: Bool

    /// A name and its value.
    public init(_ name: String, _ value: String, isCode: Bool = false) {
      self.name = name
      self.value = value
      self.isCode = isCode
    }
  }

  /// A table with a head.
  public struct DataTable: Sendable, Equatable {
    /// How the cells of a column stand.
    public enum Alignment: Sendable {
      /// Words.
      case leading
      /// Numbers.
      case trailing
      /// Paths and hashes, in a fixed-width face.
      case code
    }

    /// What the table shows, above it.
    public var caption: String
    /// Titles of the columns.
    public var columns: [(title: String, alignment: Alignment)]
    /// Cells, row by row.
    public var rows: [[String]]
    /// Rows in bold, by index.
    public var emphasized: Set<Int>
    /// Rows in the colour of poor results, by index; their cells say so in words.
    public var poor: Set<Int>
    /// Cells in bold, such as the best of each row.
    public var best: Set<Cell>

    /// The place of a cell.
    public struct Cell: Sendable, Hashable {
      /// The index of its row.
      public var row: Int
      /// The index of its column.
      public var column: Int

      /// The place of a cell.
      public init(row: Int, column: Int) {
        self.row = row
        self.column = column
      }
    }

    /// A table.
    ///
    /// - Parameters:
    ///   - caption: What the table shows.
    ///   - columns: Titles and alignment.
    ///   - rows: Cells, row by row.
    ///   - emphasized: Rows in bold, by index.
    ///   - poor: Rows in the colour of poor results, by index.
    ///   - best: Cells in bold.
    /// - Precondition: Every row has as many cells as there are columns.
    public init(
      caption: String, columns: [(title: String, alignment: Alignment)], rows: [[String]],
      emphasized: Set<Int> = [], poor: Set<Int> = [], best: Set<Cell> = []
    ) {
      for row in rows {
        precondition(row.count == columns.count, "\(row.count) cells, \(columns.count) columns")
      }
      self.caption = caption
      self.columns = columns
      self.rows = rows
      self.emphasized = emphasized
      self.poor = poor
      self.best = best
    }

    /// Whether both show the same.
    public static func == (left: DataTable, right: DataTable) -> Bool {
      left.caption == right.caption && left.rows == right.rows
        && left.emphasized == right.emphasized && left.poor == right.poor
        && left.best == right.best && left.columns.elementsEqual(right.columns, by: ==)
    }
  }

  /// A chart of any kind.
  public enum Chart: Sendable, Equatable {
    /// Curves.
    case line(LineChart)
    /// Grouped bars.
    case bar(BarChart)
    /// Points in the plane.
    case scatter(ScatterChart)
    /// What methods reach against what it costs.
    case tradeOff(TradeOffChart)
  }
}
