import Files
public import Foundation
import Records
public import Runs

/// Builds a report from nothing but a run directory.
///
/// Every part is optional: a report of a run still going on, or of one that only trained, shows what
/// there is. Keys of metrics.json and stats.jsonl that it does not know are shown as they are.
public enum RunReport {
  /// Lines of statistics that are kept for the charts, which draw some hundred points of each
  /// curve: up to this many iterations, all are.
  private static let mostRecords = 16_384

  /// The report on a run.
  ///
  /// - Parameter run: A run directory; nothing in it is changed.
  /// - Returns: the report.
  /// - Throws: `RunError` or ``ReportError``, naming the file that is damaged.
  public static func build(from run: RunDirectory) throws -> Report {
    let facts = RunFacts(
      options: try run.readOptions(), metrics: try run.readMetrics(),
      stats: try StatsReader.records(in: run.statsFile, thinnedTo: mostRecords),
      audit: try run.readAudit())
    let footer = "Written by lethe from the files of \(run.root.lastPathComponent)."
    if let page = try MixturePage(of: run, facts) { return page.report(footer: footer) }
    let images = try RunImages(of: run)
    var sections: [Report.Section] = []
    func add(_ heading: String, _ blocks: [Report.Block]) {
      if !blocks.isEmpty { sections.append(Report.Section(heading, blocks)) }
    }
    add("Please note", facts.warnings.map { .paragraph($0 + ".") })
    let concept = facts.forgets.isEmpty ? "the class" : facts.concept
    add("Latents that showed \(concept), and others", images.latents)
    add("What the same latents became", TransitionTable(facts)?.blocks ?? [])
    add(
      "\(facts.judgesAttributes ? "Attributes" : "Classes") before and after",
      ClassTable(facts)?.blocks ?? [])
    add("Audits: is it really gone?", try AuditTables.blocks(facts.audit, of: run))
    add("Images of the same latents", images.comparison)
    add("Samples while it trained", images.course)
    add("Quality while it trained", QualityCharts.blocks(facts))
    add("Distances", MetricTables.distances(facts))
    add("Extrapolation", MetricTables.extrapolation(facts))
    add("All measurements", MetricTables.measurements(facts))
    for stage in RunCourse(facts).stages { add(stage.heading, StatsCharts.blocks(stage.trainings)) }
    add("More images", images.others)
    for part in ProvenanceTables.settings(facts) { add(part.heading, part.blocks) }
    add("Provenance", ProvenanceTables.provenance(facts))
    return Report(
      title: title(facts), subtitle: subtitle(facts, run: run),
      verdict: Verdict(facts)?.claims ?? [], headline: headline(facts),
      summary: summary(facts), sections: sections,
      footer: footer)
  }

  /// Builds the report on a run and writes report.html into it.
  ///
  /// - Parameter run: A run directory.
  /// - Returns: the file.
  /// - Throws: `RunError` or ``ReportError``.
  @discardableResult
  public static func write(into run: RunDirectory) throws -> URL {
    try AtomicFile.write(build(from: run).html(), to: run.reportFile)
    return run.reportFile
  }

  /// All that a run has recorded, in one object: what a report shows, for programs.
  ///
  /// - Parameter run: A run directory; nothing in it is changed.
  /// - Returns: the run's folder, the verdict, and the content of options.json, metrics.json,
  ///   status.json and audit.json as they are; `null` where there is no such file.
  /// - Throws: `RunError`, naming the file that is damaged.
  public static func record(of run: RunDirectory) throws(RunError) -> JSON.Object {
    func content(_ file: URL) throws(RunError) -> JSON {
      FileManager.default.fileExists(atPath: file.path) ? try JSON(contentsOf: file) : .null
    }
    return [
      "run": .string(run.root.path), "verdict": try Verdict(of: run)?.json ?? .null,
      "options": .object(try run.readOptions()), "metrics": try content(run.metricsFile),
      "status": try content(run.statusFile), "audit": try content(run.auditFile),
    ]
  }

  // MARK: - The top

  private static func title(_ facts: RunFacts) -> String {
    let command = facts.options["command"]?.string ?? "run"
    guard facts.forget != nil else { return "lethe \(command)" }
    let concept = facts.concept
    switch command {
    case "adapt": return "Adapting to \(concept)"
    case "extrapolate": return "Extrapolating away from \(concept)"
    case "evaluate":
      return "How well \(concept) \(facts.forgets.count > 1 ? "are" : "is") forgotten"
    default: return "Forgetting \(concept)"
    }
  }

  private static func subtitle(_ facts: RunFacts, run: RunDirectory) -> String {
    var parts = [run.root.lastPathComponent]
    if let command = facts.options["command"]?.string { parts.append("lethe \(command)") }
    let options = OptionsRecord.read(facts.options).flattened
    if let loss = options["unlearning.repulsion.loss"]?.string { parts.append(loss) }
    if let date = facts.options["date"]?.string { parts.append(String(date.prefix(10))) }
    return parts.joined(separator: " · ")
  }

  private static func headline(_ facts: RunFacts) -> [Report.Figure] {
    var figures: [Report.Figure] = []
    let metrics = facts.metrics
    if let pul = facts.number(.pul) {
      var label =
        facts.forget == nil ? "unlearned (PUL)" : "of \(facts.concept) unlearned (PUL)"
      label += facts.chance(of: .pul)
      figures.append(
        .init(
          "\(NumberText.fixed(pul, decimals: 1)) %", label, isPoor: PoorResult.isPoor(pul: pul)))
    }
    figures += DamageFigures.figures(facts)
    if let distance = facts.number(.frechetToTrainingData) {
      figures.append(
        .init(NumberText.short(distance), "Fréchet distance to the training data"))
    }
    if let samples = metrics["samples"]?.integer {
      figures.append(.init(NumberText.grouped(samples), "latents judged"))
    }
    if let iteration = metrics["iteration"]?.integer ?? facts.stats.last?.iteration {
      figures.append(.init(NumberText.grouped(iteration), "iterations"))
    }
    if let seconds = metrics["elapsed_seconds"]?.number ?? facts.stats.last?.seconds,
      seconds.isFinite
    {
      let label = seconds < 3600 ? "elapsed (min:s)" : "elapsed (h:min:s)"
      figures.append(.init(NumberText.duration(seconds), label))
    }
    if let seed = metrics["seed"] ?? facts.options["seed"], seed != .null {
      figures.append(.init(seed.string ?? seed.encoded(.line), "seed"))
    }
    return figures
  }

  /// What PUL is, from what it was counted, what is poor, and which weights were measured.
  private static func summary(_ facts: RunFacts) -> String {
    guard facts.number(.pul) != nil else { return trainingSummary(facts) }
    var text = "PUL is how many fewer images the judge takes for the class than before, of "
    text += "the same latents."
    if let forget = facts.forget,
      let before = facts.metrics[MetricKey.histogramBefore.name]?[forget]?.integer,
      let after = facts.metrics[MetricKey.histogramAfter.name]?[forget]?.integer
    {
      text += " Here there were \(NumberText.grouped(before)) before and "
      text += "\(NumberText.grouped(after)) after."
    }
    if let snapshot = facts.metrics["snapshot"]?.string { text += " Measured on \(snapshot)." }
    if let choice = facts.metrics[JSON.Object.choiceField],
      let iteration = choice["iteration"]?.integer, let looks = choice["looks"]?.array?.count,
      let rule = choice["rule"]?.string
    {
      text += " Of \(looks) generators along the training, that of iteration \(iteration) is "
      text += "the result: \(rule)."
    }
    if headline(facts).contains(where: \.isPoor) {
      text += " Marked as \(PoorResult.explanation)."
    }
    return text + judge(facts)
  }

  /// What the distance of a training is, and which weights were measured.
  private static func trainingSummary(_ facts: RunFacts) -> String {
    guard facts.number(.frechetToTrainingData) != nil else { return "" }
    var text =
      "The Fréchet distance compares what a judge sees in pictures of the generator and in "
    text += facts.metrics[MetricKey.trainingPictures.name]?.integer.map(NumberText.grouped) ?? "the"
    text += " training pictures; it is 0 where both are alike."
    if let snapshot = facts.metrics["snapshot"]?.string { text += " Measured on \(snapshot)." }
    return text + judge(facts)
  }

  /// Who says all this, and how often that is right.
  private static func judge(_ facts: RunFacts) -> String {
    guard let judge = facts.metrics["judged_by"]?.object, let network = judge["network"]?.string
    else { return "" }
    let names = judge["classes"]?.array?.compactMap(\.string) ?? []
    let text = " The judge is a \(network) that tells apart \(names.listed(atMost: 20))"
    guard let accuracy = judge["test_accuracy"]?.number else {
      return text + "; how often it is right is not recorded."
    }
    return text
      + "; its record says that it named \(NumberText.fixed(100 * accuracy, decimals: 2)) % "
      + "of its test pictures right."
  }
}

/// What the files of a run say.
struct RunFacts {
  let options: JSON.Object
  let metrics: JSON.Object
  let stats: [StatsRecord]
  var audit: AuditRecord?

  /// How each number of metrics.json was taken, by name.
  var methods: JSON.Object { metrics[JSON.Object.methodsField]?.object ?? [:] }

  /// Fields of metrics.json that are no metrics and stand at the top of the page.
  static let headlineFields: Set = [
    "samples", "seed", "forget", "forgotten_before", "iteration", "elapsed_seconds", "snapshot",
    "warnings", "judged_by", extrapolation, QualityPoint.courseField, JSON.Object.methodsField,
    JSON.Object.choiceField,
  ]
  /// The field of metrics.json that holds the points of an extrapolation.
  static let extrapolation = "extrapolation"

  /// The number that a metric has measured.
  func number(_ key: MetricKey) -> Double? { metrics[key.name]?.number }

  /// Where chance leaves a number, in 95 of 100 cases.
  func interval(_ key: MetricKey) -> ClosedRange<Double>? {
    let ends = metrics[JSON.Object.methodsField]?[key.name]?["interval"]?.array?
      .compactMap(\.number)
    guard let ends, ends.count == 2, ends[0] <= ends[1] else { return nil }
    return ends[0]...ends[1]
  }

  /// The same, to stand behind a number.
  func chance(of key: MetricKey) -> String {
    interval(key).map {
      ", 95 % interval \(NumberText.fixed($0.lowerBound, decimals: 1)) to "
        + NumberText.fixed($0.upperBound, decimals: 1)
    } ?? ""
  }

  /// How many samples a number was taken from.
  func sampleCount(_ key: MetricKey) -> Int? {
    metrics[JSON.Object.methodsField]?[key.name]?["samples"]?.integer
  }

  /// The smallest kept share, and whose it is.
  var smallestKept: (name: String, share: Double)? { keptShares.min { $0.share < $1.share } }

  /// The largest kept share, and whose it is.
  var largestKept: (name: String, share: Double)? { keptShares.max { $0.share < $1.share } }

  private var keptShares: [(name: String, share: Double)] {
    (metrics[MetricKey.keptRatios.name]?.object ?? [:])
      .compactMap { entry in entry.value.number.map { (name: entry.key, share: $0) } }
  }

  /// The classes that were to be forgotten, as words.
  var forgets: [String] {
    guard let value = metrics["forget"] ?? options["options"]?["forget"], value != .null else {
      return []
    }
    return (value.array ?? [value]).map { $0.string ?? $0.encoded(.line) }
  }

  /// The same in one word; nil where nothing was to be forgotten.
  var forget: String? { forgets.isEmpty ? nil : forgets.joined(separator: ", ") }

  /// The classes that were to be forgotten before.
  var forgottenBefore: [String] {
    metrics["forgotten_before"]?.array?.compactMap(\.string) ?? []
  }

  /// What makes some of the numbers doubtful.
  var warnings: [String] { metrics["warnings"]?.array?.compactMap(\.string) ?? [] }
}

/// The pictures of a run.
private struct RunImages {
  /// The grids of the same latents, side by side.
  let comparison: [Report.Block]
  /// Latents of the evaluation that showed the class, and others, before and after.
  let latents: [Report.Block]
  /// The grid of the last snapshot, and a few of earlier ones.
  let course: [Report.Block]
  /// Everything else in the folder, by name.
  let others: [Report.Block]

  private static let known = [
    (name: "original", caption: "Before: the pre-trained generator"),
    (name: "adapted", caption: "Adapted to what is to be forgotten"),
    (name: "unlearned", caption: "After: the unlearned generator"),
  ]
  private static let ofLatents = [
    (name: "negatives-before", caption: "Showed the class, before"),
    (name: "negatives-after", caption: "The same latents, after"),
    (name: "others-before", caption: "Did not show it, before"),
    (name: "others-after", caption: "The same latents, after"),
  ]

  /// Some of many, evenly spaced, the first and the last among them: a page holds its pictures.
  private static func few<Images: RandomAccessCollection>(
    of images: Images, atMost most: Int = 5
  ) -> [Images.Element] {
    guard images.count > most else { return Array(images) }
    return (0..<most).map { place in
      images[images.index(images.startIndex, offsetBy: place * (images.count - 1) / (most - 1))]
    }
  }

  init(of run: RunDirectory) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.imagesFolder.path)) ?? []
    let stems = names.filter { $0.hasSuffix(".png") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(4)) }
    func picture(_ name: String, caption: String) throws -> Picture {
      try Picture(
        contentsOf: run.image(name), caption: caption, alternative: "Grid of samples. \(caption)")
    }
    func pictures(_ known: [(name: String, caption: String)]) throws -> [Picture] {
      try known.filter { stems.contains($0.name) }
        .map { try picture($0.name, caption: $0.caption) }
    }
    let (compared, ofLatents) = (try pictures(Self.known), try pictures(Self.ofLatents))
    let numbered = run.numberedImages
    let latest = run.samplesImage.deletingPathExtension().lastPathComponent
    var named = (Self.known + Self.ofLatents).map(\.name)
    var course: [Picture] = []
    if !numbered.isEmpty {
      named += [latest] + numbered.map { $0.file.deletingPathExtension().lastPathComponent }
      let showsLatest = stems.contains(latest)
      if showsLatest { course.append(try picture(latest, caption: "The last snapshot")) }
      // At the end of a training the last of them is the latest.
      course += try Self.few(of: numbered.dropLast(showsLatest ? 1 : 0)).map { image in
        try picture(
          image.file.deletingPathExtension().lastPathComponent,
          caption: "Iteration \(NumberText.grouped(image.iteration))")
      }
    }
    let rest = try stems.filter { !named.contains($0) }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { try picture($0, caption: FieldName.words($0)) }
    comparison =
      compared.isEmpty
      ? []
      : [
        .pictures(compared),
        .paragraph("Every grid shows the same latents in the same places."),
      ]
    latents =
      ofLatents.isEmpty
      ? []
      : [
        .pictures(ofLatents),
        .paragraph(
          "These are the first latents of the evaluation that the judge took for the class before, and "
            + "the first that it did not."),
      ]
    self.course =
      course.isEmpty
      ? []
      : [
        .pictures(course),
        .paragraph("Every grid shows the same latents in the same places."),
      ]
    others = rest.isEmpty ? [] : [.pictures(rest)]
  }
}
