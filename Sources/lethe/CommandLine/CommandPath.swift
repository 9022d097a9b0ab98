import ArgumentParser

/// One command of the tree, with those above it.
struct CommandPath {
  /// The commands above, the outermost first.
  let above: [any ParsableCommand.Type]
  /// The command.
  let type: any ParsableCommand.Type

  /// `lethe` itself.
  static var root: CommandPath { CommandPath(above: [], type: Lethe.self) }

  /// As a user calls it, such as `lethe train gan`.
  var name: String { (above + [type]).map { $0._commandName }.joined(separator: " ") }

  /// The commands below it.
  var subcommands: [CommandPath] {
    type.configuration.subcommands.map { CommandPath(above: above + [type], type: $0) }
  }

  /// The commands at the ends of the tree, which do something.
  var leaves: [CommandPath] {
    subcommands.isEmpty ? [self] : subcommands.flatMap(\.leaves)
  }

  /// The command below it that has a name.
  func subcommand(named name: String) -> CommandPath? {
    subcommands.first { $0.type._commandName == name }
  }

  /// How to call it, and where to read more.
  var usage: String {
    let above = above.map { $0._commandName + " " }.joined()
    let synopsis = type.configuration.usage ?? above + type.usageString()
    return synopsis.split(separator: "\n").enumerated().map { index, line in
      (index == 0 ? "Usage: " : "       ") + line
    }.joined(separator: "\n") + "\n  See '\(name) --help' for more information."
  }
}
