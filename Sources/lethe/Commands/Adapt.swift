import ArgumentParser
import Experiments
import Foundation
import Judging
import Runs
import Terminal
import Unlearning

/// Stage one.
struct Adapt: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stage one: adapts generators to the class to forget.",
    discussion: """
      Each of K models starts from the GAN and is fine-tuned on negatives, pictures in which the \
      judge finds the class, with elastic weight consolidation. 'lethe unlearn --adapted RUN' uses \
      all of them.
      """
        + HelpText.examples(
          "lethe adapt --gan F.pt --judge J.pth --forget 7 --models 2 --output RUN"))

  @OptionGroup(title: "Subject") var subject: SubjectArguments
  @OptionGroup(title: "Method") var method: AdaptationArguments
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the adapted models' files as JSON.")
  var json = false

  func run() throws {
    try compute.apply(training.step)
    try runArguments.destination.check()
    let start = compute.context(stoppingAfter: runArguments.stopAfter)
    let subject = try subject.load(for: runArguments.destination, in: start)
    let result = try AdaptationExperiment(
      subject, options: method.options(training, subject: subject),
      destination: runArguments.destination, snapshots: runArguments.snapshots,
      context: compute.context(forgetting: subject.conceptNames, goingOnFrom: start)
    ).run()
    if json {
      try StandardOutput.print(JSON.object(result.json).encoded())
    } else {
      try StandardOutput.say(
        "\(result.adapted.count) adapted to '\(subject.conceptNames)': \(result.run.root.path)")
    }
  }
}
