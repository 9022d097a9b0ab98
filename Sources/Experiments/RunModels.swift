import Foundation
import GANs
import Runs

/// The models that a run has made so far.
struct RunModels {
  private let run: RunDirectory

  init(_ run: RunDirectory) { self.run = run }

  /// The judge of a complete training; nil if there is none.
  var judge: URL? { Self.judge(in: run.root) }

  /// The judge in a folder; nil if there is none.
  static func judge(in folder: URL) -> URL? {
    let file = folder.appending(path: "judge.safetensors")
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }

  /// The latest snapshot of each adapted model, in the order of their training.
  var adapted: [RunDirectory.Snapshot] {
    var result: [RunDirectory.Snapshot] = []
    while let snapshot = run.snapshots(kind: AdaptationStage.kind(result.count + 1)).last {
      result.append(snapshot)
    }
    return result
  }

  /// The extrapolated generators, in the order of γ.
  private var extrapolated: [URL] {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: run.snapshotsFolder.path)) ?? []
    return names.compactMap { name -> (gamma: Double, file: URL)? in
      guard name.hasPrefix("gamma-"), name.hasSuffix(".safetensors"),
        let gamma = Double(name.dropFirst("gamma-".count).dropLast(".safetensors".count))
      else { return nil }
      return (gamma, run.snapshotsFolder.appending(path: name))
    }
    .sorted { $0.gamma < $1.gamma }.map(\.file)
  }

  /// The GAN that the run stands for: what it has chosen, trained or unlearned, else the only one that it made.
  ///
  /// - Returns: nil if it has made none.
  /// - Throws: ``ModelLocatorError/severalGANs(path:files:)``.
  func gan() throws -> URL? {
    if let chosen = run.snapshots(kind: CandidateStage.chosenKind).last { return chosen.file }
    if let latest = run.snapshots().last { return latest.file }
    let files = adapted.map(\.file) + extrapolated
    guard files.count <= 1 else {
      throw ModelLocatorError.severalGANs(path: run.root.path, files: files.map(\.path))
    }
    return files.first
  }

  /// A GAN of the run, with the lineage that options.json tells of, if the file itself records none.
  ///
  /// Snapshots of version 0.1.0 record none; their runs know what was asked for.
  func withLineage(_ file: GANFile, isAdapted: Bool = false) throws -> GANFile {
    guard file.lineage == nil else { return file }
    let record = try run.readOptions()
    guard let command = record["command"]?.string, ["adapt", "unlearn", "demo"].contains(command),
      let concept = OptionsRecord.read(record).values["forget"]?.string
    else { return file }
    func digest(_ role: String) -> String? {
      (record["inputs"]?.array ?? []).first { $0["role"]?.string == role }?["sha256"]?.string
    }
    let step = Lineage.Step(
      concept: concept, judge: digest("judge"), originFile: digest("gan"))
    var result = file
    result.lineage = try
      (isAdapted || command == "adapt" ? Lineage(adapted: step) : Lineage(forgotten: [step])).text
    return result
  }
}
