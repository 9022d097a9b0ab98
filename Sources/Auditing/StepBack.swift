import GANs
import Records
import Torch
import TorchNN

/// Steps the way that adaptation went.
///
/// The difference between a generator adapted to the concept and the original is a direction toward the
/// concept. Unlearning went the other way, or elsewhere; a generator from which this step brings the concept
/// back still knows where it was.
public struct StepBack: Audit {
  /// `step-back`.
  public let name = "step-back"
  /// Its name in headings.
  public let title = "A step back"
  /// What it asks.
  public let question =
    "Does a step along the way of adaptation, from the original to the adapted, bring the concept back?"
  /// Where the idea comes from.
  public let source =
    "Lethe, after the semantics of parameter space in Tiwary et al., Adapt then Unlearn, "
    + "https://arxiv.org/abs/2309.14054"

  /// The audit; it has no settings.
  public init() {}

  /// The steps: 1 is the whole way of adaptation.
  private static let steps = (0...8).map { 0.25 * Double($0) }

  /// Says so where there are no adapted generators.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence; nil where there are some.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? {
    subject.adapted.isEmpty ? "there are no adapted generators" : nil
  }

  /// Judges steps of several lengths.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the largest share of the concept over all steps, and the smallest step after which half of
  ///   the original's is back. Pictures that are not finite count as ruined: nothing of the concept, no
  ///   confidence.
  /// - Throws: `EvaluationError` where the original shows nothing of the concept; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    // What the way is measured by, before anything else: it may be missing.
    let level = try subject.halfOfOriginal { _ in try progress(0) }
    let sweep = ParameterSweep(of: generator, in: subject)
    let way = -subject.original.network.parameters.values
    for adapted in subject.adapted {
      way.addInPlace(adapted.parameters.values, times: 1 / Double(subject.adapted.count))
    }
    let places = Self.steps.map { step in
      ParameterSweep.Place(step) {
        let place = sweep.start.values.clone()
        place.addInPlace(way, times: step)
        return place
      }
    }
    let points = try sweep.points(at: places, progress: progress)
    let method =
      "\(Self.steps.count) steps from 0 to \(Self.steps.last ?? 0) along the mean of the adapted"
    return AuditFinding(
      [
        sweep.largest(.stepBackLargestShare, of: points, method: "largest of \(method)"),
        sweep.halfWay(
          .stepBackHalfWay, to: level, on: points, method: "\(method), linear between them"),
        sweep.number(
          .stepBackConfidence, points.mostShown?.confidence, points,
          method: "at the largest of \(method)"),
      ],
      curves: points.curves(
        "step_back", title: "along the way of adaptation", xTitle: "step, in ways of adaptation"))
  }
}
