public import Foundation
public import Torch

/// Whatever is in a checkpoint, by dotted names, with every part of the file accounted for.
///
/// Reads safetensors, what torch.save writes, and pickles of Python with tensors within, by content
/// and not by name. Nothing in a file is run: classes that are not plain data stay names (see
/// ``skipped``).
///
/// ```swift
/// let checkpoint = try Checkpoint.read(url)
/// checkpoint.tensors.under("g_ema")                     // a state dict
/// checkpoint.value(at: "g_optim.param_groups.0.lr")     // .number(0.0016)
/// ```
public struct Checkpoint: Sendable {
  /// The kinds of file that Lethe reads.
  public enum Format: String, Sendable, CaseIterable {
    /// safetensors, Lethe's own snapshots among them.
    case safetensors
    /// torch.save of torch 1.6 and later: a zip archive.
    case torchZip = "torch (zip)"
    /// `torch.jit.save`: a zip archive with code, which is not read.
    case torchScript = "torch (TorchScript)"
    /// torch.save before 1.6.
    case torchLegacy = "torch (legacy)"
    /// torch.save before 0.2.
    case torchTar = "torch (tar)"
    /// `pickle.dump` of Python, with tensors within.
    case pickle = "Python pickle"
  }

  /// What the file is.
  public let format: Format
  /// The tensors, in the order of the file.
  ///
  /// Named `g.conv1.conv.weight`, `g_optim.state.0.exp_avg` and so on; a file that is one bare
  /// tensor has `tensor`. Tied weights are one tensor under two names.
  public let tensors: StateDict
  /// Everything that is plain data but no tensor: `g_optim.param_groups.0.lr`, `args.batch`, the
  /// metadata of safetensors.
  public let values: [(path: String, value: CheckpointValue)]
  /// Everything that was skipped, with the reasons.
  public let skipped: [(path: String, reason: String)]
  private let valuesByPath: [String: CheckpointValue]
  private let file: MappedFile

  private init(_ content: CheckpointContent, tensors: StateDict) {
    format = content.format
    self.tensors = tensors
    values = content.values
    skipped = content.skipped
    file = content.file
    valuesByPath = Dictionary(content.values.map { ($0.path, $0.value) }) { first, _ in first }
  }

  /// Throws if the file has been written to since it was opened.
  ///
  /// Large tensors are the file's own bytes, read when they are looked at. A file that is replaced
  /// by a rename or deleted stays readable; the content of a file that is written in place changes.
  /// Call this after copying the tensors, to know that they are those of the opened file.
  ///
  /// - Throws: ``CheckpointError/changed(path:)``.
  public func requireUnchanged() throws(CheckpointError) { try file.requireUnchanged() }

  /// The plain value of that name.
  ///
  /// - Parameter path: such as `args.batch`.
  /// - Returns: the value; nil if there is none of that name.
  public func value(at path: String) -> CheckpointValue? {
    valuesByPath[path]
  }

  /// Reads a file, whatever its name ends in.
  ///
  /// Large tensors are mapped, not copied: they cost no memory of their own, and the file stays open
  /// as long as one of them lives.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - isWanted: says for each tensor's name whether to read it; the others are not looked at.
  /// - Returns: what is in it.
  /// - Throws: ``CheckpointError`` if there is no such file, it is something else, cut off, damaged or
  ///   of a kind that is not read; `TorchError` if memory runs out.
  public static func read(
    _ url: URL, where isWanted: (String) -> Bool = { _ in true }
  ) throws -> Checkpoint {
    let content = try CheckpointContent(url)
    var tensors = StateDict()
    for (name, tensor) in try content.load(where: isWanted) { tensors[name] = tensor }
    return Checkpoint(content, tensors: tensors)
  }
}
