import GANs
public import Judging
public import Torch

/// A judge between a generator and whoever asks it for pictures: the cheapest thing that one could do in
/// place of unlearning.
///
/// A picture in which the judge sees a concept is not handed out, and the next latent takes its place. The
/// weights stay what they were: whoever has the file has everything that the generator ever showed.
public struct LatentFilter {
  /// Who looks at every picture.
  public let judge: Judge
  /// What must not be seen; at least one.
  public let concepts: [Concept]

  /// How many latents are drawn at most for one picture that passes, on average.
  public static let mostDraws = 100

  /// A filter.
  ///
  /// - Parameters:
  ///   - judge: who looks at every picture.
  ///   - concepts: what must not be seen, as the judge names it.
  /// - Precondition: there is at least one, and the judge knows all.
  public init(_ judge: Judge, without concepts: [Concept]) {
    precondition(!concepts.isEmpty, "a filter that everything passes")
    self.judge = judge
    self.concepts = concepts
  }

  /// The places of the pictures that may be handed out.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: indices into the batch, in order.
  public func passing(_ pictures: Tensor, in range: PixelRange) -> [Int] {
    passing(withoutGradients { judge.judge(prepared: judge.prepared(pictures, from: range)) })
  }

  private func passing(_ judgement: Judgement) -> [Int] {
    let shows = judgement.shows(anyOf: concepts)
    return shows.indices.filter { !shows[$0] }
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
        [judge, observer],
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
    var parts = [first[1]]
    var places = (0..<latents.count).map { JudgedSample.Place(part: 0, index: $0) }
    var open = Set(places.indices).subtracting(passing(first[0].judgement)).sorted()[...]
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
      let passing = passing(next[0].judgement)
      for (slot, index) in zip(open, passing) {
        places[slot] = .init(part: parts.count, index: index)
      }
      let used = min(open.count, passing.count)
      open = open.dropFirst(used)
      drawn += open.isEmpty ? passing[used - 1] + 1 : next[0].count
      parts.append(next[1])
      (seen, passed, batch) = (seen + next[0].count, passed + passing.count, more.upperBound)
    }
    return (JudgedSample.gathered(places, from: parts), drawn)
  }
}
