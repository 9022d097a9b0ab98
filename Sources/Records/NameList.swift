extension [String] {
  /// The names in a sentence: the first ones, and how many more there are.
  ///
  /// - Parameter most: How many are named.
  /// - Returns: such as `cat, dog and 8 more`.
  public func listed(atMost most: Int) -> String {
    let shown = prefix(most).joined(separator: ", ")
    return count > most ? "\(shown) and \(count - most) more" : shown
  }
}
