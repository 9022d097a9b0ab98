import Foundation
import GANs
import Judging
import Records
import Runs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

@testable import Experiments

/// Methods whose frozen original holds pictures and redirects others.
@Suite struct DistillingMethodTests {
  private let world: World

  init() throws { world = try World() }

  private var options: UnlearningOptions {
    var options = UnlearningOptions()
    options.iterations = 12
    options.feedbackSamples = 64
    options.surveySamples = 200
    options.largestDoubt = 1
    options.redirection?.largestDoubt = 0.5
    options.training.batchSize = 4
    options.training.decayIterations = 12
    return options
  }

  private func method(_ name: String, _ options: UnlearningOptions) throws -> any UnlearningMethod {
    let type = try #require(UnlearningMethods.named(name))
    let adapted =
      type.usesAdapted ? try ModelLocator.adapted(world.path("adapted")) : []
    return try type.init(UnlearningRequest(options: options, adapted: adapted))
  }

  @discardableResult
  private func unlearn(
    _ folder: String, _ name: String, _ listener: Listener = Listener(), resume: Bool = false,
    options: UnlearningOptions? = nil
  ) throws -> RunDirectory {
    try UnlearningExperiment(
      world.subject(), method: method(name, options ?? self.options), samples: 64,
      destination: world.destination(folder, resume: resume),
      snapshots: SnapshotPolicy(every: 5, keep: 1), context: listener.context
    ).run().run
  }

  @Test(arguments: [AdaptThenRedirect.name, RetentionAndRedirection.name])
  func `a run records what is held and redirected, and goes on to the same bits`(name: String)
    throws
  {
    if name == AdaptThenRedirect.name { try world.adapt("adapted") }
    let listener = Listener()
    let whole = try unlearn("whole", name, listener)
    #expect(
      listener.tasks.map(\.label).filter { ["feedback", "survey", "targets"].contains($0) }
        == ["feedback", "survey", "targets"])
    let record = OptionsRecord.read(try whole.readOptions()).flattened
    #expect(record["method"]?.string == name)
    #expect(record["unlearning.retention.weight"]?.number == 10)
    #expect(record["unlearning.redirection.target"]?.string == "local")
    #expect(record["unlearning.redirection.margin"]?.number == 1.5)
    #expect(record["unlearning.survey_samples"]?.number == 200)
    #expect(
      record.keys.contains { $0.hasPrefix("unlearning.repulsion.") }
        == (name == AdaptThenRedirect.name))
    let records = try StatsReader.records(in: whole.statsFile)
    func values(_ key: StatisticKey) -> [Double] {
      records.compactMap { $0.values[key] }
    }
    #expect(values(.retention).count == 12 && values(.redirection).count == 12)
    // The generator begins as the original.
    #expect(values(.retention)[0] < 1e-8 && values(.retention)[11] > 1e-8)
    #expect(values(.redirection)[0] > 1e-4)

    #expect(throws: Cancelled(run: world.path("parts"), iteration: 7, total: 12)) {
      try unlearn("parts", name, Listener(stopsAfter: 7))
    }
    let parts = try unlearn("parts", name, resume: true)
    #expect(try tensors(parts) == tensors(whole))
    let again = try StatsReader.records(in: parts.statsFile)
    #expect(again.map(\.iteration) == Array(1...12))
    for (one, other) in zip(records, again) {
      #expect(one.values == other.values)
    }
  }

  @Test(arguments: [AdaptThenRedirect.name, RetentionAndRedirection.name])
  func `a method that distils needs retention or redirection, and one is enough`(name: String)
    throws
  {
    try world.adapt("adapted", models: 1, iterations: 2)
    var options = options
    options.retention = nil
    #expect(try method(name, options).options.redirection == RedirectionOptions.half)
    options.redirection = nil
    #expect(throws: UnlearningMethodError.needsGoal(method: name)) { try method(name, options) }
    options.retention = RetentionOptions()
    let held = try method(name, options).options
    #expect(held.redirection == nil && held.retention == RetentionOptions())
    #expect(
      UnlearningMethodError.needsGoal(method: name).description
        == "\(name) without retention and without redirection is another method: give one of them "
        + "a weight, or take that method by its name")
  }

  @Test func `a run whose target holds skips the rest of the constant rate, and goes on so`()
    throws
  {
    var options = options
    // Anything is little enough, so it holds from the first iteration on.
    options.patienceTarget = 1
    options.patience = 3
    let listener = Listener()
    let whole = try unlearn("whole", RetentionAndRedirection.name, listener, options: options)
    let iterations = try StatsReader.records(in: whole.statsFile).map(\.iteration)
    let last = try #require(iterations.last)
    // The rate falls from iteration 6 of 12 on, which takes 6 more.
    #expect(last >= 3 + 6 && last < 12)
    #expect(whole.snapshots().last?.iteration == last)
    #expect(
      listener.notes.contains("the target has held: the run ends after \(last) of 12 iterations"))
    for (name, stop) in [("early", 2), ("late", 7)] {
      #expect(throws: Cancelled.self) {
        try unlearn(
          name, RetentionAndRedirection.name, Listener(stopsAfter: stop), options: options)
      }
      let parts = try unlearn(name, RetentionAndRedirection.name, resume: true, options: options)
      #expect(try tensors(parts) == tensors(whole))
    }
    let again = Listener()
    try unlearn("whole", RetentionAndRedirection.name, again, resume: true, options: options)
    #expect(!again.tasks.contains { $0.phase == .training || $0.label == "survey" })

    // Without patience, the same run uses all iterations.
    options.patience = nil
    let patient = try unlearn("patient", RetentionAndRedirection.name, options: options)
    #expect(patient.snapshots().last?.iteration == 12)
  }

  @Test func `one goal alone is trained and recorded alone`() throws {
    var options = options
    options.iterations = 2
    options.retention = nil
    let sent = try unlearn("sent", RetentionAndRedirection.name, options: options)
    options.retention = RetentionOptions()
    options.redirection = nil
    let held = try unlearn("held", RetentionAndRedirection.name, options: options)
    for (run, has, lacks) in [
      (sent, StatisticKey.redirection, StatisticKey.retention), (held, .retention, .redirection),
    ] {
      let keys = try StatsReader.records(in: run.statsFile).map { Set($0.values.keys) }
      #expect(keys.count == 2 && keys.allSatisfy { $0.contains(has) && !$0.contains(lacks) })
    }
  }

  @Test func `a doubt that no latent is within is refused, and leaves nothing behind`() throws {
    var options = options
    options.retention?.largestDoubt = 1e-30
    #expect(
      throws: UnlearningError.nothingToRetain(
        looked: 264, concepts: try world.subject().concepts, largestDoubt: 1e-30)
    ) { try unlearn("refused", RetentionAndRedirection.name, options: options) }
    #expect(!FileManager.default.fileExists(atPath: world.path("refused")))
  }

  @Test func `methods that do not distil drop what is held and redirected`() throws {
    try world.adapt("adapted", models: 1, iterations: 2)
    for name in [AdaptThenUnlearn.name, PositivesOnly.name] {
      let kept = try method(name, options).options
      #expect(kept.retention == nil && kept.redirection == nil)
    }
  }

  @Test func `each method's constants are those of what it does`() {
    let whole = UnlearningOptions()
    #expect(AdaptThenRedirect.defaults == whole)
    #expect(whole.retention != nil && whole.redirection != nil && whole.repulsion != nil)
    #expect(whole.training.decayIterations == whole.iterations)
    var unrepelled = whole
    unrepelled.repulsion = nil
    #expect(RetentionAndRedirection.defaults == unrepelled)
    #expect(AdaptThenUnlearn.defaults == .undistilled)
    #expect(AdaptThenUnlearn.defaults.iterations > whole.iterations)
    #expect(AdaptThenUnlearn.defaults.training.decayIterations == nil)
    var plain = UnlearningOptions.undistilled
    plain.repulsion = nil
    #expect(PositivesOnly.defaults == plain)
    for method in UnlearningMethods.all {
      #expect((method.defaults.retention != nil) == method.distils)
      #expect((method.defaults.redirection != nil) == method.distils)
      #expect((method.defaults.repulsion != nil) == method.repels)
    }
    let reference = UnlearningOptions.reference
    #expect(reference.retention == nil && reference.redirection == nil)
  }

  @Test func `a rate that falls until the last iteration follows it, and another decay stays`() {
    var options = UnlearningOptions()
    options.iterations = 1000
    #expect(options.training.decayIterations == 1000)
    options.training.decayIterations = 300
    options.iterations = 500
    #expect(options.training.decayIterations == 300)
    var constant = UnlearningOptions.undistilled
    constant.iterations = 7
    #expect(constant.training.decayIterations == nil)
  }

  @Test func `retained and redirected pictures together are whole groups of four, or one`() {
    for batchSize in [1, 2, 3] + Array(stride(from: 4, through: 128, by: 4)) {
      let redirected = Redirection.batchSize(besides: batchSize)
      #expect(redirected >= 1 && redirected <= batchSize)
      for size in [redirected, batchSize + redirected] {
        #expect(size <= 4 || size.isMultiple(of: 4), "\(batchSize) and \(redirected)")
      }
      if batchSize >= 4 { #expect(redirected >= batchSize / 2) }
    }
    #expect(Redirection.batchSize(besides: 16) == 8)
  }

  @Test func `a bare generator is unlearned without a discriminator, and goes on`() throws {
    var subject = try world.subject()
    subject.file.discriminator = nil
    subject.file.discriminatorOptimiser = nil
    var options = options
    options.training.usesDiscriminator = false
    // Nobody is shown positives, so it does not matter that no picture is as sure as this.
    options.largestDoubt = 1e-30
    func run(_ folder: String, _ listener: Listener = Listener(), resume: Bool = false) throws
      -> RunDirectory
    {
      try UnlearningExperiment(
        subject, method: method(RetentionAndRedirection.name, options), samples: 64,
        destination: world.destination(folder, resume: resume),
        snapshots: SnapshotPolicy(every: 5, keep: 1), context: listener.context
      ).run().run
    }
    let whole = try run("whole")
    #expect(throws: Cancelled.self) { try run("parts", Listener(stopsAfter: 7)) }
    #expect(try tensors(run("parts", resume: true)) == tensors(whole))
    let snapshot = try GANFile.read(#require(whole.snapshots().last?.file), as: .known)
    #expect(snapshot.discriminator == nil)
    let keys = try StatsReader.records(in: whole.statsFile).flatMap { $0.values.keys }
    #expect(keys.contains(.retention) && !keys.contains(.lossD) && !keys.contains(.r1))
    options.training.usesDiscriminator = true
    #expect(throws: GANFileError.noDiscriminator(file: subject.file.path)) { try run("refused") }
  }
}

extension RedirectionOptions {
  /// The defaults with the doubt of these tests.
  fileprivate static var half: RedirectionOptions {
    var options = RedirectionOptions()
    options.largestDoubt = 0.5
    return options
  }
}
