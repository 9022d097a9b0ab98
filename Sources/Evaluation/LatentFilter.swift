import GANs
public import Judging
public import Torch

/// Judges between a generator and whoever asks it for pictures: rejection sampling, the cheapest thing that
/// one could do in place of unlearning.
///
/// A picture in which a judge sees a concept is not handed out, and the next latent takes its place. The
/// weights stay what they were: whoever has the file has everything that the generator ever showed.
public struct LatentFilter {
  /// Who looks at every picture; at least one.
  public let judges: [Judge]
  /// What must not be seen, as all of them name it; at least one.
  public let concepts: [Concept]

  /// How many latents are drawn at most for one picture that passes, on average.
  public static let mostDraws = 100

  /// A filter.
  ///
  /// - Parameters:
  ///   - judges: who looks at every picture; one that sees a concept is enough to keep it back.
  ///   - concepts: what must not be seen, as the judges name it.
  /// - Precondition: there is at least one of each, and the judges know all.
  public init(_ judges: [Judge], without concepts: [Concept]) {
    precondition(!judges.isEmpty && !concepts.isEmpty, "a filter that everything passes")
    self.judges = judges
    self.concepts = concepts
  }

  /// The networks of the judges, in words.
  public var judgeNames: String { judges.map(\.classifier.name).joined(separator: " and ") }

  /// The places of the pictures that may be handed out.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: indices into the batch, in order.
  public func passing(_ pictures: Tensor, in range: PixelRange) -> [Int] {
    passing(judges.map { $0.judge(pictures, in: range) })
  }

  /// The places of the pictures in which no judge sees a concept.
  private func passing(_ judgements: [Judgement]) -> [Int] {
    let shows = judgements.map { $0.shows(anyOf: concepts) }
    return (0..<(shows.first?.count ?? 0)).filter { place in !shows.contains { $0[place] } }
  }

  /// What is seen of the pictures that pass.
  ///
  /// A latent of the list keeps its place if its picture passes; else the first further latent takes it
  /// whose picture passes and that has no place yet.
  ///
  /// - Parameters:
  ///   - generator: makes the pictures.
  ///   - latents: what they are made of; further ones follow in the same order for every generator.
  ///   - observer: who says what the pictures show that pass.
  ///   - extractors: others whose features are wanted.
  ///   - keptPictureCount: of how many pictures, the first ones, bytes are kept.
  ///   - source: what to call the pictures in an error.
  ///   - precision: of the generator's convolutions.
  ///   - progress: called with the number of the list's latents judged so far; may throw to stop.
  /// - Returns: a picture for each latent, and how many were drawn.
  /// - Throws: ``EvaluationError/nothingPasses(_:drawn:wanted:)`` if the judge lets through fewer than one
  ///   in ``mostDraws``; as judging a sample.
  func sample(
    of generator: any GeneratorNetwork, latents: LatentList, by observer: Judge,
    extractors: [any FeatureExtractor], keptPictureCount: Int, source: String,
    precision: Precision, progress: (Int) throws -> Void
  ) throws -> (sample: JudgedSample, drawn: Int) {
    func judged(_ batches: Range<Int>, _ progress: (Int) throws -> Void) throws -> [JudgedSample] {
      let isList = batches.lowerBound == 0
      return try JudgedSample.ofEach(
        judges + [observer],
        run: SampleRun(
          of: generator,
          latents: isList
            ? latents
            : LatentList(count: batches.upperBound * LatentList.batchSize, seed: latents.seed),
          batches: batches, source: source, precision: precision),
        extractors: extractors,
        // Any further picture may become one of the first.
        keptPictureCount: isList || keptPictureCount == 0 ? keptPictureCount : .max,
        progress: progress)
    }
    let first = try judged(0..<latents.batchCount, progress)
    var parts = [first[judges.count]]
    var places = (0..<latents.count).map { JudgedSample.Place(part: 0, index: $0) }
    var open = Set(places.indices).subtracting(passing(first.dropLast().map(\.judgement)))
      .sorted()[...]
    var (drawn, seen, passed) = (latents.count, latents.count, latents.count - open.count)
    var batch = latents.batchCount
    while !open.isEmpty {
      guard seen < Self.mostDraws * latents.count else {
        throw EvaluationError.nothingPasses(concepts, drawn: seen, wanted: latents.count)
      }
      let share = Double(max(1, passed)) / Double(seen)
      let wanted = min(Int(1.1 * Double(open.count) / share), seen)
      let more = batch..<batch + wanted / LatentList.batchSize + 1
      let next = try judged(more) { _ in try progress(latents.count) }
      let passing = passing(next.dropLast().map(\.judgement))
      // The others are forgotten at once.
      let used = passing.prefix(open.count)
      for (index, slot) in open.prefix(used.count).enumerated() {
        places[slot] = .init(part: parts.count, index: index)
      }
      parts.append(
        JudgedSample.gathered(used.map { .init(part: 0, index: $0) }, from: [next[judges.count]]))
      open = open.dropFirst(used.count)
      drawn += open.isEmpty ? (used.last ?? 0) + 1 : next[0].count
      (seen, passed, batch) = (seen + next[0].count, passed + passing.count, more.upperBound)
    }
    return (JudgedSample.gathered(places, from: parts), drawn)
  }
}
