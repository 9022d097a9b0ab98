extension Unicode.Scalar {
  /// Whether a terminal or an editor obeys it instead of showing it.
  ///
  /// That is the controls of Unicode (C0, C1 and DEL), the separators of lines and paragraphs, and
  /// all format characters, among them those that turn the direction of text. The two that join
  /// letters and pictures are part of how languages and emoji are written, and stay.
  public var isObeyed: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: value != 0x200c && value != 0x200d
    default: false
    }
  }
}
