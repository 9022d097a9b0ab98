import Evaluation
import GANs
import Judging
import Records
import Torch
import TorchNN

/// Asks a generator to reproduce pictures of the concept.
///
/// The pictures are the original's: some that show the concept, and as many that do not, as a
/// control. For each, a search along gradients looks for styles w+ whose picture is most like it,
/// in pixels and in the judge's features, within the bound of a worst-case search
/// (`LatentSpace`): without one, a small generator reproduces anything. A generator
/// that has forgotten should do worse with pictures of the concept than with the others, and what
/// it makes of them should no longer show the concept.
///
/// Noise maps are 0: what noise adds to a picture is nobody's to reproduce, and maps that a
/// generator came with would help one and hinder another. Each search starts twice, from the
/// generator's mean style and from the nearest of some random ones; after a quarter of the steps
/// only the better one goes on.
public struct Inversion: Audit {
  /// `inversion`.
  public let name = "inversion"
  /// Its name in headings.
  public let title = "Inversion"
  /// What it asks.
  public let question =
    "Can the generator reproduce pictures of the concept as well as other pictures of the original?"
  /// Where the idea comes from.
  public let source =
    "inversion attacks on erased concepts, Pham et al., ICLR 2024, https://arxiv.org/abs/2308.01508; "
    + "unlearning judged by inverted pictures, Seo et al., CVPR 2024, https://arxiv.org/abs/2405.09879"

  /// The audit; it has no settings.
  public init() {}

  /// How many targets are shown.
  private static let shownPictures = 16

  /// Reproduces pictures of both kinds.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done, after each step.
  /// - Returns: the ratio of both errors first; each error; how many reproductions still show the
  ///   concept.
  /// - Throws: `EvaluationError` where the original has no picture of either kind, and for numbers
  ///   that are not finite; `JudgingError`; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let targets = try InversionTargets(of: subject) { try progress($0 / 10) }
    let inverter = try Inverter(generator, subject: subject, targets: targets)
    let kinds = [targets.negatives, targets.positives]
    let (negatives, positives) = (
      try inverter.reproduce(kinds[0]) { try progress(0.1 + 0.45 * $0) },
      try inverter.reproduce(kinds[1]) { try progress(0.55 + 0.45 * $0) }
    )
    let shows = try inverter.judged(negatives)
    let errors = (median(negatives.errors), median(positives.errors))
    let method = inverter.method
    func number(_ key: MetricKey, _ value: Double?, _ count: Int) -> MetricMeasurement {
      MetricMeasurement(
        key, .number(value), method: method, sampleCount: count, seed: subject.seed)
    }
    var measurements = [
      number(
        .inversionRatio, errors.1 > 0 ? errors.0 / errors.1 : nil,
        negatives.errors.count + positives.errors.count),
      number(.inversionErrorOfConcept, errors.0, negatives.errors.count),
      number(.inversionErrorOfOthers, errors.1, positives.errors.count),
    ]
    for (key, share, judges) in shows {
      measurements.append(subject.share(key, share, method: method + "; shows it to \(judges)"))
    }
    return AuditFinding(
      measurements,
      curves: [
        curve(negatives, "concept", "Error of reproduced pictures of the concept"),
        curve(positives, "others", "Error of reproduced pictures of anything else"),
      ],
      pictures: [
        sheet(negatives, "concept", "Pictures of the concept", generator),
        sheet(positives, "others", "Pictures of anything else", generator),
      ])
  }

  private func curve(_ made: Reproductions, _ name: String, _ title: String) -> AuditRecord.Curve {
    AuditRecord.Curve(
      "inversion_error_of_\(name)", title: title, xTitle: "Steps",
      yTitle: "Mean error, of intensities in 0 to 1", points: made.course)
  }

  private func sheet(
    _ made: Reproductions, _ name: String, _ what: String, _ generator: AuditedGenerator
  ) -> AuditFinding.Sheet {
    let count = min(Self.shownPictures, made.errors.count)
    return AuditFinding.Sheet(
      name, caption: "\(what) by the original, and below what the generator makes of each",
      pictures: .concatenated([made.targets.sliced(0..<count), made.pictures.sliced(0..<count)]),
      range: .zeroToOne, columns: count)
  }
}

/// What is to be reproduced.
struct InversionTargets {
  /// Latents of the subject's list whose pictures by the original show the concept, the first ones.
  let negatives: [Int]
  /// As many whose pictures show nothing that was to be forgotten, now or before.
  let positives: [Int]
  /// For each of the judge's features, its share in the mean squared difference of normalised
  /// features, `[F]`.
  let featureWeights: Tensor

  /// The first pictures of the original of both kinds.
  ///
  /// - Parameters:
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is judged.
  /// - Throws: `EvaluationError` where there is no picture of a kind; what `progress` throws.
  init(of subject: AuditSubject, progress: (Double) throws -> Void) throws {
    let total = Double(subject.latents.count)
    let sample = try subject.sample(of: subject.original) { try progress(Double($0) / total) }
    let isForgotten = sample.judgement.shows(anyOf: subject.forgotten)
    let isUnwanted = sample.judgement.shows(anyOf: subject.forgotten + subject.forgottenBefore)
    let shown = isForgotten.indices.filter { isForgotten[$0] }
    let others = isUnwanted.indices.filter { !isUnwanted[$0] }
    guard !shown.isEmpty else {
      throw EvaluationError.nothingToForget(subject.forgotten[0], samples: sample.count)
    }
    guard !others.isEmpty else {
      throw EvaluationError.nothingToKeep(
        subject.forgotten + subject.forgottenBefore, samples: sample.count)
    }
    negatives = Array(shown.prefix(subject.effort.invertedPictures))
    positives = Array(others.prefix(negatives.count))
    let variances = sample.features.to(.float64).variance([0]).array(of: Double.self)
    // A feature that is all but never active would count more than any other.
    let smallest = 1e-3 * (variances.max() ?? 0)
    let active = variances.count { $0 > smallest }
    featureWeights = Tensor(
      variances.map { Float($0 > smallest ? 1 / ($0 * Double(active)) : 0) })
  }
}

/// What a generator has made of some targets.
struct Reproductions {
  /// `[N, 3, size, size]`, from 0 to 1, in host memory.
  var targets: Tensor
  /// The same of the reproductions.
  var pictures: Tensor
  /// The error of each: the root of the mean squared difference.
  var errors: [Double]
  /// The mean error in the course of the steps.
  var course: [AuditRecord.Point]
}

/// Reproduces pictures by one generator.
struct Inverter {
  /// Random styles among which the nearest is one start.
  static let candidates = 256
  /// The weight of features beside pixels.
  ///
  /// Each differs by about 2 between two unrelated pictures. Pixels count more, for their error is
  /// reported.
  static let featureWeight = 0.5
  /// About how far a coordinate moves in a step, in standard deviations, before the second half.
  static let learningRate = 0.05

  /// How it was measured.
  let method: String
  private let generator: any GeneratorNetwork
  private let source: String
  private let subject: AuditSubject
  private let space: LatentSpace
  private let targets: InversionTargets
  /// The mean style, `[1, latentSize]`, and random ones.
  private let meanStyle: Tensor
  private let randomStyles: Tensor

  /// Prepares a generator.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - targets: what is to be reproduced.
  /// - Throws: `EvaluationError` for styles that are not finite.
  init(
    _ generator: AuditedGenerator, subject: AuditSubject, targets: InversionTargets
  ) throws(EvaluationError) {
    self.generator = generator.network
    self.subject = subject
    self.targets = targets
    source = "the \(generator.name) generator"
    space = .wPlus(
      try LatentPrior(
        of: generator.network, source: source, using: subject.random("inversion, styles")))
    let inputSize = generator.network.configuration.inputSize
    meanStyle = generator.network.meanStyle(using: subject.random("inversion, mean style"))
    randomStyles = withoutGradients {
      generator.network.styles(
        subject.random("inversion, candidates").normal([Self.candidates, inputSize]))
    }
    method =
      "\(subject.effort.inversionSteps) steps in w+, \(space.bound), from the mean and the nearest "
      + "of \(Self.candidates) styles, without noise; pixels and features of "
      + subject.judge.classifier.name
  }

  private var range: PixelRange { generator.pixelRange }
  private var steps: Int { subject.effort.inversionSteps }

  /// Noise maps of 0, the same for all pictures.
  private var noNoise: [Tensor] {
    generator.configuration.noiseSizes.map {
      Tensor.zeros([1, 1, $0, $0], device: generator.parameters.device)
    }
  }

  /// Reproduces the original's pictures of some latents.
  ///
  /// - Parameters:
  ///   - indices: of the subject's list, ascending.
  ///   - progress: called with the share that is done.
  /// - Returns: what was made of them, in order.
  /// - Throws: `EvaluationError` for numbers that are not finite; what `progress` throws.
  func reproduce(
    _ indices: [Int], progress: (Double) throws -> Void
  ) throws -> Reproductions {
    // Each is in memory three times: as a target, and from two starts.
    let size = max(1, PictureBatching(size: generator.configuration.size).held / 3)
    var parts: [Reproductions] = []
    for start in stride(from: 0, to: indices.count, by: size) {
      let some = Array(indices[start..<min(start + size, indices.count)])
      parts.append(
        try reproduceAtOnce(some) { share in
          try progress((Double(start) + share * Double(some.count)) / Double(indices.count))
        })
    }
    return Reproductions(
      targets: .concatenated(parts.map(\.targets)), pictures: .concatenated(parts.map(\.pictures)),
      errors: parts.flatMap(\.errors),
      course: parts[0].course.indices.map { point in
        let sum = parts.reduce(0) { $0 + $1.course[point].y * Double($1.errors.count) }
        return AuditRecord.Point(parts[0].course[point].x, sum / Double(indices.count))
      })
  }

  /// Reproduces pictures that memory holds at once.
  private func reproduceAtOnce(
    _ indices: [Int], progress: (Double) throws -> Void
  ) throws -> Reproductions {
    let count = indices.count
    let comparison = PictureComparison(
      subject.original.network.pixelRange.visible(
        subject.latents.pictures(at: indices, of: subject.original.network)),
      judge: subject.judge, featureWeights: targets.featureWeights)
    let starts = Tensor.concatenated([
      meanStyle.expanded([count, meanStyle.shape[1]]),
      randomStyles.gathered(try nearest(to: comparison, count: count)),
    ])
    // The first half of the latents starts from the mean, the second from the nearest.
    let descent = LatentDescent(
      at: space.coordinates(ofStyles: starts, of: generator), in: space, of: generator,
      noise: noNoise, source: source)
    func better() -> [Int] {
      (0..<count).map {
        descent.smallestLosses[$0] <= descent.smallestLosses[count + $0] ? $0 : count + $0
      }
    }
    let points = Set(curvePositions(upTo: steps))
    var followed = Array(0..<2 * count)
    var course: [AuditRecord.Point] = []
    for step in 0...steps {
      let (seen, gradients) = try descent.look(
        at: followed, differentiates: step < steps,
        loss: { pictures, some in
          let visible = range.visible(pictures)
          let (loss, pixels) = comparison.differences(
            of: visible, comparison.features(of: visible), from: some.map { $0 % count })
          return (loss, [pixels.detached()])
        })
      if points.contains(step) {
        var errors = [Double](repeating: .infinity, count: count)
        for (latent, error) in zip(followed, seen[0].array(of: Double.self)) {
          errors[latent % count] = min(errors[latent % count], error.squareRoot())
        }
        course.append(AuditRecord.Point(Double(step), errors.reduce(0, +) / Double(count)))
      }
      try progress(Double(step) / Double(steps))
      guard let gradients else { break }
      descent.move(along: gradients, learningRate: Self.learningRate * remaining(after: step))
      // By then it shows which start is the better one; the other would cost as much.
      if step == steps / 4 { followed = better() }
    }
    let pictures = range.visible(
      generator.pictures(descent.bestStyles.gathered(better()), noise: .given(noNoise)))
    let pixels = (pictures - comparison.targets).square().mean([1, 2, 3])
    return Reproductions(
      targets: comparison.targets.to(.cpu), pictures: pictures.to(.cpu),
      errors: pixels.array(of: Double.self).map { $0.squareRoot() }, course: course)
  }

  /// How much of the learning rate is left: all in the first half, then ever less.
  private func remaining(after step: Int) -> Double {
    min(1, 2 * (1 - Double(step) / Double(steps)))
  }

  /// For each target the nearest of the random styles.
  private func nearest(
    to comparison: PictureComparison, count: Int
  ) throws(EvaluationError) -> [Int] {
    let layers = withoutGradients { generator.layered(randomStyles) }
    let size = PictureBatching(size: generator.configuration.size).held
    var nearest = [(index: Int, loss: Double)](repeating: (0, .infinity), count: count)
    for start in stride(from: 0, to: Self.candidates, by: size) {
      let part = start..<min(start + size, Self.candidates)
      let pictures = range.visible(
        generator.pictures(layers.sliced(part), noise: .given(noNoise)))
      guard pictures.hasOnlyNumbers else { throw .notFinite(of: "the pictures of \(source)") }
      let features = comparison.features(of: pictures)
      for target in 0..<count {
        let losses = comparison.differences(
          of: pictures, features, from: [Int](repeating: target, count: part.count)
        ).loss.array(of: Double.self)
        for (index, loss) in zip(part, losses) where loss < nearest[target].loss {
          nearest[target] = (index, loss)
        }
      }
    }
    return nearest.map(\.index)
  }

  /// How many reproductions show the concept.
  ///
  /// - Parameter made: of targets that show it.
  /// - Returns: each share with its key and who saw it; that of both judges first.
  /// - Throws: `JudgingError`.
  func judged(
    _ made: Reproductions
  ) throws -> [(key: MetricKey, share: Proportion, judges: String)] {
    let pictures = made.pictures.to(generator.parameters.device)
    let name = subject.judge.classifier.name
    let shows = subject.judge.judge(pictures, in: .zeroToOne).shows(anyOf: subject.forgotten)
    var result = [
      (MetricKey.inversionShows, Proportion(shows.count { $0 }, of: shows.count), name)
    ]
    if let second = subject.secondJudge {
      let showsToSecond = second.judge(pictures, in: .zeroToOne)
        .shows(anyOf: try second.concepts(like: subject.forgotten))
      let both = zip(shows, showsToSecond).count { $0 && $1 }
      result.insert(
        (
          .inversionShowsToBoth, Proportion(both, of: shows.count),
          "\(name) and \(second.classifier.name)"
        ), at: 0)
    }
    return result
  }
}

/// How much pictures differ from targets, in pixels and in a judge's features.
private struct PictureComparison {
  /// `[N, 3, size, size]`, from 0 to 1.
  let targets: Tensor
  private let judge: Judge
  /// The inverse of the variance within each target, `[N]`: it makes errors those of a target of
  /// contrast 1.
  private let pixelWeights: Tensor
  private let targetFeatures: Tensor
  private let featureWeights: Tensor

  init(_ targets: Tensor, judge: Judge, featureWeights: Tensor) {
    self.targets = targets.detached()
    self.judge = judge
    pixelWeights = (targets.detached().variance([1, 2, 3]) + 1e-6).power(-1)
    targetFeatures = withoutGradients { judge.scores(of: targets, in: .zeroToOne).features }
    self.featureWeights = featureWeights.to(judge.classifier.device)
  }

  /// The judge's features of pictures, in their graph.
  ///
  /// - Parameter pictures: `[n, 3, size, size]`, from 0 to 1.
  /// - Returns: `[n, F]`.
  func features(of pictures: Tensor) -> Tensor {
    judge.scores(of: pictures, in: .zeroToOne).features
  }

  /// The differences of pictures from targets, in the pictures' graph.
  ///
  /// - Parameters:
  ///   - pictures: `[n, 3, size, size]`, from 0 to 1.
  ///   - features: the judge's, of these pictures; `[n, F]`.
  ///   - indices: the target of each.
  /// - Returns: what searches minimise, and the mean squared difference of pixels; `[n]` each.
  func differences(
    of pictures: Tensor, _ features: Tensor, from indices: [Int]
  ) -> (loss: Tensor, pixels: Tensor) {
    let pixels = (pictures - targets.gathered(indices)).square().mean([1, 2, 3])
    let wanted = targetFeatures.gathered(indices)
    let differences = ((features - wanted).square() * featureWeights).sum([1])
    let loss =
      pixels * pixelWeights.gathered(indices)
      + differences.to(pixels.device) * Inverter.featureWeight
    return (loss, pixels)
  }
}
