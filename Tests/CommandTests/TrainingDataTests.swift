import Foundation
import Testing

/// Data that cannot be trained on is refused by name, before anything is written.
@Suite struct TrainingDataTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeIDX(lethe.file("data"))
  }

  private func expect(
    _ data: String, _ more: String..., code: Int32 = 1, message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try lethe.contents
    let outcome = try lethe.run(
      [
        "train", "gan", "--data", data, "--size", "8", "--latent", "8", "--mapping-depth", "2",
        "--channel-cap", "4", "--batch", "4", "--iterations", "1", "--output", "out",
      ] + more)
    #expect(outcome.exitCode == code, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    let usage =
      "Usage: lethe train gan [<options>] --data <data>\n"
      + "  See 'lethe train gan --help' for more information.\n"
    #expect(
      outcome.errors == "Error: \(message)\n" + (code == 64 ? usage : ""),
      sourceLocation: sourceLocation)
    #expect(try lethe.contents == before, sourceLocation: sourceLocation)
  }

  @Test func `the one broken picture of a folder is named`() throws {
    // A grid of lethe's own is a PNG that can be read; half of it is not.
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    let made = try lethe.run("generate", "--gan", "gan.pt", "--count", "4", "--output", "a.png")
    #expect(made.exitCode == 0)
    let png = try Data(contentsOf: lethe.file("a.png"))
    for name in ["good", "bad"] {
      try FileManager.default.createDirectory(
        at: lethe.file(name), withIntermediateDirectories: true)
      for picture in 0..<4 { try png.write(to: lethe.file("\(name)/\(picture).png")) }
    }
    try png.prefix(png.count / 2).write(to: lethe.file("bad/2.png"))
    let before = try lethe.contents
    let outcome = try lethe.run(
      "train", "gan", "--data", "bad", "--size", "8", "--output", "out", "--iterations", "1")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: FOLDER/bad/2.png is a broken picture ("))
    #expect(outcome.errors.hasSuffix("): replace it or remove it\n"))
    #expect(outcome.errors.count { $0 == "\n" } == 1)
    #expect(try lethe.contents == before)
    // The same folder without the break is trained on.
    let good = try lethe.run(
      "train", "gan", "--data", "good", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--output", "out", "--iterations", "1")
    #expect(good.exitCode == 0)
  }

  @Test func `what is no data set is refused`() throws {
    try Data("text".utf8).write(to: lethe.file("text"))
    try FileManager.default.createDirectory(
      at: lethe.file("folder"), withIntermediateDirectories: true)
    try expect("nowhere", message: "FOLDER/nowhere does not exist")
    try expect(
      "text",
      message: "FOLDER/text is a file; expected a folder with IDX files (such as "
        + "train-images-idx3-ubyte.gz) or with PNG and JPEG pictures, a zip archive of pictures, or an "
        + "LMDB (data.mdb)")
    try expect(
      "folder",
      message: "FOLDER/folder holds no data: expected IDX files (such as "
        + "train-images-idx3-ubyte.gz) or pictures with attributes in list_attr_celeba.txt or "
        + "pictures with labels in dataset.json or PNG or JPEG files (.png, .jpg, .jpeg), in it or in one "
        + "sub-folder per class or an LMDB of pictures (data.mdb); other files found: 0")
  }

  @Test func `networks and numbers that make no sense are refused`() throws {
    try expect(
      "data", "--size", "9", message: "size is 9, expected a power of two from 8 to 1024")
    try expect("data", "--latent", "-1", message: "latent is -1, expected at least 1")
    try expect(
      "data", "--latent", "99999999999",
      message: "latent is 99999999999, expected at most 16384")
    for iterations in [["--iterations", "-5"], ["--iterations=-5"]] {
      let before = try lethe.contents
      let outcome = try lethe.run(
        ["train", "gan", "--data", "data", "--output", "out"] + iterations)
      #expect(outcome.exitCode == 64)
      #expect(
        outcome.errors
          == "Error: --iterations is -5, expected at least 1\n"
          + "Usage: lethe train gan [<options>] --data <data>\n"
          + "  See 'lethe train gan --help' for more information.\n")
      #expect(try lethe.contents == before)
    }
    try expect(
      "data", "--snapshot-every", "0", code: 64,
      message: "--snapshot-every is 0, expected at least 1")
  }
}
