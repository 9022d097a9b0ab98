import Foundation

/// Escaping of words from outside: paths, class names, options.
enum Markup {
  /// Text safe between tags and inside quoted attributes of HTML and SVG.
  static func html(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // XML knows no other control characters, not even escaped ones.
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text that Markdown takes as it stands, on one line, also inside a table.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~", "!", "&":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{7f}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text in a fixed-width face of Markdown, whatever backticks it holds.
  static func markdownCode(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var longest = 0
    var run = 0
    for character in line {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let padding = longest > 0 ? " " : ""
    // Tables split at bars even inside code.
    return fence + padding + line.replacingOccurrences(of: "|", with: "\\|") + padding + fence
  }
}
