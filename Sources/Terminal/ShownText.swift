import Records

/// What strangers wrote, as it may be printed: names in files, paths, messages of libraries.
///
/// A name from a file may hold escape sequences that move the cursor or set the title, line breaks
/// that forge rows, characters that turn the direction of what follows, or five thousand letters. It
/// is shown, never obeyed: `\u{1b}` stands for the control that it names, and `…` for what was left
/// out. Everything that reaches a terminal passes through here.
public enum ShownText {
  /// How many characters of a name, or of any word without a blank, are shown.
  public static let longestWord = 200
  /// How many characters of a message are shown.
  public static let longestMessage = 4000

  /// A name on one line: the cell of a table, a path, a class.
  ///
  /// - Parameter name: As it was read.
  /// - Returns: without controls or line breaks; of a long one, its beginning and its end.
  public static func name(_ name: String) -> String {
    escaped(shortened(name, to: longestWord)) { _ in false }
  }

  /// A sentence of ours with what it quotes, on one line.
  ///
  /// - Parameter sentence: An error, a note.
  /// - Returns: without controls or line breaks; long words and long sentences lose their middle.
  public static func sentence(_ sentence: String) -> String {
    let words = sentence.split(separator: " ", omittingEmptySubsequences: false)
      .map { shortened(String($0), to: longestWord) }
    return escaped(shortened(words.joined(separator: " "), to: longestMessage)) { _ in false }
  }

  /// A text of ours that has lines of its own: a table, a help page, JSON.
  ///
  /// Cells in it that strangers wrote have passed through ``name(_:)`` before.
  ///
  /// - Parameter page: Lines.
  /// - Returns: the same lines, without any control but tabs.
  public static func page(_ page: String) -> String {
    escaped(page) { $0 == "\n" || $0 == "\t" }
  }

  /// A text of ours whose lines that end in a mark are red.
  ///
  /// - Parameters:
  ///   - page: See ``page(_:)``.
  ///   - mark: A word that stands at the end of a line, after a blank.
  /// - Returns: the same lines; the controls around the marked ones are the only ones.
  static func page(_ page: String, colouring mark: String) -> String {
    self.page(page).split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasSuffix(" " + mark) ? "\u{1b}[31m\(line)\u{1b}[0m" : String(line)
    }.joined(separator: "\n")
  }

  private static func escaped(
    _ text: String, sparing isSpared: (Unicode.Scalar) -> Bool
  ) -> String {
    func mustGo(_ scalar: Unicode.Scalar) -> Bool { scalar.isObeyed && !isSpared(scalar) }
    guard text.unicodeScalars.contains(where: mustGo) else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if mustGo(scalar) {
        shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// Counted in scalars: a single letter may carry thousands of accents.
  private static func shortened(_ text: String, to limit: Int) -> String {
    // A scalar takes at most four bytes, so that most texts are not walked through.
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
    let end = limit / 3
    var shown = String.UnicodeScalarView(text.unicodeScalars.prefix(limit - end - 1))
    shown.append("…")
    shown.append(contentsOf: text.unicodeScalars.suffix(end))
    return String(shown)
  }
}
