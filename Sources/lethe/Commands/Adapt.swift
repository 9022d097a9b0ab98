import ArgumentParser
import Foundation
import Reports
import Runs
import Unlearning

/// Stage one.
struct Adapt: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stage one: adapts generators to the pictures that shall be forgotten.",
    discussion: """
      Each of K models starts from the GAN and is fine-tuned on negatives that the judge finds among \
      its pictures, with elastic weight consolidation. 'lethe unlearn --adapted RUN' takes all of them.

        lethe adapt --gan F.pt --judge J.pth --forget 7 --models 2 --output RUN
      """)

  @OptionGroup(title: "Subject") var subject: SubjectArguments
  @OptionGroup(title: "Method") var method: AdaptationArguments
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the adapted models' files as JSON.")
  var json = false

  func run() throws {
    try compute.apply(training)
    try runArguments.check()
    let subject = try subject.load(device: compute.device)
    let stage = AdaptationStage(
      subject: subject, options: try method.options(training, subject: subject), compute: compute,
      snapshots: runArguments.snapshots)
    var options = subject.options
    options["iterations"] = JSON(stage.options.iterations)
    options["adaptation"] = try JSON(encoding: stage.options).without("iterations")
    let record = RunDescription(
      command: "adapt", name: "adapt-\(subject.className)", options: options,
      inputs: subject.provenance
    ).record(compute)

    let run: RunDirectory
    let files: [URL]
    if runArguments.resume {
      run = try runArguments.open(for: record)
      let done = stage.completed(in: run)
      try run.prepareToResume(fromIteration: done)
      try run.noteResume(record, fromIteration: done)
      files = try stage.train(in: run)
    } else {
      let first = try stage.prepare()
      run = try runArguments.create(description: "adapt-\(subject.className)")
      try run.write(record)
      files = try stage.train(in: run, first: first)
    }
    try RunReport.write(into: run)
    if json {
      let result: JSON = .object([
        "run": JSON(run.root.path), "adapted": JSON(files.map(\.path)),
      ])
      print(result.encoded())
    } else {
      print("\(files.count) adapted to '\(subject.className)': \(run.root.path)")
    }
  }
}
