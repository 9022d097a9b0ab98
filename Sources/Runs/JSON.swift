/// A JSON value whose objects keep the order in which their keys were set.
///
/// Options, statistics, metrics and `--json` output all pass through this type, so that the same
/// values always give the same bytes:
///
/// ```swift
/// let metrics: JSON = ["pul": 96.1, "samples": 5056, "seed": 0]
/// print(metrics.encoded())
/// ```
///
/// Whole numbers and floating-point numbers are distinct: `1` stays `.integer(1)`, `1.0` stays
/// `.number(1)`, through any number of round trips.
public enum JSON: Sendable, Equatable {
  /// Nothing.
  case null
  /// A truth value.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A floating-point number, written in the shortest form that reads back as the same bits.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSON])
  /// Values by key, in order.
  case object(Object)
}

// MARK: - Literals

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// The value `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object; of two equal keys, the later value stays.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Object(elements)) }
}

// MARK: - From Swift values

extension JSON {
  /// A truth value, or `null` for nil.
  public init(_ value: Bool?) { self = value.map(JSON.bool) ?? .null }

  /// A whole number, or `null` for nil.
  ///
  /// - Parameter value: Beyond the range of `Int` (a seed near 2⁶⁴) it becomes a string of digits, as
  ///   readers elsewhere would round it.
  public init(_ value: (some BinaryInteger)?) {
    guard let value else {
      self = .null
      return
    }
    self = Int(exactly: value).map(JSON.integer) ?? .string("\(value)")
  }

  /// A floating-point number, or `null` for nil.
  public init(_ value: Double?) { self = value.map(JSON.number) ?? .null }

  /// A string, or `null` for nil.
  public init(_ value: String?) { self = value.map(JSON.string) ?? .null }

  /// A list of strings.
  public init(_ values: [String]) { self = .array(values.map(JSON.string)) }

  /// A list of numbers.
  public init(_ values: [Double]) { self = .array(values.map(JSON.number)) }

  /// A list of whole numbers.
  public init(_ values: [Int]) { self = .array(values.map(JSON.integer)) }
}

// MARK: - To Swift values

extension JSON {
  /// The truth value, or nil for every other kind.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The whole number, or nil for every other kind.
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The number, whole or not, or nil for every other kind.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The string, or nil for every other kind.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The elements, or nil for every other kind.
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

  /// The object, or nil for every other kind.
  public var object: Object? { if case .object(let value) = self { value } else { nil } }

  /// The value of `key` if this is an object that has it.
  public subscript(key: String) -> JSON? { object?[key] }
}
