import Foundation

/// Numbers as people read them: in plain characters on a terminal, typeset on a page.
public enum NumberText {}

// MARK: - Plain

extension NumberText {
  /// A number in plain characters with a given count of decimals, `-0.50`.
  ///
  /// - Parameters:
  ///   - value: Any number.
  ///   - decimals: Digits after the point; not negative.
  /// - Returns: no sign before a number that is rounded to zero.
  public static func plain(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    guard text.hasPrefix("-"), text.allSatisfy({ "-0.".contains($0) }) else { return text }
    return String(text.dropFirst())
  }

  /// A number in plain characters with three significant digits, `0.812`, `12.5`, `3040`, `1.2e-5`.
  ///
  /// - Parameter value: Any number.
  /// - Returns: fixed-point digits from a thousandth to a million, an exponent beyond.
  public static func plain(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    let size = abs(value)
    if size == 0 { return "0" }
    guard size >= 0.001, size < 1_000_000 else {
      let (mantissa, exponent) = scientific(value)
      return "\(mantissa)e\(exponent)"
    }
    let decimals = size >= 999.5 ? 0 : size >= 9.995 ? 1 : size >= 1 ? 2 : 3
    return plain(value, decimals: decimals)
  }

  /// Seconds as `0:07`, `12:05` or `1:02:03`.
  ///
  /// - Parameter seconds: Negative or not finite gives `?`.
  /// - Returns: hours only where there are any.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// The digits before the power of ten, such as `-1.2`, and its exponent.
  private static func scientific(_ value: Double) -> (mantissa: Substring, exponent: Int) {
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else {
      preconditionFailure("\(value) has no exponent")
    }
    return (parts[0], exponent)
  }
}

// MARK: - Typeset

extension NumberText {
  /// A whole number with commas, `5,056`.
  ///
  /// - Parameter value: Any number.
  /// - Returns: a true minus sign before a negative one.
  public static func grouped(_ value: Int) -> String {
    var text = String(value.magnitude)
    var end = text.endIndex
    while text.distance(from: text.startIndex, to: end) > 3 {
      end = text.index(end, offsetBy: -3)
      text.insert(",", at: end)
    }
    return value < 0 ? "−" + text : text
  }

  /// A number with about four significant digits, `19.31`, `0.00213`, `5,056`, `1.2 × 10⁻⁵`.
  ///
  /// - Parameter value: Any number.
  /// - Returns: a power of ten for very small and very large numbers.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value > 0 ? "∞" : "−∞" }
    if value == 0 { return "0" }
    let size = abs(value)
    guard size >= 0.0005, size < 1e9 else {
      let (mantissa, exponent) = scientific(value)
      return "\(mantissa.replacing("-", with: "−")) × \(power(exponent))"
    }
    if value == value.rounded() { return grouped(Int(value)) }
    let decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 5
    return fixed(value, decimals: decimals, trimmed: true)
  }

  /// A number with a given count of decimals, `−0.50`.
  ///
  /// - Parameters:
  ///   - value: Any number.
  ///   - decimals: Digits after the point; not negative.
  ///   - trimmed: Whether to leave out zeros at the end.
  /// - Returns: with commas and a true minus sign.
  public static func fixed(_ value: Double, decimals: Int, trimmed: Bool = false) -> String {
    var text = plain(value, decimals: decimals)
    let isNegative = text.hasPrefix("-")
    if isNegative { text.removeFirst() }
    if trimmed, text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    let parts = text.split(separator: ".", maxSplits: 1)
    if let whole = parts.first.flatMap({ Int($0) }) {
      text = grouped(whole) + (parts.count > 1 ? "." + parts[1] : "")
    }
    return isNegative ? "−" + text : text
  }

  /// A power of ten, `10⁻³`.
  ///
  /// - Parameter exponent: Any exponent.
  /// - Returns: in characters that stand above the line by themselves.
  public static func power(_ exponent: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return "10" + String(String(exponent).compactMap { digits[$0] })
  }
}
