import ArgumentParser
import Datasets
import Experiments
import Foundation
import GANs
import Torch

/// What every grid takes.
struct GridArguments: ParsableArguments {
  @Option(help: "A snapshot, a run directory or a public checkpoint.", completion: .file())
  var gan: String

  @Option(
    parsing: .unconditional,
    help: "Truncation psi: 1 leaves the styles, 0 makes all pictures the mean one.")
  var truncation = 1.0

  @Option(
    parsing: .unconditional,
    help: "The range of the model's pictures, -1..1 or 0..1 (default: the range in the file).")
  var pixelRange: PixelRange?

  @Option(
    name: .customLong("class"), parsing: .unconditional,
    help: """
      The class to make pictures of, from 0, where the generator is told one (default: one is drawn for \
      each seed).
      """)
  var ofClass: Int?

  func validate() throws {
    guard truncation.isFinite else {
      throw ValidationError("--truncation is \(truncation), expected a number such as 0.7")
    }
  }

  /// The GAN.
  var file: GANFile {
    get throws { try ModelLocator.gan(gan, pixelRange: pixelRange, ofClass: ofClass) }
  }

  /// A PNG that does not exist yet.
  static func picture(_ path: String) throws -> URL {
    try OutputFile.check(path, ending: "png", content: "a grid is a PNG")
  }

  /// The seeds of a list.
  static func seeds(_ text: String, option: String = "--seeds") throws -> [UInt64] {
    try SeedList.seeds(in: text, option: option)
  }
}

/// A grid that moves.
struct AnimationArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Write an animated PNG of so many frames, a loop, in place of a still grid.")
  var frames: Int?

  @Option(parsing: .unconditional, help: "Frames per second of the animation (default: 24).")
  var framesPerSecond: Int?

  func validate() throws {
    if let frames, !(2...AnimatedPNG.mostFrames).contains(frames) {
      throw ValidationError(
        "--frames is \(frames), expected 2 to \(AnimatedPNG.mostFrames)")
    }
    if let framesPerSecond, !(1...AnimatedPNG.mostFramesPerSecond).contains(framesPerSecond) {
      throw ValidationError(
        "--frames-per-second is \(framesPerSecond), expected 1 to \(AnimatedPNG.mostFramesPerSecond)"
      )
    }
  }

  /// Where the grid goes: an animation if frames were asked for.
  func destination(_ url: URL) -> GridExperiment.Destination {
    frames.map { .animation(url, frames: $0, framesPerSecond: framesPerSecond ?? 24) }
      ?? .picture(url)
  }
}
