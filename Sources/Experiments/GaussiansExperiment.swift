import Foundation
public import Gaussians
public import Records
import Reports
public import Runs

/// What the toy leaves behind.
public struct GaussiansResult {
  /// The run's folder, with the page.
  public let run: RunDirectory
  /// What it shows.
  public let record: MixtureRecord
  /// The content of metrics.json.
  public let metrics: JSON.Object
}

/// The paper's toy in a run of its own: a GAN of eight Gaussians forgets some of them.
///
/// It takes less than a minute, so it has no snapshots: a run that is stopped leaves nothing, and one
/// that was killed starts again.
public struct GaussiansExperiment {
  /// Every constant of the toy.
  public var options: ToyOptions
  /// Points that every generator is measured on.
  public var samples: Int
  /// Where the run goes.
  public var destination: RunDestination
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// What the command calls this model.
  public static let name = "gaussians"

  /// A toy.
  ///
  /// - Parameters:
  ///   - options: every constant.
  ///   - samples: points that every generator is measured on.
  ///   - destination: where the run goes.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ options: ToyOptions = ToyOptions(), samples: Int, destination: RunDestination = .numbered,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.options = options
    self.samples = samples
    self.destination = destination
    self.context = context
  }

  /// Computes everything, and writes the page.
  ///
  /// - Returns: the run, and what it shows.
  /// - Throws: `ToyError`, `TrainingError`, what the disk refuses; ``Cancelled``.
  public func run() throws -> GaussiansResult {
    let toy = try Toy(options, random: context.random)
    let former = try destination.former(description, context)
    // A run that goes on does everything again.
    let run = try former?.goOn(fromIteration: 0) ?? destination.create(description, context)
    do {
      return try run.complete { try complete(run, toy) }
    } catch var cancelled as Cancelled {
      // Nothing of worth is in a folder that came into being a moment ago.
      if former == nil {
        run.folder.discard()
        cancelled.run = nil
      }
      throw cancelled
    }
  }

  private var description: RunDescription {
    get throws {
      var nested = OptionsRecord()
      try nested.set("toy", to: options)
      var record = OptionsRecord()
      try record.set("model", to: Self.name)
      record.merge(OptionsRecord(nested.values["toy"]?.object ?? [:]))
      try record.set("samples", to: samples)
      return RunDescription(
        command: "demo \(Self.name)", name: "demo-\(Self.name)", options: record, inputs: [])
    }
  }

  private func complete(_ run: RunInProgress, _ toy: Toy) throws -> GaussiansResult {
    let start = Date()
    let result = try toy.run(samples: samples) { stage, work in
      let task = RunTask(
        .training, label: stage.title.lowercased(), total: toy.iterations(of: stage))
      try run.context.during(task) { try work($0) }
    }
    let record = MixtureRecord(result, forgetting: options.forget)
    try run.folder.write(record)
    try run.folder.writeMetrics(
      [
        "forget": JSON(options.forget.map(String.init)), "generators": .object(record.shares),
      ], samples: samples, seed: context.seed, snapshot: nil, iteration: nil,
      elapsedSeconds: Date().timeIntervalSince(start))
    try RunReport.write(into: run.folder)
    return GaussiansResult(
      run: run.folder, record: record, metrics: try run.folder.readMetrics())
  }
}

extension MixtureRecord {
  /// What a toy shows, for its page.
  ///
  /// - Parameters:
  ///   - result: the toy's.
  ///   - forgotten: the numbers of the components to forget.
  init(_ result: Toy.Result, forgetting forgotten: [Int]) {
    /// A thousandth is less than a dot of a picture is wide.
    func rounded(_ point: Point) -> Point {
      Point((point.x * 1000).rounded() / 1000, (point.y * 1000).rounded() / 1000)
    }
    func panel(_ title: String, _ sample: Toy.Sample?) -> Panel? {
      guard let sample else { return nil }
      func points(areForgotten: Bool) -> [Point] {
        zip(sample.points, sample.components)
          .filter { forgotten.contains($0.1) == areForgotten }.map { rounded($0.0) }
      }
      return Panel(
        title, kept: points(areForgotten: false), forgotten: points(areForgotten: true))
    }
    let panels = [
      panel("Data", result.data), panel("Negatives", result.negatives),
      panel("Positives", result.positives),
      panel("Samples of the original GAN", result.samples[.original]),
      panel("Samples of the adapted GAN", result.samples[.adapted]),
      panel("Samples of the unlearned GAN", result.samples[.unlearned]),
      panel("Samples without repulsion", result.samples[.withoutRepulsion]),
    ]
    self.init(
      centres: GaussianMixture.centres.map { rounded(Point($0.x, $0.y)) }, forgotten: forgotten,
      panels: panels.compactMap(\.self),
      rows: Generator.allCases.compactMap { generator in
        result.samples[generator].map {
          Row(generator, shares: $0.shares, nearShare: $0.nearShare)
        }
      }, courses: result.courses)
  }
}
