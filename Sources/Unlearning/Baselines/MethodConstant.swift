/// A number that one unlearning method alone has: its name, its usual value, and what it may be.
///
/// What several methods share has a field in ``UnlearningOptions``; the rest of them stands in
/// ``UnlearningOptions/constants``, so that a method with constants of its own is one file.
public struct MethodConstant: Sendable, Equatable {
  /// The name in records, recipes and on the command line, in snake_case.
  public let name: String
  /// The value unless somebody sets another.
  public let usual: Double
  /// What it may be; both ends are allowed.
  public let range: ClosedRange<Double>
  /// Whether it counts something.
  public let isWhole: Bool
  /// What it is, in a few words.
  public let summary: String

  /// A constant.
  ///
  /// - Parameters:
  ///   - name: in snake_case.
  ///   - usual: the value unless somebody sets another.
  ///   - range: what it may be.
  ///   - isWhole: whether it counts something.
  ///   - summary: what it is, in a few words.
  public init(
    _ name: String, _ usual: Double, in range: ClosedRange<Double>, isWhole: Bool = false,
    summary: String
  ) {
    self.name = name
    self.usual = usual
    self.range = range
    self.isWhole = isWhole
    self.summary = summary
  }

  /// A value as records spell it: no decimals where there are none.
  ///
  /// - Parameter value: finite.
  /// - Returns: `10`, `0.5`, `5e-05`.
  public static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// What it may be, for a sentence.
  public var expectation: String {
    let numbers = isWhole ? "a whole number, " : ""
    let lowest = Self.text(range.lowerBound)
    return range.upperBound == ClosedRange.from(0).upperBound
      ? "\(numbers)at least \(lowest)"
      : "\(numbers)\(lowest) to \(Self.text(range.upperBound))"
  }

  /// Whether a value is one that it may have.
  ///
  /// - Parameter value: of this constant.
  /// - Returns: whether it is in ``range``, and whole where it counts something.
  public func accepts(_ value: Double) -> Bool {
    range.contains(value) && (!isWhole || value == value.rounded())
  }
}

extension ClosedRange where Bound == Double {
  /// From a number on, without an end that matters.
  ///
  /// - Parameter lowest: the smallest number.
  /// - Returns: the range.
  public static func from(_ lowest: Double) -> ClosedRange<Double> {
    lowest...1e15
  }
}
