import Auditing
public import Experiments
import Files
import Foundation
import GANs
import Records
import Runs
import Torch

/// Runs the jobs of a sweep that are not complete, as many as are nobody else's.
///
/// Each job has a folder named after everything that decides its result: a changed configuration is another
/// job, and what is complete is never computed again; audits that are asked for later are asked of it then. Jobs
/// of one concept, seed and stage one share their adapted models. A job that fails says why in its folder, and
/// the others go on.
public struct SweepExperiment {
  /// The plan.
  public let plan: SweepPlan
  /// The part of the jobs that this process works on; nil for all.
  public var shard: SweepShard?
  /// Whether what this process cannot claim is somebody else's: it does not judge the whole sweep.
  public var isWorker = false
  /// Whether jobs that failed are tried again; of several processes of one command, the first one has.
  public var retriesFailed = true
  /// Device, observer, cancellation; the seeds are the plan's.
  public var context: ExperimentContext
  /// Makes the observer of a job from what it forgets; nil for the context's own.
  public var makeObserver: ((_ concept: String) -> any RunObserver)?
  private let jobs: [PreparedJob]
  private let folder: SweepFolder

  /// A job with its files.
  struct PreparedJob {
    let job: SweepJob
    let materials: RecipeMaterials
    let identity: String
    let adaptation: String
  }

  /// Reads every file that a job needs, and refuses what can be refused before anything is computed.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - context: device, observer, cancellation.
  /// - Throws: ``RecipeError``, ``SweepError``; what reading throws.
  public init(_ plan: SweepPlan, context: ExperimentContext) throws {
    self.plan = plan
    self.context = context
    var read: [String: RecipeMaterials] = [:]
    jobs = try plan.jobs.map { job in
      let former = read[job.concept]
      let materials =
        try former.map { try $0.with(job.recipe) }
        ?? RecipeMaterials(job.recipe, device: context.device)
      read[job.concept] = former ?? materials
      let full = try SweepJob(
        job.method, materials.recipe, leftOut: job.leftOut, isFilter: job.isFilter)
      return PreparedJob(
        job: full, materials: materials, identity: try full.identity(materials.digests),
        adaptation: try full.adaptationIdentity(materials.subject.provenance.map(\.sha256)))
    }
    guard let gan = jobs.first?.materials.subject.provenance.first(where: { $0.role == "gan" })
    else { preconditionFailure("a sweep without a job, or a subject without a GAN") }
    folder = try SweepFolder(plan.output, gan: gan)
  }

  /// Runs what is not complete.
  ///
  /// - Returns: the table of what is complete by now, of all shards.
  /// - Throws: ``SweepError/failed(_:of:folder:)`` once all others are done; `Cancelled`.
  public func run() throws -> SweepTable {
    let part = try shard.map { try folder.claim($0) }
    defer { part?.release() }
    noteWhatIsLeftOut()
    let mine = jobs.indices.filter { shard?.contains($0) ?? true }
    do {
      for (position, index) in mine.enumerated() {
        try runUnlessDone(jobs[index], "\(position + 1) of \(mine.count)")
      }
    } catch var cancelled as Cancelled {
      cancelled.run = plan.output.path
      throw cancelled
    }
    let table = isWorker ? try self.table() : try writtenTable()
    let failed = mine.compactMap { index -> String? in
      let state = state(of: jobs[index])
      return state.word == .failed
        ? "\(Self.title(jobs[index].job)): \(state.reason ?? "no reason is known")" : nil
    }
    guard failed.isEmpty else {
      throw SweepError.failed(
        failed, of: mine.count, folder: plan.output.appending(path: "jobs").path)
    }
    return table
  }

  /// Sets jobs that failed back, for processes that then try each of them once.
  ///
  /// - Throws: what the disk refuses.
  public func requeueFailed() throws {
    for job in jobs where state(of: job).word == .failed {
      guard let lock = try folder.claim(job.identity) else { continue }
      defer { lock.release() }
      try SweepState(.queued).write(job.job, in: folder.job(job.identity))
    }
  }

  /// The table of what is complete, written into the folder.
  ///
  /// - Returns: the table.
  /// - Throws: `RunError` for a damaged record; what the disk refuses.
  public func writtenTable() throws -> SweepTable {
    let table = try table()
    try table.write(into: plan.output)
    return table
  }

  /// The table of what is complete.
  ///
  /// - Returns: a row for each job of the plan.
  /// - Throws: `RunError` for a damaged record.
  public func table() throws -> SweepTable {
    SweepTable(
      methods: plan.methods,
      entries: try jobs.map { job in
        let state = state(of: job)
        let isDone = state.word == .done
        return SweepTable.Entry(
          job: job.job, state: state, identity: job.identity,
          metrics: isDone ? try metrics(of: job) : nil,
          second: isDone ? try record(SeedExperiment.secondJudgeFile, of: job) : nil,
          audit: isDone ? try AuditRecord.read(from: auditFolder(of: job)) : nil)
      })
  }

  private func metrics(of job: PreparedJob) throws -> JSON.Object? {
    job.job.isFilter
      ? try record(SeedExperiment.metricsFile, of: job)
      : try RunDirectory.open(at: run(of: job)).readMetrics()
  }

  /// A record in a job's folder; nil where there is none.
  private func record(_ name: String, of job: PreparedJob) throws -> JSON.Object? {
    let file = folder.job(job.identity).appending(path: name)
    return file.fileKind == .file ? try JSON(contentsOf: file).object : nil
  }

  /// How many jobs are done, failed, and there.
  public var progress: (done: Int, failed: Int, total: Int) {
    let words = jobs.map { state(of: $0).word }
    return (words.count { $0 == .done }, words.count { $0 == .failed }, words.count)
  }

  /// Says once for each method what it does without.
  private func noteWhatIsLeftOut() {
    var said: Set<String> = []
    for job in jobs.map(\.job) where !job.leftOut.isEmpty && said.insert(job.method).inserted {
      context.observer.noted(
        "\(job.method) has no use for \(job.leftOut.joined(separator: ", ")), and does without")
    }
  }

  // MARK: - One job

  private static func title(_ job: SweepJob) -> String {
    "\(job.method), \(job.concept), seed \(job.seed)"
  }

  private func run(of job: PreparedJob) -> URL {
    folder.job(job.identity).appending(path: "unlearned")
  }

  /// The folder of a job's audit: one of another effort is another audit, and lies beside.
  private func auditFolder(of job: PreparedJob) -> URL {
    let home = job.job.isFilter ? folder.job(job.identity) : run(of: job)
    let usual = home.appending(path: RunDirectory.auditFolderName)
    guard let effort = plan.audit?.effort, let former = AuditExperiment.effort(recordedIn: usual),
      former != effort
    else { return usual }
    return home.appending(path: "\(RunDirectory.auditFolderName)-\(effort.rawValue)")
  }

  /// How a job stands: one that was complete before the plan asked for a further audit is so no more.
  private func state(of job: PreparedJob) -> SweepState {
    let state = SweepState.read(in: folder.job(job.identity))
    guard state.word == .done, let audit = plan.audit else { return state }
    let record = try? AuditRecord.read(from: auditFolder(of: job))
    let asked = (record?.entries ?? []).filter { entry in
      entry.answers.contains { $0.role == .unlearned }
    }
    return Set(asked.map(\.name)).isSuperset(of: audit.audits) ? state : SweepState(.queued)
  }

  private func isLeft(_ job: PreparedJob) -> Bool {
    switch state(of: job).word {
    case .queued, .running: true
    case .failed: retriesFailed
    case .done: false
    }
  }

  private func runUnlessDone(_ job: PreparedJob, _ position: String) throws {
    guard isLeft(job), let lock = try folder.claim(job.identity) else { return }
    defer { lock.release() }
    // Another process may have been faster.
    guard isLeft(job) else { return }
    let home = folder.job(job.identity)
    context.observer.noted("job \(position): \(Self.title(job.job))")
    try SweepState(.running).write(job.job, in: home)
    do {
      try compute(job)
      try SweepState(.done).write(job.job, in: home)
    } catch let cancelled as Cancelled {
      try SweepState(.queued).write(job.job, in: home)
      throw cancelled
    } catch {
      try SweepState(.failed, reason: "\(error)").write(job.job, in: home)
      context.observer.noted("failed: \(Self.title(job.job)): \(error)")
    }
  }

  private func compute(_ job: PreparedJob) throws {
    var context = context
    context.seed = job.job.seed
    // What another command began, with other threads or kernels, goes on as it began.
    context.choice = ProcessorChoice()
    if let makeObserver { context.observer = makeObserver(job.job.concept) }
    let stages = SeedExperiment(job.materials, isResumed: true, context: context)
    if job.job.isFilter {
      // What runs do by themselves: from here on a stop leaves something to go on with.
      context.observer.willOpenRun()
      try stages.evaluateFilter(in: folder.job(job.identity))
      return try audit(job, nil, adapted: [], context)
    }
    let adapted = try waitingForOthers(context.cancellation) {
      try ProcessorChoice.restoring { try stages.adapt(in: folder.adapted(job.adaptation)) }
    }
    let result = try ProcessorChoice.restoring {
      try stages.unlearn(adapted: adapted, in: run(of: job))
    }
    _ = try stages.evaluateBySecondJudge(result.run, in: folder.job(job.identity))
    try audit(job, result.run, adapted: adapted, context)
  }

  /// Does what another process may be doing: adapting the models that both need.
  private func waitingForOthers<Result>(
    _ cancellation: Cancellation, _ body: () throws -> Result
  ) throws -> Result {
    var isOvertaken = false
    while true {
      do {
        return try body()
      } catch let error as RunError {
        switch error {
        case .inUse: break
        // It began between this one's look and its own beginning: the next look finds its run.
        case .alreadyExists where !isOvertaken: isOvertaken = true
        default: throw error
        }
        let wait = RunTask(.preparing, label: "adapted models of another process", total: 1)
        guard !cancellation.isRequested else { throw Cancelled(during: wait, at: 0) }
        Thread.sleep(forTimeInterval: 1)
      }
    }
  }

  /// Asks what has become of the weights; of a filter, they are the original's.
  private func audit(
    _ job: PreparedJob, _ run: RunDirectory?, adapted: [GANFile], _ context: ExperimentContext
  ) throws {
    guard let audit = plan.audit else { return }
    let subject = job.materials.subject
    var experiment = AuditExperiment(
      try run.map { try ModelLocator.gan($0.root.path) } ?? subject.file, subject: subject,
      folder: auditFolder(of: job), audits: Audits.all.filter { audit.audits.contains($0.name) },
      effort: audit.effort, context: context)
    experiment.adapted = adapted
    experiment.secondJudge = try job.job.recipe.options.evaluation.secondJudge
      .map(ModelLocator.judgeFile)
    // The controls are the same for all methods: `lethe audit` asks them once.
    experiment.isAlone = true
    experiment.acceptsMismatch = job.job.isFilter
    experiment.run = run
    _ = try experiment.ask()
  }
}
