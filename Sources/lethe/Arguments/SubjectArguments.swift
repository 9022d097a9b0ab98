import ArgumentParser
import Classifiers
import Foundation
import GANs
import Runs
import Torch

/// The GAN that shall forget, what it shall forget, and who says so.
struct SubjectArguments: ParsableArguments {
  @Option(help: "The GAN: a .safetensors or .pt file, or a run directory.")
  var gan: String

  @Option(help: "The judge: a .safetensors or .pth file, or the run directory of its training.")
  var judge: String

  @Option(help: "The class to forget, as the judge names it.")
  var forget: String

  @Option(
    help: """
      The range of the GAN's pictures, -1..1 or 0..1 (default: what the file records, \
      else -1..1).
      """)
  var pixelRange: PixelRange?

  /// Reads the files.
  func load(device: Device) throws -> Subject {
    let url = try ModelFiles.checkpoint(gan)
    let judgeFile = ModelFiles.judgeFile(judge)
    let judge = try Judge.read(judgeFile, device: device)
    let file = try GANFile.read(url, as: .known)
    return Subject(
      file: file, pixelRange: ModelFiles.pixelRange(file, override: pixelRange), judge: judge,
      judgePath: self.judge, undesiredClass: try judge.index(ofClass: forget),
      provenance: [
        try Provenance(of: url, role: "gan"), try Provenance(of: judgeFile, role: "judge"),
      ])
  }
}

/// What the method works on.
struct Subject {
  /// The pre-trained GAN.
  var file: GANFile
  /// The range of its pictures.
  var pixelRange: PixelRange
  /// Who says what a picture shows.
  var judge: Judge
  /// The judge's file, as the user named it.
  var judgePath: String
  /// The index of the class to forget.
  var undesiredClass: Int
  /// The files read.
  var provenance: [Provenance]

  /// The name of the class to forget.
  var className: String { judge.classNames[undesiredClass] }

  /// What every run of the method records.
  var options: JSON.Object {
    [
      "gan": JSON(file.path), "judge": JSON(judgePath), "forget": JSON(className),
      "network": (try? JSON(encoding: file.configuration)) ?? .null,
      "pixel_range": JSON(pixelRange.rawValue),
    ]
  }
}
