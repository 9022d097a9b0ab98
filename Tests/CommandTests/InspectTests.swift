import Checkpoints
import Foundation
import GANs
import TestNetworks
import Testing
import Torch

@Suite struct InspectTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  @Test func `a GAN is told with every tensor and its fate`() throws {
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    let outcome = try lethe.run("inspect", "gan.pt")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(5) == [
        "file          FOLDER/gan.pt", "format        safetensors",
        "content       GAN: 8x8, latent 8, depth 2, cap 4", "networks      g, g_ema, d",
        "pixel range   -1..1",
      ])
    #expect(
      lines[5].hasPrefix("g_optim       Adam after 0 steps, learning rate 0.0016, betas 0.0 "))
    let line = try #require(lines.first { $0.contains("g_ema.style.1.weight") })
    #expect(
      line.split(separator: " ", omittingEmptySubsequences: true)
        == ["g_ema.style.1.weight", "float32", "[8,", "8]", "generatorEMA:", "style.1.weight"])
    for name in model.generatorEMA.stateDict.keys {
      #expect(lines.contains { $0.contains(" g_ema.\(name) ") }, "\(name)")
    }
  }

  @Test func `JSON has the same findings`() throws {
    try TinyModels.writeGAN(lethe.file("gan.pt"), range: .zeroToOne)
    let outcome = try lethe.run("inspect", "gan.pt", "--json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["kind"] as? String == "gan")
    #expect(json["pixel_range"] as? String == "0..1")
    #expect(json["networks"] as? [String] == ["g", "g_ema", "d"])
    let configuration = try #require(json["configuration"] as? [String: Int])
    #expect(
      configuration == [
        "size": 8, "latent_size": 8, "mapping_depth": 2, "channel_multiplier": 2, "channel_cap": 4,
      ])
    let tensors = try #require(json["tensors"] as? [[String: Any]])
    let header = try SafetensorsHeader.read(lethe.file("gan.pt"))
    #expect(tensors.compactMap { $0["key"] as? String } == header.entries.map(\.name))
    #expect(tensors.allSatisfy { $0["skipped"] as? Bool == false })
  }

  @Test func `a judge is told with the classes it knows`() throws {
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.safetensors"))
    let outcome = try lethe.run("inspect", "judge.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("content       judge: LeNet5 that knows zero, one, two\n"))
    #expect(outcome.output.contains("classifier: convnet.c1.weight"))
  }

  @Test func `a file of other tensors is listed all the same`() throws {
    try SafetensorsFile(tensors: ["x": Tensor([Float(1), 2])], metadata: ["by": "me"])
      .write(to: lethe.file("x.safetensors"))
    let outcome = try lethe.run("inspect", "x.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        file          FOLDER/x.safetensors
        format        safetensors
        content       no GAN and no judge that lethe knows
                      no GAN: no generator among the tensors
                      no judge: no LeNet5 (convnet.c1 to fc.f7) among the tensors

        1 tensors, 2 elements
          x  float32  [2]  skipped, unknown: no part of a GAN or a judge

        1 values
          by  me

        """)
  }

  @Test func `what is no checkpoint is refused`() throws {
    try Data("hello, this is a text\n".utf8).write(to: lethe.file("text.pt"))
    try Data().write(to: lethe.file("empty.pt"))
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    let whole = try Data(contentsOf: lethe.file("gan.pt"))
    try whole.dropLast(100).write(to: lethe.file("cut.pt"))
    for (file, message) in [
      (
        "text.pt",
        "FOLDER/text.pt: not a checkpoint but a text file; expected safetensors, or what torch.save "
          + "writes"
      ),
      ("empty.pt", "FOLDER/empty.pt: the file is empty; fetch or write it again"),
      ("missing.pt", "FOLDER/missing.pt: no such file"),
    ] {
      let outcome = try lethe.run("inspect", file)
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "Error: \(message)\n")
    }
    let outcome = try lethe.run("inspect", "cut.pt")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: FOLDER/cut.pt: the file ends inside "))
    #expect(outcome.errors.hasSuffix(": it was cut off; fetch or write it again\n"))
  }

  @Test func `help is as written`() throws {
    let outcome = try lethe.run("inspect", "--help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == HelpTexts.inspect)
  }
}
