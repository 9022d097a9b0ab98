import ArgumentParser
import Datasets
import Experiments
import Foundation

/// What every grid takes.
struct GridArguments: ParsableArguments {
  @OptionGroup var model: GeneratorArguments

  @OptionGroup var styles: TruncationArguments

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
