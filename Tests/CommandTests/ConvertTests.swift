import Checkpoints
import Experiments
import Foundation
import GANs
import TestSupport
import Testing

@testable import lethe

@Suite struct ConvertTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyModels.writeGAN(lethe.file("gan.safetensors"))
  }

  private func convert(_ format: String, _ output: String, _ rest: String...) throws
    -> CommandRunner.Outcome
  {
    try lethe.run(
      ["convert", "--gan", "gan.safetensors", "--to", format, "--output", output] + rest)
  }

  @Test func `each format is written, and lethe reads it again`() throws {
    for (format, output, model) in [
      ("lethe", "l.safetensors", "l.safetensors"), ("public", "p.pt", "p.pt"),
      ("g_ema", "g.pt", "g.pt"), ("g_ema", "g.safetensors", "g.safetensors"),
      ("hub", "hub", "hub/model.safetensors"),
    ] {
      let outcome = try convert(format, output)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == "FOLDER/\(output): 8x8, latent 8, depth 2, cap 4\n")
      #expect(
        try GANFile.read(lethe.file(model), as: .known).parametersDigest()
          == GANFile.read(lethe.file("gan.safetensors"), as: .known).parametersDigest(), "\(format)"
      )
    }
  }

  @Test func `U14 an unknown format is told the nearest one`() throws {
    for (format, suggestion) in [
      ("publik", ". Did you mean 'public'?"), ("g-ema", ". Did you mean 'g_ema'?"), ("onnx", ""),
    ] {
      let outcome = try convert(format, "out")
      #expect(outcome.exitCode == 64)
      #expect(
        outcome.errors.split(separator: "\n").first.map(String.init)
          == "Error: --to is '\(format)', expected lethe, public, g_ema or hub\(suggestion)")
    }
    #expect(try lethe.contents == ["gan.safetensors"])
  }

  @Test func `F20 a name with another format's ending is refused`() throws {
    for (format, name, words) in [
      ("lethe", "a.pt", "lethe's own format is written as safetensors; name a.safetensors"),
      ("public", "a.safetensors", "a public checkpoint is written as a file of torch; name a.pt"),
      (
        "g_ema", "a.pkl",
        "g_ema is written as a file of torch (.pt) or as safetensors; name a.pt"
      ),
    ] {
      let outcome = try convert(format, name)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: \(name): \(words)\n")
    }
  }

  @Test func `U18 nothing that is there is overwritten`() throws {
    for (format, name) in [("public", "a.pt"), ("hub", "hub"), ("g_ema", "g.safetensors")] {
      try Data("old".utf8).write(to: lethe.file(name))
      let outcome = try convert(format, name)
      #expect(outcome.exitCode == 1)
      #expect(
        outcome.errors
          == "Error: \(name) already exists, and lethe never overwrites anything: name "
          + "another file or remove it\n")
      #expect(lethe.text(of: name) == "old")
    }
    let outcome = try convert("hub", "no/hub")
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors
        == "Error: cannot write no/hub: the folder FOLDER/no does not exist; name another "
        + "file\n")
  }

  @Test func `a folder is no stream, and a file may be one`() throws {
    #expect(
      try convert("hub", "/dev/null").errors
        == "Error: cannot write /dev/null: hub writes a folder, and this is a stream; name another "
        + "file\n")
    #expect(try convert("public", "/dev/null").exitCode == 0)
  }

  @Test func `what a format has no place for is said in notes`() throws {
    let outcome = try convert("public", "p.pt", "--pixel-range", "0..1")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.errors
        == "note: FOLDER/gan.safetensors: the format has no place for the range of its "
        + "pictures, 0..1: say so wherever it is read\n")
  }

  @Test func `an empty name of a base model is refused`() throws {
    let outcome = try convert("hub", "hub", "--base-model", " ")
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors.hasPrefix(
        "Error: --base-model is empty, expected a name such as owner/model\n"))
  }
}
