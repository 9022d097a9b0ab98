import Foundation
public import GANs
public import Torch

/// The models that ship with Lethe: an MNIST generator and its judge, trained by Lethe itself
/// (Docs/Configurations.md has the commands).
public enum EmbeddedModels {
  /// The generator with its discriminator.
  ///
  /// - Returns: the GAN.
  /// - Throws: ``MissingModel``.
  public static func gan() throws -> GANFile {
    try GANFile.read(file("mnist32-gan"), as: .known)
  }

  /// The generator, told to forget a digit.
  ///
  /// - Parameters:
  ///   - digit: `0` to `9`.
  ///   - device: where the judge lives.
  /// - Returns: the subject.
  /// - Throws: ``MissingModel``; `JudgingError` for anything but a digit.
  public static func subject(forgetting digit: String, device: Device = .cpu) throws -> Subject {
    let judge = try file("mnist32-judge")
    return try Subject(
      gan(), judgeFile: judge, judgePath: judge.path, forgetting: [digit], device: device)
  }

  private static func file(_ name: String) throws -> URL {
    guard
      let url = Bundle.module.url(
        forResource: name, withExtension: "safetensors", subdirectory: "Models")
    else { throw MissingModel(name: name, folder: Bundle.module.bundlePath) }
    return url
  }

  /// An installation that lacks a model.
  public struct MissingModel: Error, CustomStringConvertible {
    /// The name of the model.
    public var name: String
    /// Where it was looked for.
    public var folder: String

    /// Says what is missing where.
    public var description: String {
      "the embedded model \(name).safetensors is missing in \(folder): keep the folder "
        + "lethe_Experiments.resources beside the program, or build it again"
    }
  }
}
