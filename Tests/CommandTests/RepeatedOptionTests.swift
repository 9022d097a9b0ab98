import Foundation
import Testing

@testable import lethe

/// An option that is given twice is refused: the parser would take the last one and say nothing.
@Suite struct RepeatedOptionTests {
  @Test(arguments: EveryCommand.names)
  func `U01 every option of every command is refused when it is repeated`(command: String) throws {
    let description = try #require(EveryCommand.description(command))
    for argument in description.options where argument.kind == .option {
      let name = try #require(argument.name)
      for words in [
        [name, "5", name, "8"], ["\(name)=5", name, "8"], [name, "5", "\(name)=8"],
        [name, "5", name, "5"],
      ] {
        let refusal = EveryCommand.refusal(command, words) ?? ""
        #expect(
          refusal.hasPrefix("\(name) is given 2 times") != argument.isRepeating,
          "\(command) \(words): \(refusal)")
      }
    }
  }

  @Test func `U01 the sentence repeats what was given`() {
    #expect(
      EveryCommand.refusal("adapt", ["--models", "5", "--models=8", "--models", "9"])
        == "--models is given 3 times (--models 5, --models 8, --models 9), and only one of them can "
        + "count: give it once")
  }

  @Test func `U01 a value that looks like an option is none`() {
    #expect(EveryCommand.refusal("extrapolate", ["--gamma", "-1", "--adapted", "a"]) == nil)
    #expect(
      EveryCommand.refusal("extrapolate", ["--gamma", "-1", "--gamma", "-2"])?
        .hasPrefix("--gamma is given 2 times (--gamma -1, --gamma -2)") == true)
    // The parser takes whatever follows a number's name as its value, and refuses it then.
    #expect(EveryCommand.refusal("adapt", ["--seed", "--seed"]) == nil)
    // Nothing after a double dash is an option.
    #expect(EveryCommand.refusal("inspect", ["--json", "--", "--json", "--jsn"]) == nil)
  }

  @Test func `U01 lists add up, and a flag says the same twice`() {
    #expect(
      EveryCommand.refusal("unlearn", ["--adapted", "a", "b", "--seed", "1", "--adapted", "c"])
        == nil)
    #expect(EveryCommand.refusal("inspect", ["--json", "a.pt", "--json"]) == nil)
    #expect(
      EveryCommand.refusal("bench iteration", ["--convolutions", "--no-convolutions"])
        == "--convolutions is given 2 times (--convolutions, --no-convolutions), and only one of them "
        + "can count: give it once")
  }

  @Test func `U01 the command refuses before it reads anything`() throws {
    let lethe = try CommandRunner()
    for arguments in [
      ["adapt", "--gan", "g", "--judge", "j", "--forget", "5", "--seed", "5", "--seed", "8"],
      ["bench", "kernels", "--batch", "1", "--batch=1"],
    ] {
      let outcome = try lethe.run(arguments, isVerbatim: true)
      #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(" is given 2 times ("))
      #expect(outcome.errors.contains("\nUsage: lethe \(arguments[0]) "))
    }
    #expect(try lethe.contents.isEmpty)
  }
}
