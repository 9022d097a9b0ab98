import Classifiers
import Foundation
import Runs
import StyleGAN2
import Torch

/// Files that a user names where a GAN or a judge is asked for.
enum ModelFiles {
  /// The checkpoint that a path means: the file itself, or the latest snapshot of a run directory.
  static func checkpoint(_ path: String, kind: String = "snapshot") throws -> URL {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return url }
    return try RunDirectory.open(at: url).latestSnapshot(kind: kind).file
  }

  /// The GAN that a path means.
  static func gan(_ path: String) throws -> GANFile { try GANFile.read(checkpoint(path)) }

  /// The judge that a path means: a file, or the directory of `lethe train classifier`.
  static func judge(_ path: String, device: Device) throws -> Judge {
    try Judge.read(judgeFile(path), device: device)
  }

  /// The file of that judge.
  static func judgeFile(_ path: String) -> URL {
    let url = URL(filePath: path)
    let inRun = url.appending(path: "judge.safetensors")
    return FileManager.default.fileExists(atPath: inRun.path) ? inRun : url
  }

  /// The range of a GAN's pictures: what the user says, else what the file records, else -1..1.
  static func pixelRange(_ file: GANFile, override: PixelRange?) -> PixelRange {
    override ?? file.pixelRange ?? .minusOneToOne
  }
}

extension ModelFiles {
  /// The adapted models that a path means: one file, or all of a run of `lethe adapt`.
  static func adapted(_ path: String) throws -> [GANFile] {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return [try GANFile.read(url)] }
    let run = try RunDirectory.open(at: url)
    var files: [GANFile] = []
    while let latest = run.snapshots(kind: AdaptationStage.kind(files.count + 1)).last {
      files.append(try GANFile.read(latest.file))
    }
    guard !files.isEmpty else {
      // The message of the run directory says what was looked for.
      return [try GANFile.read(run.latestSnapshot(kind: AdaptationStage.kind(1)).file)]
    }
    return files
  }
}
