import Files
import Foundation
public import GANs
import Runs
public import Torch

/// The models that ship with Lethe: generators and their judges, trained by Lethe itself
/// (Docs/Configurations.md has the commands).
public enum EmbeddedModels: String, Sendable, CaseIterable {
  /// MNIST's digits, grey, 32x32.
  case digits
  /// Cartoon faces, coloured, 64x64, with the attributes of `Scripts/data/cartoon_faces.py`.
  case faces

  /// What the demo makes it forget unless told otherwise.
  public var usualConcept: String {
    switch self {
    case .digits: "7"
    case .faces: "Eyeglasses"
    }
  }

  private var name: String {
    switch self {
    case .digits: "mnist32"
    case .faces: "faces64"
    }
  }

  /// The generator with its discriminator.
  ///
  /// - Returns: the GAN.
  /// - Throws: ``MissingModel``.
  public func gan() throws -> GANFile { try GANFile.read(Self.file("\(name)-gan"), as: .known) }

  /// The generator, told to forget something.
  ///
  /// - Parameters:
  ///   - concept: what its judge tells apart, such as `7` or `Eyeglasses`; several with commas between.
  ///   - device: where the judge lives.
  /// - Returns: the subject.
  /// - Throws: ``MissingModel``; `JudgingError` for anything that the judge does not know.
  public func subject(forgetting concept: String, device: Device = .cpu) throws -> Subject {
    let judge = try Self.file("\(name)-judge")
    return try Subject(
      gan(), judgeFile: judge, judgePath: judge.path, forgetting: [concept], device: device)
  }

  /// The generator of digits with its discriminator.
  ///
  /// - Returns: the GAN.
  /// - Throws: ``MissingModel``.
  public static func gan() throws -> GANFile { try digits.gan() }

  /// The generator of digits, told to forget one.
  ///
  /// - Parameters:
  ///   - digit: `0` to `9`.
  ///   - device: where the judge lives.
  /// - Returns: the subject.
  /// - Throws: ``MissingModel``; `JudgingError` for anything but a digit.
  public static func subject(forgetting digit: String, device: Device = .cpu) throws -> Subject {
    try digits.subject(forgetting: digit, device: device)
  }

  /// The file of an embedded model with a checksum; nil if none has it.
  ///
  /// - Parameter sha256: in hexadecimal.
  /// - Returns: the file.
  /// - Throws: ``MissingModel``, `RunError` if one cannot be read.
  static func file(withSHA256 sha256: String) throws -> URL? {
    try files().first { try Provenance(of: $0, role: "model").sha256 == sha256 }
  }

  private static func file(_ name: String) throws -> URL { try file(name, in: folders) }

  /// Where the models may lie: beside the program, else where it was built.
  ///
  /// `Bundle.module` ends the process where neither is there.
  private static let folders = [
    Bundle.main.bundleURL.appending(path: "lethe_Experiments.resources/Models"),
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Models"),
  ]

  /// The file of a model.
  ///
  /// - Parameters:
  ///   - name: such as `mnist32-gan`.
  ///   - folders: where it is looked for, the first one first.
  /// - Returns: the file.
  /// - Throws: ``MissingModel``.
  static func file(_ name: String, in folders: [URL]) throws(MissingModel) -> URL {
    let files = folders.map { $0.appending(path: "\(name).safetensors") }
    guard let file = files.first(where: { $0.fileKind == .file }) else {
      throw MissingModel(name: name, folder: folders.first?.path ?? "no folder")
    }
    return file
  }

  /// The files of all models that ship with Lethe, by name.
  static func files() throws -> [URL] {
    let folder = try file("\(digits.name)-gan").deletingLastPathComponent()
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.fileSizeKey]
    ).filter { $0.pathExtension == "safetensors" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// Whether a word begins as the name of a model that ships with Lethe.
  static func isName(_ word: String) -> Bool {
    allCases.contains { word.hasPrefix($0.name) }
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
