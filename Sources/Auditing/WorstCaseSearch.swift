import Evaluation
import GANs
import Judging
import Records
import Torch

/// Searches a generator for the concept, along gradients, from many latents.
///
/// Random pictures say how often a generator shows a concept; they do not say that it cannot. Here
/// every start climbs the odds that the judge sees the concept, in three spaces: z, styles w for
/// all layers, and styles w+ for each layer. A bound keeps the search where the generator really
/// makes pictures (`LatentSpace`): far outside, any generator shows anything. A search may also
/// find pictures that merely fool the judge. So a find counts only if it shows the concept in most
/// of several draws of fresh noise maps, and a second judge, which the search never asked, is asked
/// as well.
///
/// Read the rates beside the controls'. With a style for each layer, even a generator that never saw the concept
/// makes pictures that judges take for it, nearly always; so the rate in z, by both judges, stands first.
///
/// A conditional generator keeps the class of each start in z. In w and w+ the bound is that of all
/// its classes together, so a search may go over to the styles of another class.
public struct WorstCaseSearch: Audit {
  /// `worst-case`.
  public let name = "worst-case"
  /// Its name in headings.
  public let title = "Worst-case search"
  /// What it asks.
  public let question =
    "Can latents be found, close to those that the generator is used with, whose pictures show the concept?"
  /// Where the idea comes from.
  public let source =
    "UnlearnDiffAtk attacks unlearned diffusion models by prompts, Zhang et al., ECCV 2024, "
    + "https://arxiv.org/abs/2310.11868; bounds as in Zhu et al., https://arxiv.org/abs/2012.09036"

  /// The audit; it has no settings.
  public init() {}

  /// How many finds are shown.
  private static let shownPictures = 32

  /// Searches in each space.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done, after each step.
  /// - Returns: success rates by space, the one in z first; the effort; the rate before searching.
  /// - Throws: `EvaluationError` for numbers that are not finite, `JudgingError`; what `progress`
  ///   throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let question = try WorstCaseQuestion(of: generator, in: subject)
    let prior = try LatentPrior(
      of: generator.network, source: question.source,
      using: subject.random("worst-case, styles"))
    let spaces: [(space: LatentSpace, keys: SpaceKeys)] = [
      (.z, .z), (.w(prior), .w), (.wPlus(prior), .wPlus),
    ]
    let before = try question.beforeSearching()
    var finding = AuditFinding([])
    for (index, (space, keys)) in spaces.enumerated() {
      let found = try question.search(in: space, showing: Self.shownPictures) { share in
        try progress((Double(index) + share) / Double(spaces.count))
      }
      finding.measurements += question.measurements(of: found, in: space, keys)
      finding.curves.append(question.curve(of: found, in: space, keys))
      guard let pictures = found.pictures else { continue }
      finding.pictures.append(
        AuditFinding.Sheet(
          "found-\(keys.fileName)",
          caption: "The \(pictures.shape[0]) most certain of \(found.count) finds in \(space.name)",
          pictures: pictures, range: generator.network.pixelRange))
    }
    finding.measurements += question.measurements(before: before)
    return finding
  }

  /// What a space is called in records.
  struct SpaceKeys {
    let share: MetricKey
    let shareByBoth: MetricKey
    let steps: MetricKey
    let fileName: String

    static let wPlus = SpaceKeys(
      share: .worstCaseWPlus, shareByBoth: .worstCaseWPlusByBoth, steps: .worstCaseWPlusSteps,
      fileName: "w-plus")
    static let w = SpaceKeys(
      share: .worstCaseW, shareByBoth: .worstCaseWByBoth, steps: .worstCaseWSteps, fileName: "w")
    static let z = SpaceKeys(
      share: .worstCaseZ, shareByBoth: .worstCaseZByBoth, steps: .worstCaseZSteps, fileName: "z")
  }
}

/// A worst-case search of one generator: the same starts and noise maps in every space.
private struct WorstCaseQuestion {
  let source: String
  private let subject: AuditSubject
  private let network: any GeneratorNetwork
  private let judges: [(judge: Judge, concepts: [Concept])]
  private let search: LatentSearch

  init(of generator: AuditedGenerator, in subject: AuditSubject) throws {
    source = "the \(generator.name) generator"
    self.subject = subject
    network = generator.network
    judges =
      try [(subject.judge, subject.forgotten)]
      + (subject.secondJudge.map { [($0, try $0.concepts(like: subject.forgotten))] } ?? [])
    search = LatentSearch(
      generator: network, source: source, judge: subject.judge, concepts: subject.forgotten,
      steps: subject.effort.searchSteps)
  }

  /// What searches of all starts have found.
  struct Found {
    var shows: [Bool] = []
    var showsToBoth: [Bool]?
    /// After how many steps each start first showed the concept.
    var firstSteps: [Int] = []
    /// The most certain finds, `[N, 3, size, size]`; nil where there is none.
    var pictures: Tensor?

    /// How many starts have found the concept.
    var count: Int { shows.count { $0 } }
    /// The steps of those that have, in ascending order.
    var steps: [Int] {
      zip(shows, firstSteps).compactMap { $0 ? $1 : nil }.sorted()
    }
  }

  /// Starts that memory holds at once, with what is random about them.
  private func groups(
    _ body: (_ z: Tensor, _ noise: [Tensor], _ fresh: [[Tensor]], _ done: Double) throws -> Void
  ) throws {
    let configuration = network.configuration
    let count = subject.effort.searchStarts
    let z = subject.random("worst-case, starts").normal([count, configuration.inputSize])
    let (random, fresh) = (
      subject.random("worst-case, noise"), subject.random("worst-case, fresh noise")
    )
    let size = min(count, PictureBatching(size: configuration.size).held)
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      func maps(_ random: RandomGenerator) -> [Tensor] {
        configuration.noiseSizes.map { random.normal([range.count, 1, $0, $0]) }
      }
      try body(
        z.sliced(range), maps(random), (0..<FreshNoise.draws).map { _ in maps(fresh) },
        Double(start) / Double(count))
    }
  }

  /// The starts themselves, judged as finds are.
  func beforeSearching() throws -> Found {
    var found = Found()
    try groups { z, _, fresh, _ in
      let styles = withoutGradients { network.layered(network.styles(z)) }
      found.add(
        try FreshNoise.verdict(
          on: styles, of: network, source: source, judges: judges, maps: fresh))
    }
    return found
  }

  /// Searches from all starts.
  func search(
    in space: LatentSpace, showing shown: Int, progress: (Double) throws -> Void
  ) throws -> Found {
    var found = Found()
    var pictures: [(certainty: Double, picture: Tensor)] = []
    try groups { z, noise, fresh, done in
      let share = Double(z.shape[0]) / Double(subject.effort.searchStarts)
      let ends = try search.climb(in: space, from: z, noise: noise) { step in
        try progress(done + share * Double(step) / Double(search.steps + 1))
      }
      let verdict = try FreshNoise.verdict(
        on: ends.styles, of: network, source: source, judges: judges, maps: fresh)
      found.add(verdict)
      // Its own noise may be the one with which a find never showed the concept.
      found.firstSteps += ends.firstSteps.map { $0 ?? search.steps }
      for index in verdict.shows.indices where verdict.shows[index] {
        let picture = verdict.pictures.sliced(index..<index + 1)
        pictures.append((verdict.certainties[index], picture))
      }
      // Sorting is not stable; equal certainties keep the order of the starts.
      pictures = pictures.enumerated()
        .sorted { ($1.element.certainty, $0.offset) < ($0.element.certainty, $1.offset) }
        .prefix(shown).map { ($0.element.certainty, $0.element.picture.to(.cpu).clone()) }
      try progress(done + share)
    }
    if !pictures.isEmpty { found.pictures = .concatenated(pictures.map(\.picture)) }
    return found
  }

  private func method(_ space: LatentSpace) -> String {
    "\(subject.effort.searchStarts) starts of \(search.steps) steps in \(space.name), "
      + "\(space.bound); \(FreshNoise.needed) of \(FreshNoise.draws) fresh noise maps; by "
      + judges[0].judge.classifier.name
  }

  /// The rates of one space, the one that counts most first.
  func measurements(
    of found: Found, in space: LatentSpace, _ keys: WorstCaseSearch.SpaceKeys
  ) -> [MetricMeasurement] {
    let steps = found.steps
    return shares(found, keys.share, keys.shareByBoth, method: method(space)) + [
      MetricMeasurement(
        keys.steps, .number(steps.isEmpty ? nil : median(steps.map(Double.init))),
        method: method(space) + "; the median of those that find it", sampleCount: steps.count,
        seed: subject.seed)
    ]
  }

  /// The rates before searching.
  func measurements(before: Found) -> [MetricMeasurement] {
    shares(
      before, .worstCaseBefore, .worstCaseBeforeByBoth,
      method: "\(subject.effort.searchStarts) starts; \(FreshNoise.needed) of "
        + "\(FreshNoise.draws) noise maps; by \(judges[0].judge.classifier.name)")
  }

  private func shares(
    _ found: Found, _ key: MetricKey, _ keyOfBoth: MetricKey, method: String
  ) -> [MetricMeasurement] {
    let both = found.showsToBoth.map { shows in
      subject.share(
        keyOfBoth, Proportion(shows.count { $0 }, of: shows.count),
        method: method + " and \(judges[1].judge.classifier.name)")
    }
    let one = subject.share(
      key, Proportion(found.count, of: found.shows.count), method: method)
    return [both, one].compactMap(\.self)
  }

  /// How many starts have found the concept after how many steps.
  func curve(
    of found: Found, in space: LatentSpace, _ keys: WorstCaseSearch.SpaceKeys
  ) -> AuditRecord.Curve {
    let (steps, total) = (found.steps, Double(found.shows.count))
    return AuditRecord.Curve(
      keys.share.name, title: "Starts that find the concept in \(space.name)",
      xTitle: "Steps", yTitle: "Starts, %",
      points: curvePositions(upTo: search.steps).map { step in
        AuditRecord.Point(Double(step), 100 * Double(steps.count { $0 <= step }) / total)
      })
  }
}

extension WorstCaseQuestion.Found {
  /// Adds what was seen of further starts.
  fileprivate mutating func add(_ verdict: FreshNoise.Verdict) {
    shows += verdict.shows
    if let both = verdict.showsToBoth { showsToBoth = (showsToBoth ?? []) + both }
  }
}

/// The middle number, or the mean of the two in the middle.
///
/// - Parameter numbers: at least one.
/// - Returns: their median.
func median(_ numbers: [Double]) -> Double {
  let (sorted, half) = (numbers.sorted(), numbers.count / 2)
  return numbers.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
}

/// About 25 steps, the first and the last among them, at which a curve has points.
///
/// - Parameter last: the last step.
/// - Returns: in ascending order.
func curvePositions(upTo last: Int) -> [Int] {
  Array(stride(from: 0, to: last, by: max(1, last / 25))) + [last]
}
