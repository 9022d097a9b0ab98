import Foundation

/// Numbers as people read them.
enum NumberText {
  /// A whole number with commas, `5,056`.
  static func grouped(_ value: Int) -> String {
    var text = String(value.magnitude)
    var end = text.endIndex
    while text.distance(from: text.startIndex, to: end) > 3 {
      end = text.index(end, offsetBy: -3)
      text.insert(",", at: end)
    }
    return value < 0 ? "−" + text : text
  }

  /// A number with about four significant digits, `19.31`, `0.00213`, `5,056`, `1.2 × 10⁻⁵`.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value > 0 ? "∞" : "−∞" }
    if value == 0 { return "0" }
    let size = abs(value)
    guard size >= 0.0005, size < 1e9 else { return scientific(value) }
    if value == value.rounded() { return grouped(Int(value)) }
    let decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 5
    return fixed(value, decimals: decimals, trimmed: true)
  }

  /// A number with so many decimals, `−0.50`.
  static func fixed(_ value: Double, decimals: Int, trimmed: Bool = false) -> String {
    var text = String(format: "%.\(decimals)f", abs(value))
    if trimmed, text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    let parts = text.split(separator: ".", maxSplits: 1)
    if let whole = parts.first.flatMap({ Int($0) }) {
      text = grouped(whole) + (parts.count > 1 ? "." + parts[1] : "")
    }
    let isZero = !text.contains { $0 != "0" && $0 != "." && $0 != "," }
    return value < 0 && !isZero ? "−" + text : text
  }

  /// A power of ten, `10⁻³`.
  static func power(_ exponent: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return "10" + String(String(exponent).compactMap { digits[$0] })
  }

  private static func scientific(_ value: Double) -> String {
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
    let mantissa = parts[0].replacingOccurrences(of: "-", with: "−")
    return "\(mantissa) × \(power(exponent))"
  }
}
