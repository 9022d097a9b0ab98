/// Texts that stand below each other in a table of a terminal.
extension String {
  /// The text, then spaces up to a width in characters; a longer text stays whole.
  public func leftAligned(to width: Int) -> String { self + spaces(to: width) }

  /// Spaces up to a width in characters, then the text; a longer text stays whole.
  public func rightAligned(to width: Int) -> String { spaces(to: width) + self }

  private func spaces(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count))
  }
}
