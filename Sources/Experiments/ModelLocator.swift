import Checkpoints
import Classifiers
import Files
public import Foundation
public import GANs
public import Judging
import Records
import Runs
public import Torch

/// Finds the models that a path means: a file, a run folder, which stands for what the run has made, or the name
/// of a model that ships with Lethe.
public enum ModelLocator {
  /// The file of the GAN that a path means: the file itself, or what a run has made.
  ///
  /// A run that trained or unlearned a GAN stands for its latest snapshot; one that adapted a single model,
  /// or extrapolated to a single γ, for that.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: a file, which may not exist.
  /// - Throws: `RunError`, ``ModelLocatorError``.
  public static func ganFile(_ path: String) throws -> URL {
    guard let run = try run(path) else { return try file(path) }
    guard let file = try RunModels(run).gan() else {
      throw ModelLocatorError.noGAN(path: run.root.path)
    }
    return file
  }

  /// The file of any model that a path means: the file itself, or what a run has made.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: a file, which may not exist.
  /// - Throws: `RunError`, ``ModelLocatorError``.
  public static func modelFile(_ path: String) throws -> URL {
    guard let run = try run(path) else { return try file(path) }
    let models = RunModels(run)
    guard let file = try models.gan() ?? models.judge else {
      throw ModelLocatorError.noModel(path: run.root.path)
    }
    return file
  }

  /// The GAN that a path means.
  ///
  /// - Parameters:
  ///   - path: a file or a run folder.
  ///   - pixelRange: the range of its pictures; nil takes what the file records, else -1..1.
  ///   - ofClass: the class whose networks are wanted, where the file's are told a class.
  /// - Returns: the GAN.
  /// - Throws: `RunError`, `CheckpointError`, `GANFileError`, ``ModelLocatorError``.
  public static func gan(
    _ path: String, pixelRange: PixelRange? = nil, ofClass: Int? = nil
  ) throws -> GANFile {
    var gan = try GANFile.read(ganFile(path), as: .known, ofClass: ofClass)
    if let pixelRange { gan.pixelRange = pixelRange }
    return try run(path).map { try RunModels($0).withLineage(gan) } ?? gan
  }

  /// The judge that a path means: a file, or the run folder of its training.
  ///
  /// - Parameters:
  ///   - path: a file or a run folder.
  ///   - device: where it shall live.
  /// - Returns: the judge.
  /// - Throws: `RunError`, `CheckpointError`, `ClassifierError`, ``ModelLocatorError/noJudge(path:)``.
  public static func judge(_ path: String, device: Device) throws -> Judge {
    try Judge.read(judgeFile(path), device: device)
  }

  /// The file of the judge that a path means.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: a file, which may not exist.
  /// - Throws: `RunError`, ``ModelLocatorError/noJudge(path:)``.
  public static func judgeFile(_ path: String) throws -> URL {
    // A folder with a judge in it will do, whatever else the run has left.
    if let file = RunModels.judge(in: URL(filePath: path)) { return file }
    guard let run = try run(path) else { return try file(path) }
    throw ModelLocatorError.noJudge(path: run.root.path)
  }

  /// The adapted models that a path means: one file, or all models of an adaptation's run folder.
  ///
  /// - Parameter path: a file or a run folder.
  /// - Returns: the models, in the order of their training.
  /// - Throws: `RunError`, `CheckpointError`, `GANFileError`, ``ModelLocatorError``.
  public static func adapted(_ path: String) throws -> [GANFile] {
    guard let run = try run(path) else {
      return [try GANFile.read(file(path), as: .known)]
    }
    let (path, models) = (run.root.path, RunModels(run))
    let latest = models.adapted
    guard !latest.isEmpty else { throw ModelLocatorError.noAdapted(path: path) }
    // An incomplete adaptation would weaken the repulsion without any sign of it.
    let options = OptionsRecord.read(try run.readOptions())
    if let wanted = options.adaptedModelCount,
      let iterations = options.flattened["adaptation.iterations"]?.integer
    {
      let complete = latest.count { $0.iteration >= iterations }
      guard complete == wanted else {
        throw ModelLocatorError.incomplete(path: path, complete: complete, models: wanted)
      }
    }
    return try latest.map {
      try models.withLineage(try GANFile.read($0.file, as: .known), isAdapted: true)
    }
  }

  /// The file of a path that names no run.
  ///
  /// - Parameter path: a file, or the name of a model that ships with Lethe where there is no such file.
  /// - Returns: a file, which may not exist.
  /// - Throws: ``ModelLocatorError/noShippedModel(name:near:)`` for a name that is nearly one.
  public static func file(_ path: String) throws -> URL {
    let url = URL(filePath: path)
    guard url.fileKind == .missing, !path.contains("/"), !path.contains("."),
      EmbeddedModels.isName(path)
    else { return url }
    let files = try EmbeddedModels.files()
    let names = files.map { $0.deletingPathExtension().lastPathComponent }
    if let index = names.firstIndex(of: path) { return files[index] }
    let near = NearestNames.of(path, among: names)
    guard near.isEmpty else { throw ModelLocatorError.noShippedModel(name: path, near: near) }
    return url
  }

  /// The run in a folder; nil if the path names no folder, or a file that a browser has unpacked.
  private static func run(_ path: String) throws -> RunDirectory? {
    let url = URL(filePath: path)
    guard url.fileKind == .folder, Checkpoint.unpackedArchive(at: url) == nil else { return nil }
    return try RunDirectory.open(at: url)
  }
}

/// A run folder that does not hold the one model that was asked for.
public enum ModelLocatorError: Error, Equatable, CustomStringConvertible {
  /// No snapshot of a GAN.
  case noGAN(path: String)
  /// No judge.
  case noJudge(path: String)
  /// Neither a GAN nor a judge.
  case noModel(path: String)
  /// No adapted model.
  case noAdapted(path: String)
  /// Several GANs, none of which is the run's result.
  case severalGANs(path: String, files: [String])
  /// No file, and no model that ships with Lethe, but nearly the name of one.
  case noShippedModel(name: String, near: [String])
  /// Not all models are adapted to the end.
  case incomplete(path: String, complete: Int, models: Int)

  /// One sentence that names the folder, what was expected and the way out.
  public var description: String {
    switch self {
    case .noGAN(let path):
      "\(path) is a run without a GAN: expected a run that trained or unlearned one, with a snapshot"
    case .noJudge(let path):
      "\(path) is a run without a judge: expected a run that trained a classifier to its end, or a file"
    case .noModel(let path):
      "\(path) is a run without a model: it has written no snapshot yet"
    case .noAdapted(let path):
      "\(path) is a run without adapted models: expected a run that adapted some, or a file"
    case .severalGANs(let path, let files):
      "\(path) holds \(files.count) GANs: name one of them, \(files.joined(separator: ", "))"
    case .noShippedModel(let name, let near):
      "there is no file \(name), and no model of that name ships with lethe: did you mean "
        + "\(near.joined(separator: ", ")) (lethe models lists them)?"
    case .incomplete(let path, let complete, let models):
      "\(path) is not complete: \(complete) of \(models) models are adapted to the end; go on with it, or name the files to take"
    }
  }
}
