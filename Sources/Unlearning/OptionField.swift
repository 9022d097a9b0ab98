import GANs

/// The names of options in what refuses them.
enum OptionField {
  /// Checks a part of options; what it refuses is named within the whole, such as `training.batch_size`.
  ///
  /// - Parameters:
  ///   - part: the name of the part, as records spell it.
  ///   - check: of the part.
  /// - Throws: what the check throws.
  static func inside(_ part: String, _ check: () throws -> Void) throws {
    do {
      try check()
    } catch UnlearningError.outOfRange(let field, let value, let expected) {
      throw UnlearningError.outOfRange(
        field: "\(part).\(field)", value: value, expected: expected)
    } catch ConfigurationError.outOfRange(let field, let value, let expected) {
      throw ConfigurationError.outOfRange(
        field: "\(part).\(field)", value: value, expected: expected)
    }
  }
}
