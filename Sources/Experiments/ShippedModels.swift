public import Foundation
public import Runs

/// A model that ships with Lethe: every command takes it by its name where there is no such file.
public struct ShippedModel: Sendable {
  /// What a shipped model is.
  public enum Kind: String, Sendable {
    /// A generator with its discriminator.
    case gan
    /// A classifier of pictures.
    case judge
  }

  /// The name, such as `mnist32-without-7`.
  public let name: String
  /// What it is.
  public let kind: Kind
  /// The file.
  public let file: URL
  /// The model card, in Markdown; nil for a judge.
  public let card: String?
  /// What a program asks of it: sizes, lineage, figures; empty for a judge.
  public let configuration: JSON.Object

  /// How many bytes the file has.
  public var bytes: Int {
    (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
  }

  /// What it was to forget, earliest first.
  public var forgotten: [String] {
    (configuration["lineage"]?["forgotten"]?.array ?? []).compactMap { $0["concept"]?.string }
  }

  /// A figure of the run that made it.
  ///
  /// - Parameter name: of a metric, such as `pul`.
  /// - Returns: the number; nil where it was not measured.
  public func figure(_ name: String) -> Double? { configuration["figures"]?[name]?.number }

  /// The side of a GAN's pictures.
  public var size: Int? { configuration["size"]?.integer }

  /// What a person reads of it first.
  public var title: String {
    let pictures = size.map { "\($0)x\($0)" }
    return switch kind {
    case .judge where name.hasSuffix("-second-judge"):
      "second judge, which takes no part in forgetting"
    case .judge: "judge of pictures"
    case .gan where forgotten.isEmpty: ["GAN", pictures].compactMap(\.self).joined(separator: ", ")
    case .gan:
      (["GAN", pictures].compactMap(\.self) + ["forgot \(forgotten.joined(separator: ", "))"])
        .joined(separator: ", ")
    }
  }
}

/// The models that ship with Lethe.
///
/// A model is a file in `Models`; one with `NAME.md` and `NAME.json` beside it has a card. `Scripts/models`
/// makes those that were unlearned.
public enum ShippedModels {
  /// All of them, by name.
  ///
  /// - Returns: at least the embedded ones.
  /// - Throws: `EmbeddedModels.MissingModel` for an installation without them; `RunError` for a damaged record.
  public static func all() throws -> [ShippedModel] {
    try EmbeddedModels.files().map { file in
      let base = file.deletingPathExtension()
      let record = base.appendingPathExtension("json")
      return ShippedModel(
        name: base.lastPathComponent,
        kind: base.lastPathComponent.hasSuffix("-judge") ? .judge : .gan, file: file,
        card: try? String(contentsOf: base.appendingPathExtension("md"), encoding: .utf8),
        configuration: FileManager.default.fileExists(atPath: record.path)
          ? try JSON(contentsOf: record).object ?? [:] : [:])
    }
  }

  /// The model of a name.
  ///
  /// - Parameter name: such as `mnist32-without-7`.
  /// - Returns: the model; nil if none has that name.
  /// - Throws: as ``all()``.
  public static func named(_ name: String) throws -> ShippedModel? {
    try all().first { $0.name == name }
  }
}
