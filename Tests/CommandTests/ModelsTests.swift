import Foundation
import Runs
import Testing

/// The models that ship with lethe, on the command line.
@Suite struct ModelsTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  @Test func `models are listed, one in a line, and as JSON`() throws {
    let outcome = try lethe.run("models")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("mnist32-without-7 ") })
    #expect(line.contains("GAN, 32x32, forgot 7") && line.contains("PUL 97.0 %"), "\(line)")
    let list = try #require(try JSON(parsing: lethe.run("models", "--json").output).array)
    #expect(list.count == lines.count)
    #expect(
      lines.contains { $0.hasPrefix("faces64-second-judge ") && $0.contains("takes no part") })
    let model = try #require(list.first { $0["name"] == "mnist32-without-7" })
    #expect(model["forgotten"] == ["7"] && model["weights"] == "float16")
    let one = try lethe.run("models", "mnist32-without-7", "--json")
    #expect(try JSON(parsing: one.output) == model)
  }

  @Test func `a name shows the card, or what is in a judge`() throws {
    let card = try lethe.run("models", "faces64-without-hat")
    #expect(card.exitCode == 0 && card.output.contains("trained to forget **Wearing\\_Hat**"))
    #expect(card.output.contains("## Is it really gone?"))
    #expect(try lethe.run("models", "mnist32-judge").output.contains("tensors"))
    let unknown = try lethe.run("models", "mnist32-without-6")
    #expect(unknown.exitCode != 0)
    #expect(unknown.errors.contains("no model 'mnist32-without-6' ships with lethe: expected "))
  }

  @Test func `a model is taken by its name, and a file of that name comes first`() throws {
    let made = try lethe.run(
      "generate", "--gan", "mnist32-without-7", "--count", "2", "--output", "a.png")
    #expect(made.exitCode == 0 && made.output == "2 pictures: a.png\n")
    let near = try lethe.run("generate", "--gan", "mnist32-gam", "--output", "b.png")
    #expect(near.exitCode == 1)
    #expect(
      near.errors
        == "Error: there is no file mnist32-gam, and no model of that name ships with lethe: did you mean "
        + "mnist32-gan (lethe models lists them)?\n")
    _ = try TinyModels.writeGAN(lethe.file("mnist32-gan"))
    let own = try lethe.run("inspect", "mnist32-gan")
    #expect(own.exitCode == 0 && own.output.contains("8x8"))
  }
}
