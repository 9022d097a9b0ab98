import Classifiers
import Foundation
import GANs
import Runs
import Torch

/// The models that ship with Lethe: an MNIST generator and its judge, trained by Lethe itself
/// (Docs/Configurations.md has the commands).
enum EmbeddedModels {
  /// The generator, told to forget a digit.
  static func subject(forget: String, device: Device) throws -> Subject {
    let gan = try file("mnist32-gan")
    let judgeFile = try file("mnist32-judge")
    let judge = try Judge.read(judgeFile, device: device)
    let undesiredClass = try judge.index(ofClass: forget)
    let content = try GANFile.read(gan, as: .known)
    return Subject(
      file: content, pixelRange: ModelFiles.pixelRange(content, override: nil), judge: judge,
      judgePath: judgeFile.path, undesiredClass: undesiredClass,
      provenance: [
        try Provenance(of: gan, role: "gan"), try Provenance(of: judgeFile, role: "judge"),
      ])
  }

  private static func file(_ name: String) throws -> URL {
    guard
      let url = Bundle.module.url(
        forResource: name, withExtension: "safetensors", subdirectory: "Models")
    else { throw MissingModel(name: name, folder: Bundle.module.bundlePath) }
    return url
  }

  /// An installation that lacks a model.
  struct MissingModel: Error, CustomStringConvertible {
    var name: String
    var folder: String

    /// Says what is missing where.
    var description: String {
      "the embedded model \(name).safetensors is missing in \(folder): keep the folder "
        + "lethe_lethe.resources beside the command, or build again with 'make build'"
    }
  }
}
