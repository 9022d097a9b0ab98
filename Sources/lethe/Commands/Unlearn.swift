import ArgumentParser
import Datasets
import Evaluation
import Foundation
import GANs
import Runs
import Unlearning

/// Stage two.
struct Unlearn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stage two: makes the generator forget, away from the adapted ones.",
    discussion: """
      The GAN goes on training on its own pictures without the class (the positives), while its \
      parameters are pushed away from those of the adapted models. Without --gamma a closed loop \
      decides how strongly: the judge's count of negatives lets the push fade by itself.

        lethe unlearn --gan F.pt --judge J.pth --forget 7 --adapted RUN1 --output RUN2
        lethe unlearn ... --loss EL2 --gamma 100 --alpha 0.002 --distance paper
      """)

  @OptionGroup(title: "Subject") var subject: SubjectArguments
  @OptionGroup(title: "Method") var method: UnlearningArguments
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try compute.apply(training)
    try runArguments.check()
    let subject = try subject.load(device: compute.device)
    let repulsion = try method.repulsion()
    let data = try evaluation.dataset(for: subject)
    let stage = UnlearningStage(
      subject: subject, options: try method.options(training, subject: subject),
      repulsion: repulsion, compute: compute)
    let session = try TrainingSession(
      RunDescription(
        command: "unlearn",
        name: "unlearn-\(subject.className)-\((method.loss ?? .negativeL2).rawValue)",
        options: try options(subject, stage),
        inputs: subject.provenance
          + (repulsion?.adapted ?? []).map {
            try Provenance(of: URL(filePath: $0.path), role: "adapted")
          }),
      arguments: runArguments, compute: compute, iterations: stage.options.iterations,
      makeTrainer: stage.makeTrainer)
    let snapshot = try session.train()
    let finish = EvaluationStage(
      subject: subject, compute: compute, samples: evaluation.samples, data: data)
    let unlearned = session.trainer.model.generatorEMA
    try finish.writeGrids(
      adapted: repulsion?.adapted.first, unlearned: unlearned, into: session.run)
    let result = try finish.measure(unlearned, original: finish.original())
    let metrics = try finish.write(
      result, snapshot: snapshot, iteration: session.trainer.iteration,
      elapsedSeconds: session.elapsedSeconds, into: session.run)
    if json {
      print(JSON.object(metrics).encoded())
    } else {
      print(result.table)
      print("report: \(session.run.reportFile.path)")
    }
  }

  private func options(_ subject: Subject, _ stage: UnlearningStage) throws -> JSON.Object {
    var options = subject.options
    options["loss"] = JSON((method.loss ?? .negativeL2).rawValue)
    if let repulsion = stage.repulsion {
      options["adapted"] = JSON(repulsion.adapted.map(\.path))
      options["distance"] = JSON(repulsion.distance.rawValue)
      switch repulsion.strength {
      case .fixed(let gamma): options["gamma"] = JSON(gamma)
      case .closedLoop(let loop): options["closed_loop"] = try JSON(encoding: loop)
      }
      if case .exponentialL2(let alpha) = repulsion.loss {
        options["alpha"] = repulsion.hasScaleFreeAlpha ? "1/d2" : JSON(alpha)
      }
    }
    options["iterations"] = JSON(stage.options.iterations)
    options["unlearning"] = try JSON(encoding: stage.options).without("iterations")
    return options
  }
}
