import Checkpoints
import Files
public import Foundation
public import GANs
public import Runs
import Torch

/// Writes a GAN in one of the formats of the ecosystem.
///
/// Conversions lose nothing that the format has a place for, in either direction, but for weights that
/// somebody asks to round; what is left out, or stands in for a part that is missing, is said in a note.
public struct GANConversion {
  /// The GAN.
  public let file: GANFile
  /// What to write.
  public let format: GANFormat
  /// What the run that the GAN comes from has measured of it, for cards; empty for nothing.
  public var metrics: JSON.Object
  /// What else cards say of that run, in Markdown.
  public var sections: [String] = []
  /// The model that the GAN was made from, as hubs name it, for cards.
  public var baseModel: String?
  /// Whether a folder for a hub has its weights as float16.
  public var isHalfPrecision = false

  /// A conversion.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - format: what to write.
  ///   - metrics: what was measured of it.
  ///   - baseModel: the model that it was made from, as hubs name it.
  public init(
    _ file: GANFile, to format: GANFormat, metrics: JSON.Object = [:], baseModel: String? = nil
  ) {
    self.file = file
    self.format = format
    self.metrics = metrics
    self.baseModel = baseModel
  }

  /// Writes it.
  ///
  /// - Parameter output: what ``GANFormat/check(output:)`` has found to be possible.
  /// - Throws: `GANFileError`, `ParameterError`, `CheckpointError`, ``LineageError``, `FileError`.
  public func write(to output: URL) throws {
    do {
      switch format {
      case .lethe: try file.writeSnapshot(to: output)
      case .public: try TorchFileWriter(file.publicCheckpoint()).write(to: output)
      case .generator where GANFormat.isSafetensors(output.path):
        try file.writePublicGenerator(to: output)
      case .generator: try TorchFileWriter(file.publicGenerator()).write(to: output)
      case .hub: try writeFolder(output)
      }
    }
    do {
      try file.requireUnchanged()
    } catch {
      // Nothing was there before.
      if !output.isStream { try? FileManager.default.removeItem(at: output) }
      throw error
    }
  }

  /// The folder comes into being as a whole: it takes its name when all files are in it.
  private func writeFolder(_ output: URL) throws {
    try AtomicFile.createFolder(output) { folder in
      let model = folder.appending(path: "model.safetensors")
      var options = GANFile.ExportOptions()
      options.hasOptimisers = false
      options.isHalfPrecision = isHalfPrecision
      try file.export(to: model, options: options)
      let card = try ModelCard(
        GANFile.read(model, as: [file.configuration.architecture]), lineage: Lineage(of: file),
        metrics: metrics, sections: sections, baseModel: baseModel,
        digestBeforeRounding: isHalfPrecision ? file.parametersDigest() : nil)
      try AtomicFile.write(
        try card.configuration.encoded() + "\n", to: folder.appending(path: "config.json"))
      try AtomicFile.write(card.text, to: folder.appending(path: "README.md"))
    }
  }

  // MARK: - What to know

  /// What those who take the result should know, in sentences.
  public var notes: [String] {
    file.notes.map(\.sentence) + file.leftOut + missing + unrecorded
  }

  /// What the source lacks and the format has a place for.
  private var missing: [String] {
    var result: [String] = []
    func note(_ words: String) { result.append("\(file.path) holds \(words)") }
    if format != .lethe, file.generatorEMA == nil {
      note("no average g_ema: the generator g stands in for it")
    }
    if format == .public {
      if file.generator == nil { note("no generator g: its average g_ema stands in for it") }
      let parts = [
        ("d", file.discriminator == nil), ("g_optim", file.generatorOptimiser == nil),
        ("d_optim", file.discriminatorOptimiser == nil),
      ].filter(\.1).map(\.0)
      if !parts.isEmpty {
        note(
          "no \(parts.joined(separator: ", ")), and so does the file written: public scripts make "
            + "pictures with it, and cannot go on with its training")
      }
    }
    if format == .hub, file.discriminator == nil {
      note("no discriminator: nobody can unlearn with the folder's model")
    }
    return result
  }

  /// What the source records and the format has no place for.
  private var unrecorded: [String] {
    let isTorch =
      format == .public || format == .generator
    guard format != .lethe else { return [] }
    var result: [String] = []
    func note(_ words: String) {
      result.append("\(file.path): the format has no place for \(words)")
    }
    if isTorch, file.pixelRange != .minusOneToOne {
      note("the range of its pictures, \(file.pixelRange.rawValue): say so wherever it is read")
    }
    if isTorch, file.lineage != nil { note("its lineage, what it was to forget") }
    if format != .generator, !file.training.isEmpty {
      note("the state of the run that wrote it: no run goes on from there")
    }
    return result
  }
}
