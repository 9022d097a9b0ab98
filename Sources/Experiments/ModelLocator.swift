import Checkpoints
import Classifiers
import Files
public import Foundation
public import GANs
public import Judging
import Runs
public import Torch

/// Finds the models that a path means: a file, or a run folder.
public enum ModelLocator {
  /// The checkpoint that a path means: the file itself, or the latest snapshot of a run folder.
  ///
  /// - Parameters:
  ///   - path: a file or a run folder.
  ///   - kind: the first word of the snapshots' names.
  /// - Returns: a file, which may not exist.
  /// - Throws: `RunError`, ``ModelLocatorError/noGAN(path:)``.
  public static func checkpoint(_ path: String, kind: String = "snapshot") throws -> URL {
    let url = URL(filePath: path)
    guard isRunFolder(url) else { return url }
    guard let latest = try RunDirectory.open(at: url).snapshots(kind: kind).last else {
      throw ModelLocatorError.noGAN(path: url.path)
    }
    return latest.file
  }

  /// Whether a path is a folder of a run, and no file that a browser has unpacked.
  private static func isRunFolder(_ url: URL) -> Bool {
    url.fileKind == .folder && Checkpoint.unpackedArchive(at: url) == nil
  }

  /// The GAN that a path means.
  ///
  /// - Parameters:
  ///   - path: a file or a run folder.
  ///   - pixelRange: the range of its pictures; nil takes what the file records, else -1..1.
  /// - Returns: the GAN.
  /// - Throws: `RunError`, `CheckpointError`, `GANFileError`, ``ModelLocatorError``.
  public static func gan(_ path: String, pixelRange: PixelRange? = nil) throws -> GANFile {
    try gan(at: checkpoint(path), pixelRange: pixelRange)
  }

  /// The GAN of a file that was found before.
  static func gan(at file: URL, pixelRange: PixelRange?) throws -> GANFile {
    var gan = try GANFile.read(file, as: .known)
    if let pixelRange { gan.pixelRange = pixelRange }
    return gan
  }

  /// The judge that a path means: a file, or the run folder of its training.
  ///
  /// - Parameters:
  ///   - path: a file or a run folder.
  ///   - device: where it shall live.
  /// - Returns: the judge.
  /// - Throws: `CheckpointError`, `ClassifierError`.
  public static func judge(_ path: String, device: Device) throws -> Judge {
    try Judge.read(judgeFile(path), device: device)
  }

  /// The file of the judge that a path means.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: a file, which may not exist.
  public static func judgeFile(_ path: String) -> URL {
    let url = URL(filePath: path)
    let inRun = url.appending(path: "judge.safetensors")
    return FileManager.default.fileExists(atPath: inRun.path) ? inRun : url
  }
}

extension ModelLocator {
  /// The adapted models that a path means: one file, or all models of an adaptation's run folder.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: the models, in the order of their training.
  /// - Throws: `RunError`, `CheckpointError`, `GANFileError`, ``ModelLocatorError``.
  public static func adapted(_ path: String) throws -> [GANFile] {
    let url = URL(filePath: path)
    guard isRunFolder(url) else { return [try GANFile.read(url, as: .known)] }
    let run = try RunDirectory.open(at: url)
    var latest: [RunDirectory.Snapshot] = []
    while let snapshot = run.snapshots(kind: AdaptationStage.kind(latest.count + 1)).last {
      latest.append(snapshot)
    }
    guard !latest.isEmpty else { throw ModelLocatorError.noAdapted(path: url.path) }
    // An incomplete adaptation would weaken the repulsion without any sign of it.
    let options = OptionsRecord.read(try run.readOptions()).flattened
    if let models = options["adaptation.model_count"]?.integer,
      let iterations = options["adaptation.iterations"]?.integer
    {
      let complete = latest.count { $0.iteration >= iterations }
      guard complete == models else {
        throw ModelLocatorError.incomplete(path: url.path, complete: complete, models: models)
      }
    }
    return try latest.map { try GANFile.read($0.file, as: .known) }
  }
}

/// A run folder that holds no model of the kind that was asked for.
public enum ModelLocatorError: Error, Equatable, CustomStringConvertible {
  /// No snapshot of a GAN.
  case noGAN(path: String)
  /// No adapted model.
  case noAdapted(path: String)
  /// Not all models are adapted to the end.
  case incomplete(path: String, complete: Int, models: Int)

  /// One sentence that names the folder, what was expected and the way out.
  public var description: String {
    switch self {
    case .noGAN(let path):
      "\(path) is a run without a GAN: expected a run that trained or unlearned one, with a snapshot"
    case .noAdapted(let path):
      "\(path) is a run without adapted models: expected a run that adapted some, or a file"
    case .incomplete(let path, let complete, let models):
      "\(path) is not complete: \(complete) of \(models) models are adapted to the end; go on with it, or name the files to take"
    }
  }
}
