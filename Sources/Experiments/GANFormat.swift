import Files
public import Foundation

/// A form in which a GAN can be written for those who go on with it.
public enum GANFormat: String, Sendable, CaseIterable {
  /// A snapshot of Lethe, with everything that the source holds.
  case lethe
  /// The whole training checkpoint of the public StyleGAN2 scripts.
  case `public`
  /// The averaged generator alone, for those who make pictures with the public networks.
  case generator = "g_ema"
  /// A folder as hubs of models show it: weights, sizes and a card.
  case hub

  /// The file or folder to write, if it can be written and nothing is there yet.
  ///
  /// Asked before any work.
  ///
  /// - Parameter path: what must not exist, in a folder that must.
  /// - Returns: the file or folder.
  /// - Throws: ``OutputFileError``.
  public func check(output path: String) throws(OutputFileError) -> URL {
    switch self {
    case .lethe:
      return try OutputFile.check(
        path, ending: "safetensors", content: "lethe's own format is written as safetensors")
    case .public:
      return try OutputFile.check(
        path, ending: "pt", content: "a public checkpoint is written as a file of torch")
    case .generator:
      if Self.isSafetensors(path) { return try OutputFile.check(path) }
      return try OutputFile.check(
        path, ending: "pt",
        content: "g_ema is written as a file of torch (.pt) or as safetensors")
    case .hub:
      let url = URL(filePath: path)
      guard !url.isStream else {
        throw .unfitFolder(path: path, reason: "hub writes a folder, and this is a stream")
      }
      return try OutputFile.check(path)
    }
  }

  /// Whether a generator is asked for as safetensors.
  static func isSafetensors(_ path: String) -> Bool {
    URL(filePath: path).pathExtension.lowercased() == "safetensors"
  }
}
