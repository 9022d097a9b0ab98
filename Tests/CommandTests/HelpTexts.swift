/// What `--help` says, word for word.
enum HelpTexts {
  static let inspect = ""
  static let generate = ""
  static let evaluate = ""
}
