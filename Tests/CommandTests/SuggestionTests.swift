import Testing

@testable import lethe

/// A name that does not exist is answered with the one that may have been meant.
@Suite struct SuggestionTests {
  @Test(arguments: [
    ("adapt", "--iter", ". Did you mean '--iterations'?"),
    ("train gan", "--iter", ". Did you mean '--iterations'?"),
    ("adapt", "--path", ". Did you mean '--path-length' or '--path-length-interval'?"),
    ("adapt", "--rate", ". Did you mean '--learning-rate'?"),
    ("adapt", "--ouptut", ". Did you mean '--output'?"),
    ("adapt", "--jsn", ". Did you mean '--json'?"),
    ("adapt", "-o", ". Did you mean '--output'?"),
    ("adapt", "--qqqqqqq", ""),
  ])
  func `U14 an unknown option is told the nearest ones, by prefix first`(
    command: String, option: String, suggestion: String
  ) {
    #expect(
      EveryCommand.refusal(command, [option, "10"]) == "Unknown option '\(option)'\(suggestion)")
    #expect(
      EveryCommand.refusal(command, ["\(option)=10"]) == "Unknown option '\(option)'\(suggestion)")
  }

  @Test(arguments: [
    (["adpt", "--gan", "x"], "Unknown command 'adpt'. Did you mean 'adapt'?"),
    (["gen"], "Unknown command 'gen'. Did you mean 'generate'?"),
    (["train", "gna"], "Unknown command 'gna'. Did you mean 'gan'?"),
    (["gan", "--data", "x"], "Unknown command 'gan'. Did you mean 'lethe train gan'?"),
    (["bench", "iter"], "Unknown command 'iter'. Did you mean 'iteration'?"),
    (["photograph"], "Unknown command 'photograph'"),
  ])
  func `U14 an unknown command is told the nearest one`(arguments: [String], sentence: String)
    throws
  {
    let outcome = try CommandRunner().run(arguments)
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first == "Error: \(sentence)")
  }

  @Test func `U14 the command names the option, and how it is called`() throws {
    let outcome = try CommandRunner().run("export", "--iter", "10")
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors == """
        Error: Unknown option '--iter'
        Usage: lethe export --gan <gan> --output <output> [--half] [--without-optimisers] \
        [--learning-rate <learning-rate>] [--pixel-range <pixel-range>] [--class <class>]
          See 'lethe export --help' for more information.

        """)
  }
}
