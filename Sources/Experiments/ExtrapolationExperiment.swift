public import Datasets
public import Evaluation
import Foundation
public import GANs
import Judging
import Records
import Reports
public import Runs
import Torch
import Unlearning

/// The line through the adapted generators and the original: files, grids, and numbers where a judge
/// measures them.
public struct ExtrapolationExperiment {
  /// The original GAN.
  public var file: GANFile
  /// The adapted models.
  public var adapted: [GANFile]
  /// The points of the line.
  public var gammas: [Double]
  /// Who measures them, and which class shall fade; or nobody.
  public var subject: Subject?
  /// Latents that every generator is judged on.
  public var samples: Int
  /// Labelled real data, or none.
  public var data: Dataset?
  /// Where the run goes.
  public var destination: RunDestination
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// A sweep.
  ///
  /// - Parameters:
  ///   - file: the original GAN.
  ///   - adapted: the adapted models.
  ///   - gammas: the points of the line.
  ///   - subject: who measures them, and which class shall fade; or nobody.
  ///   - samples: latents that every generator is judged on.
  ///   - data: labelled real data, or none.
  ///   - destination: where the run goes.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ file: GANFile, adapted: [GANFile], gammas: [Double],
    subject: Subject? = nil, samples: Int = LatentList.defaultCount, data: Dataset? = nil,
    destination: RunDestination = .numbered, context: ExperimentContext = ExperimentContext()
  ) {
    self.file = file
    self.adapted = adapted
    self.gammas = gammas
    self.subject = subject
    self.samples = samples
    self.data = data
    self.destination = destination
    self.context = context
  }

  /// Writes a generator and a grid for each point, measures those that shall be, and writes the page.
  ///
  /// - Returns: the run, and what was measured.
  /// - Throws: `NetworkMismatch` for models of another network; what the disk refuses.
  public func run() throws -> (run: RunDirectory, metrics: JSON.Object) {
    for model in adapted {
      try model.configuration.requireSameNetworks(
        as: file.configuration, subject: model.path, reference: file.path)
    }
    context.observer.noted(file, for: [.fixedNoise])
    let former = try destination.former(description, context)
    // A run that goes on does everything again: there is no training to be spared.
    func judge() throws -> (original: JudgedSample?, positives: JudgedSample?) {
      let stage = stage(context)
      return (try stage?.original(), try stage?.positives())
    }
    let (original, positives) = try former?.before(judge) ?? judge()
    let run =
      try former?.goOn(fromIteration: 0) ?? destination.create(description, context)
    return try run.complete {
      (run.folder, try sweep(run, original: original, positives: positives))
    }
  }

  private func stage(_ context: ExperimentContext) -> EvaluationStage? {
    subject.map {
      EvaluationStage(subject: $0, context: context, samples: samples, data: data)
    }
  }

  private var description: RunDescription {
    get throws {
      var record = OptionsRecord()
      try record.set("gan", to: file.path)
      try record.set("adapted", to: adapted.map(\.path))
      try record.set("forget", to: subject?.concept.name)
      try record.set("gammas", to: gammas)
      try record.set("pixel_range", to: file.pixelRange.rawValue)
      let own = try subject?.provenance ?? [Provenance(of: URL(filePath: file.path), role: "gan")]
      let others = try adapted.map { try Provenance(of: URL(filePath: $0.path), role: "adapted") }
      return RunDescription(
        command: "extrapolate", name: "extrapolate", options: record, inputs: own + others)
    }
  }

  private func sweep(
    _ run: RunInProgress, original: JudgedSample?, positives: JudgedSample?
  ) throws -> JSON.Object {
    let (folder, stage) = (run.folder, stage(run.context))
    var points: [JSON] = []
    let sweep = try ExtrapolationSweep(file, adapted: adapted, device: context.device)
    let grid = SampleGrid(file.configuration, seed: context.seed)
    for (index, gamma) in gammas.enumerated() {
      if context.cancellation.isRequested {
        throw Cancelled(
          during: RunTask(.evaluating, label: "gamma \(gamma)", total: gammas.count),
          at: index)
      }
      let generator = sweep.generator(gamma: gamma)
      let name = "gamma-\(gamma)"
      try generator.write(
        to: folder.root.appending(path: "snapshots/\(name).safetensors"), replacing: true)
      try grid.write(generator, to: folder.image(name))
      guard let stage, let original else { continue }
      points.append(
        try stage.extrapolated(generator, gamma: gamma, original: original, positives: positives)
          .json)
    }
    let metrics: JSON.Object = [
      "forget": JSON(subject?.concept.name), "extrapolation": .array(points),
    ]
    if stage != nil {
      try folder.writeMetrics(
        metrics, samples: samples, seed: context.seed, snapshot: nil, iteration: nil,
        elapsedSeconds: 0)
    }
    try RunReport.write(into: folder)
    return metrics
  }
}
