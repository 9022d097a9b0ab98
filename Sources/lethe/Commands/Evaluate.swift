import ArgumentParser
import Classifiers
import Datasets
import Evaluation
import Foundation
import GANs
import Runs
import Torch

/// Measuring what was forgotten.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what a GAN forgot and what it kept.",
    discussion: """
      Both generators make pictures of the same latents with the same noise; a judge names them. PUL \
      is the share of the class's pictures that are gone, in percent; Fréchet distances are taken in the \
      judge's features, to the original's pictures of the other classes and, with --data, to real ones.

        lethe evaluate --gan RUN2 --original F.pt --judge J.pth --forget 7 --json
      """)

  @Option(help: "The unlearned GAN: a snapshot, a run directory or a public checkpoint.")
  var gan: String

  @Option(help: "The GAN before unlearning.")
  var original: String

  @Option(
    help: "The classifier that names pictures: a file, or the run of 'lethe train classifier'.")
  var judge: String

  @Option(help: "The class that was to be forgotten.")
  var forget: String

  @Option(help: "A folder with real, labelled pictures: IDX files, or a sub-folder for each class.")
  var data: String?

  @Option(help: "Which part of the real pictures, train or test.")
  var split = Dataset.Split.test

  @Option(parsing: .unconditional, help: "Pictures of each generator.")
  var samples = LatentList.defaultCount

  @Option(help: "The range of both GANs' pictures, -1..1 or 0..1 (default: what the files say).")
  var pixelRange: PixelRange?

  @Option(help: "fp32, bf16 or fp16: the precision of both generators' convolutions.")
  var precision = Precision.fp32

  @Option(help: "A file for the numbers as JSON, which must not exist yet.")
  var output: String?

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard samples >= 2 else {
      throw ValidationError("--samples is \(samples), expected at least 2")
    }
  }

  func run() throws {
    try compute.apply(precision)
    let output = try output.map(OutputFile.check)
    let judge = try ModelFiles.judge(judge, device: compute.device)
    let forgotten = try judge.index(ofClass: forget)
    let before = try ModelFiles.gan(original)
    let after = try ModelFiles.gan(gan)
    try requireSameNetwork(after, before)
    let real = try data.map { try readData($0, judge: judge) }
    let (rangeBefore, rangeAfter) = pixelRanges(before, after)
    let meter = ProgressMeter(label: "evaluate", total: 2 * samples)
    defer { meter.finish() }
    let result = try UnlearningEvaluation(
      original: (before.makeGenerator(device: compute.device), rangeBefore),
      unlearned: (after.makeGenerator(device: compute.device), rangeAfter), judge: judge,
      forgotten: forgotten, latents: LatentList(count: samples, seed: compute.seed),
      data: real?.statistics(), precision: precision
    ) { meter.update(iteration: $0) }
    meter.finish()
    let record = JSON.object(record(result, rangeBefore, rangeAfter)).encoded()
    if let output { try AtomicFile.write(record + "\n", to: output) }
    print(json ? record : result.table)
  }

  private func requireSameNetwork(_ after: GANFile, _ before: GANFile) throws {
    let (first, second) = (after.configuration, before.configuration)
    guard first.size == second.size, first.latentSize == second.latentSize else {
      throw GANFileError.differentSizes(
        file: after.path, configuration: "\(first)", other: before.path, expected: "\(second)")
    }
  }

  /// Public checkpoints do not record their range; the unlearned GAN has that of the original.
  private func pixelRanges(
    _ before: GANFile, _ after: GANFile
  ) -> (before: PixelRange, after: PixelRange) {
    (
      ModelFiles.pixelRange(before, override: pixelRange ?? before.pixelRange ?? after.pixelRange),
      ModelFiles.pixelRange(after, override: pixelRange ?? after.pixelRange ?? before.pixelRange)
    )
  }

  private func readData(_ path: String, judge: Judge) throws -> JudgedSample {
    let all = try Dataset.open(URL(filePath: path), split: split)
    return try JudgedSample(of: all.without(class: all.classIndex(named: forget)), judge: judge)
  }

  private func record(
    _ result: UnlearningEvaluation, _ before: PixelRange, _ after: PixelRange
  ) -> JSON.Object {
    var record = result.json
    record["gan"] = JSON(gan)
    record["original"] = JSON(original)
    record["judge"] = JSON(judge)
    record["data"] = JSON(data)
    if data != nil { record["data_split"] = JSON(split.rawValue) }
    record["pixel_range"] = JSON(after.rawValue)
    record["original_pixel_range"] = JSON(before.rawValue)
    record["precision"] = JSON(precision.rawValue)
    record["device"] = JSON("\(compute.device)")
    record["threads"] = JSON(Torch.threadCount)
    record["version"] = JSON(Lethe.version)
    return record
  }
}

extension Dataset.Split: ExpressibleByArgument {}
