import ArgumentParser
import Foundation
import Testing

@testable import lethe

/// Help can be read, and its examples copied, at any width.
@Suite struct HelpTests {
  @Test(arguments: [40, 80])
  func `U15 examples stay whole and prose fits`(columns: Int) throws {
    let lethe = try CommandRunner()
    for path in [.root] + CommandPath.root.subcommands + EveryCommand.all {
      let words = path.name.split(separator: " ").dropFirst().map(String.init)
      let outcome = try lethe.run(words + ["--help"], environment: ["COLUMNS": "\(columns)"])
      #expect(outcome.exitCode == 0)
      #expect(!outcome.output.contains("\u{a0}"), "a space that a shell does not know")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      let examples = path.type.configuration.discussion
        .replacing("\u{a0}", with: " ").split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("  lethe ") }
      #expect(!examples.isEmpty || path.name == "lethe train", "\(path.name)")
      for example in examples { #expect(lines.contains(example), "\(path.name): \(example)") }
      let overview = lines.prefix { !$0.hasPrefix("USAGE") }.filter { !$0.hasPrefix("  lethe ") }
      #expect(overview.allSatisfy { $0.count <= columns }, "\(path.name)")
    }
  }

  @Test func `U15 a terminal that is too narrow for help is taken as a wider one`() throws {
    let outcome = try CommandRunner().run(["adapt", "--help"], environment: ["COLUMNS": "10"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("  lethe adapt --gan F.pt --judge J.pth"))
    #expect(outcome.output.contains("--models <models>"))
  }
}
