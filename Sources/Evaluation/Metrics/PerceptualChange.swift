public import Judging
public import Records
import Torch

/// How different the pictures of the same latents look before and after, such as by LPIPS.
///
/// Pictures are compared as a picture file holds them, in bytes, so those of a generator that has
/// not changed are at distance 0. Of the latents, only the first are compared, because their
/// pictures are kept.
public struct PerceptualChange: Metric {
  /// Latents that are compared unless said otherwise.
  public static let defaultLatentCount = 1000

  private let distance: any PictureDistance
  /// How many latents are compared.
  public let keptPictureCount: Int

  /// The metric.
  ///
  /// - Parameters:
  ///   - distance: how different two pictures are.
  ///   - latentCount: how many latents are compared, the first ones; their pictures are kept.
  /// - Precondition: at least one latent.
  public init(distance: any PictureDistance, latentCount: Int = defaultLatentCount) {
    precondition(latentCount >= 1, "the change of \(latentCount) pictures")
    self.distance = distance
    keptPictureCount = latentCount
  }

  /// Compares the pictures of each latent before and after.
  ///
  /// - Parameter comparison: what was seen of both generators, with their pictures.
  /// - Returns: the mean distance of latents that showed nothing undesired, and of those that showed
  ///   the concept, with the intervals that chance leaves them.
  /// - Throws: ``EvaluationError/tooSmall(of:size:needed:by:)`` if the distance needs larger pictures.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let before = comparison.original.pictures(first: keptPictureCount)
    let after = comparison.unlearned.pictures(first: keptPictureCount)
    let (count, size) = (before.shape[0], before.shape[2])
    guard min(size, before.shape[3]) >= distance.smallestSize else {
      throw .tooSmall(
        of: "the pictures of \(comparison.original.source)", size: size,
        needed: distance.smallestSize, by: distance.name)
    }
    let atOnce = PicturePairs.atOnce(size: size)
    var distances: [Double] = []
    for start in stride(from: 0, to: count, by: atOnce) {
      let range = start..<min(start + atOnce, count)
      func pictures(_ bytes: Tensor) -> Tensor {
        distance.range.picture(fromBytes: bytes.sliced(range)).withPictureChannels(3)
      }
      distances += withoutGradients { distance.distances(pictures(before), pictures(after)) }
        .to(.cpu).to(.float64).array(of: Double.self)
    }
    guard distances.allSatisfy(\.isFinite) else {
      throw .notFinite(of: "the distances of pictures by \(distance.name)")
    }
    return MetricKey.ComparedLatents.allCases.map { latents in
      let compared = comparison.positions(of: latents).filter { $0 < count }
      let mean = SampleMean(of: compared.map { distances[$0] })
      var result = comparison.measurement(
        .perceptualChange(latents, by: distance.name), .number(mean?.value),
        method: "\(distance.method), pictures of \(size)x\(before.shape[3]) in bytes, of the first "
          + "\(count) latents by \(comparison.original.judgeName)",
        latentCount: compared.count)
      result.interval = mean?.interval
      return result
    }
  }
}

extension Comparison {
  /// The latents that are compared before and after.
  ///
  /// - Parameter latents: those that showed the concept, or those that showed nothing undesired.
  /// - Returns: their positions in the list, ascending.
  func positions(of latents: MetricKey.ComparedLatents) -> [Int] {
    let shows = original.judgement.shows(anyOf: latents == .others ? undesired : forgotten)
    return shows.indices.filter { shows[$0] == (latents == .forgotten) }
  }
}
