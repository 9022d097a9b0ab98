import Checkpoints
import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Records
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct LineageTests {
  private let world: World

  init() throws { world = try World() }

  /// A GAN of the same sizes with other weights.
  private func otherGAN() throws -> String {
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 2))
    try model.write(to: URL(filePath: world.path("other.safetensors")))
    return world.path("other.safetensors")
  }

  /// Adapts one model in a hurry, and returns the path of its run.
  private func adapt(_ subject: Subject, _ name: String) throws -> String {
    try world.adapt(name, subject: subject, models: 1, iterations: 2).run.root.path
  }

  private func unlearning(
    _ subject: Subject, adapted: String, _ name: String
  ) throws -> UnlearningExperiment {
    try world.unlearning(name, adapted: adapted, subject: subject, iterations: 2)
  }

  private func file(_ path: String) throws -> GANFile {
    try GANFile.read(URL(filePath: path), as: .known)
  }

  @Test func `U03 a fingerprint survives an export, and another generator has another`() throws {
    let original = try file(world.gan)
    let digest = try original.parametersDigest()
    var options = GANFile.ExportOptions()
    options.hasOptimisers = false
    let exported = URL(filePath: world.path("exported.safetensors"))
    try original.export(to: exported, options: options)
    #expect(try file(exported.path).parametersDigest() == digest)
    #expect(try file(otherGAN()).parametersDigest() != digest)
    #expect(digest.count == 64)
  }

  @Test
  func `U03 adapted models of another concept or another GAN are refused, and both are named`()
    throws
  {
    let subject = try world.subject()
    let run = try adapt(subject, "adapted")
    let model = "\(run)/snapshots/adapted1-000002.safetensors"
    // A plain file, moved away from its run, knows as much.
    let plain = world.path("plain.safetensors")
    try FileManager.default.copyItem(atPath: model, toPath: plain)
    let (other, otherGAN) = (world.otherClass, try otherGAN())
    for adapted in [run, plain] {
      let path = adapted == run ? model : plain
      let concept = #expect(throws: LineageError.self) {
        try unlearning(world.subject(forgetting: other), adapted: adapted, "new").run()
      }
      #expect(
        concept == .otherConcept(file: path, recorded: world.className, asked: world.otherClass))
      let gan = #expect(throws: LineageError.self) {
        try unlearning(world.subject(gan: otherGAN), adapted: adapted, "new").run()
      }
      #expect(gan == .otherOrigin(file: path, gan: otherGAN))
      #expect(throws: LineageError.self) {
        try ExtrapolationExperiment(
          file(otherGAN), adapted: [file(path)], gammas: [1],
          destination: .new(URL(filePath: world.path("new")))
        ).run()
      }
    }
    #expect(!FileManager.default.fileExists(atPath: world.path("new")))

    // An export of the GAN is the GAN.
    let exported = URL(filePath: world.path("exported.safetensors"))
    try file(world.gan).export(to: exported, options: GANFile.ExportOptions())
    _ = try unlearning(world.subject(gan: exported.path), adapted: plain, "fits").run()
    // Whoever knows better says so, and the run's record does.
    var mismatch = try unlearning(
      world.subject(forgetting: world.otherClass), adapted: run, "accepted")
    mismatch.acceptsMismatch = true
    let accepted = try mismatch.run()
    #expect(OptionsRecord.read(try accepted.run.readOptions()).values["accept_mismatch"] == true)
  }

  @Test func `U03 one name of two judges is two concepts`() throws {
    let run = try adapt(world.subject(), "adapted")
    let labels = LabelSpace.classes([world.className, "three", "four"])
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    let judge = Judge(Renamed(TinyNetworks.judge(for: model.generatorEMA).classifier, labels))
    let subject = try Subject(file(world.gan), judge: judge, forgetting: world.className)
    let error = #expect(throws: LineageError.self) {
      try unlearning(subject, adapted: run, "new").run()
    }
    guard case .otherClasses(_, let recorded, let asked) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(recorded == ["zero", "one", "two"] && asked == [world.className, "three", "four"])
  }

  @Test func `U03 a run of an earlier version is known by its options`() throws {
    let run = try adapt(world.subject(), "adapted")
    let url = URL(filePath: "\(run)/snapshots/adapted1-000002.safetensors")
    let snapshot = try SafetensorsFile.read(url)
    var metadata = snapshot.metadata
    metadata[GANFile.lineageKey] = nil
    var tensors = StateDict()
    for (key, tensor) in snapshot.tensors { tensors[key] = tensor.clone() }
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: url)
    let other = world.otherClass
    #expect(throws: LineageError.self) {
      try unlearning(world.subject(forgetting: other), adapted: run, "new").run()
    }
    let otherGAN = try otherGAN()
    #expect(throws: LineageError.otherOrigin(file: url.path, gan: otherGAN)) {
      try unlearning(world.subject(gan: otherGAN), adapted: run, "new").run()
    }
    _ = try unlearning(world.subject(), adapted: run, "fits").run()
  }

  @Test func `U03 a record that cannot be read is named`() throws {
    let snapshot = try SafetensorsFile.read(URL(filePath: world.gan))
    var metadata = snapshot.metadata
    metadata[GANFile.lineageKey] = "{\"forgotten\": 7}"
    let damaged = world.path("damaged.safetensors")
    try SafetensorsFile(tensors: snapshot.tensors, metadata: metadata)
      .write(to: URL(filePath: damaged))
    #expect(throws: LineageError.malformed(file: damaged)) { try Lineage(of: file(damaged)) }
  }

  @Test func `U20 a GAN knows what it was to forget, and an evaluation asks no more of it`() throws
  {
    let first = try unlearning(
      world.subject(), adapted: adapt(world.subject(), "adapted1"), "unlearned1"
    ).run()
    let second = try world.subject(gan: first.run.root.path, forgetting: world.otherClass)
    let result = try unlearning(
      second, adapted: adapt(second, "adapted2"), "unlearned2"
    ).run()
    let metrics = try result.run.readMetrics()
    #expect(metrics["forgotten_before"]?.array?.compactMap(\.string) == [world.className])
    #expect(metrics["kept_ratios"]?[world.className] == nil)
    let page = try String(contentsOf: result.run.reportFile, encoding: .utf8)
    #expect(page.contains("<td>\(world.className), forgotten before</td>"))

    // The record goes with the file, and both originals are its ancestors.
    let gan = try ModelLocator.gan(result.run.root.path)
    let lineage = try Lineage(of: gan)
    #expect(lineage.forgotten.map(\.concept) == [world.className, world.otherClass])
    let exported = URL(filePath: world.path("exported.safetensors"))
    try gan.export(to: exported, options: GANFile.ExportOptions())
    #expect(try Lineage(of: file(exported.path)) == lineage)
    let judge = try world.subject().judge
    func evaluate(
      _ unlearned: GANFile, _ original: String, _ names: [String]
    ) throws -> UnlearningEvaluation {
      let experiment = try EvaluationExperiment(
        unlearned, original: ModelLocator.gan(original), judge: judge, forgotten: names, samples: 64
      )
      let outcome = try experiment.run()
      return outcome.result
    }
    for original in [world.gan, first.run.root.path] {
      let evaluation = try evaluate(file(exported.path), original, [world.otherClass])
      #expect(evaluation.forgottenBefore == [.class(world.className)])
    }
    let both = try evaluate(gan, world.gan, [world.className, world.otherClass])
    #expect(both.forgottenBefore.isEmpty && both[.pulPerConcept] != nil)

    // Neither another original, nor a concept that it was never to forget.
    let other = try otherGAN()
    #expect(throws: LineageError.otherOriginal(gan: gan.path, original: other)) {
      try evaluate(gan, other, [world.otherClass])
    }
    let third = try #require(
      judge.labels.names.first { $0 != world.className && $0 != world.otherClass })
    #expect(
      throws: LineageError.neverAsked(
        gan: gan.path, recorded: [world.className, world.otherClass], asked: third)
    ) { try evaluate(gan, world.gan, [third]) }
    // An unlearned GAN is no adapted model.
    let subject = try world.subject()
    #expect(throws: LineageError.self) {
      try unlearning(subject, adapted: exported.path, "new").run()
    }
  }

  @Test func `U09 what could not be measured in the end is refused before training`() throws {
    let run = try adapt(world.subject(), "adapted")
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    let labels = try world.subject().judge.labels
    // Of two latents there is one class at most that an evaluation finds.
    let subject = try #require(
      try labels.names.map { try world.subject(forgetting: $0) }.first { subject in
        let latents = LatentList(count: 2, seed: Listener().context.seed)
        let seen = try JudgedSample(
          of: SampleRun(of: subject.file.makeGenerator(), latents: latents), judge: subject.judge)
        return seen.conceptCounts.count(of: subject.concepts[0]) == 0
      })
    var experiment = try unlearning(subject, adapted: run, "new")
    experiment.samples = 2
    experiment.acceptsMismatch = true
    #expect(throws: EvaluationError.nothingToForget(subject.concepts[0], samples: 2)) {
      try experiment.run()
    }
    #expect(!FileManager.default.fileExists(atPath: world.path("new")))
  }
}

/// A classifier under other names.
private struct Renamed: Classifier {
  let classifier: any Classifier
  let labels: LabelSpace

  init(_ classifier: any Classifier, _ labels: LabelSpace) {
    (self.classifier, self.labels) = (classifier, labels)
  }

  var name: String { classifier.name }
  var preprocessing: Preprocessing { classifier.preprocessing }
  var featureCount: Int { classifier.featureCount }
  var device: Device { classifier.device }
  func features(_ pictures: Tensor) -> Tensor { classifier.features(pictures) }
  func logits(fromFeatures features: Tensor) -> Tensor {
    classifier.logits(fromFeatures: features)
  }
}
