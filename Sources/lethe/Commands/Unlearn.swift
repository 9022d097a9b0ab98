import ArgumentParser
import Experiments
import Foundation
import Judging
import Runs
import Terminal

/// Stage two.
struct Unlearn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stage two: makes the generator forget, and keeps the rest.",
    discussion: """
      The GAN continues to train on its own pictures without the class (the positives), while its \
      parameters are pushed away from those of the adapted models. Without --gamma, a closed loop \
      controls the strength: the push fades as the judge counts fewer negatives. Meanwhile the frozen \
      original holds latents without the class to their pictures (retention), and sends those with it \
      to pictures of its own without it (redirection). The paper's stage two has neither: --method \
      adapt-then-unlearn, or --preset paper.
      """
        + HelpText.examples(
          "lethe unlearn --gan F.pt --judge J.pth --forget 7 --adapted RUN1 --output RUN2",
          "lethe unlearn ... --method redirect --without-discriminator",
          "lethe unlearn ... --preset paper --loss EL2 --gamma 100 --alpha 0.002"))

  @OptionGroup(title: "Subject") var subject: SubjectArguments
  @OptionGroup(title: "Method") var method: UnlearningArguments
  @OptionGroup(title: "Identity") var identity: IdentityArguments
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
  @OptionGroup(title: "Result") var result: ChoiceArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try compute.apply(training.step)
    try runArguments.destination.check()
    let start = compute.context(stoppingAfter: runArguments.stopAfter)
    let subject = try subject.load(for: runArguments.destination, in: start)
    let method = try method.method(training, subject: subject)
    let data = try evaluation.dataset(for: subject)
    var experiment = UnlearningExperiment(
      subject, method: method, samples: evaluation.samples, data: data,
      destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(forgetting: subject.conceptNames, goingOnFrom: start))
    experiment.acceptsMismatch = identity.acceptMismatch
    experiment.choice = result.choice
    let unlearned = try experiment.run()
    try Conclusion.print(
      json ? JSON.object(unlearned.json).encoded() : unlearned.evaluation.table)
    if !json { try StandardOutput.say("report: \(unlearned.run.reportFile.path)") }
  }
}
