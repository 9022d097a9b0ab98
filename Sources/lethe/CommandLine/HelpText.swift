import Foundation

/// Help that keeps its examples whole.
///
/// The parser breaks lines at spaces, in narrow terminals also those of examples, which nobody can copy
/// then. It does not break at spaces that say so; they become plain ones when the help is shown.
enum HelpText {
  private static let unbreakable = "\u{a0}"

  /// Lines that help shows as they are, however narrow the terminal; they come last in a discussion.
  static func examples(_ lines: String...) -> String {
    "\n\n" + lines.map { ("  " + $0).replacing(" ", with: unbreakable) }.joined(separator: "\n")
  }

  /// Sees to it that the parser has some room beside the names of options: it takes the width from the
  /// environment, or asks the terminal, and in a narrow one writes no help at all.
  static func requireRoom() {
    let smallest = 40
    var size = winsize()
    let asked = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    let told = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
    guard let width = asked ?? (told > 0 ? told : nil), width < smallest else { return }
    setenv("COLUMNS", "\(smallest)", 1)
  }

  /// The parser's text as it is shown.
  static func shown(_ text: String) -> String { text.replacing(unbreakable, with: " ") }
}
