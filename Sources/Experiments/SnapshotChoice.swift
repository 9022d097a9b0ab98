import Records
import Runs

/// Which of the generators along an unlearning becomes its result.
///
/// The paper leaves open when to stop. The rule here: among the generators that have forgotten enough, the one whose
/// pictures are nearest to the original's positives; if none has, the one that has forgotten most. A few evenly
/// spaced ones are looked at cheaply while training goes on. If one of them would be taken instead of the last, both
/// are measured in full, and the rule decides again.
public struct SnapshotChoice: Sendable, Equatable {
  /// How many generators are looked at, the last one included; 1 takes the last one without a look.
  public var candidates = 4
  /// The PUL in % from which on a generator has forgotten enough.
  public var leastPUL = 95.0
  /// Latents for a look.
  public var samples = 1024

  /// Trainings of fewer iterations are judged at their end only.
  public var fewestIterations = 100

  /// The usual choice.
  public init() {}

  /// The last generator, whatever it is.
  public static var last: SnapshotChoice {
    var choice = SnapshotChoice()
    choice.candidates = 1
    return choice
  }

  /// Whether a generator is looked at before training goes on.
  ///
  /// - Parameters:
  ///   - iteration: the iterations behind it.
  ///   - total: those of the whole training.
  /// - Returns: false for the last one, which is looked at when all the others were.
  func isDue(_ iteration: Int, of total: Int) -> Bool {
    guard candidates > 1, total >= fewestIterations else { return false }
    return iteration < total && iteration % max(1, total / candidates) == 0
  }

  /// The one that the rule takes.
  ///
  /// - Parameter candidates: at least one, earliest first.
  /// - Returns: one of them; of equals the latest.
  func best(of candidates: [Candidate]) -> Candidate {
    let enough = candidates.filter { $0.pul >= leastPUL }
    let best =
      enough.isEmpty
      ? candidates.max { ($0.pul, -$0.frechet) <= ($1.pul, -$1.frechet) }
      : enough.max { $0.frechet >= $1.frechet }
    guard let best else { preconditionFailure("a choice among nothing") }
    return best
  }

  /// The rule in words, as a record states it.
  var rule: String {
    "smallest Fréchet distance to the original's positives among those with a PUL of at least "
      + "\(NumberText.plain(leastPUL, decimals: 1)) %, else the largest PUL"
  }

  /// A generator along an unlearning.
  struct Candidate: Equatable {
    /// The iterations behind it.
    var iteration: Int
    /// The percentage of un-learning.
    var pul: Double
    /// The Fréchet distance to the original's positives.
    var frechet: Double
    /// Latents that both were measured on.
    var samples: Int

    init(iteration: Int, pul: Double, frechet: Double, samples: Int) {
      self.iteration = iteration
      self.pul = pul
      self.frechet = frechet
      self.samples = samples
    }

    var json: JSON {
      [
        "iteration": .integer(iteration), "pul": .number(pul),
        MetricKey.frechetToOriginalPositives.name: .number(frechet), "samples": .integer(samples),
      ]
    }

    init?(_ json: JSON) {
      guard let iteration = json["iteration"]?.integer, let pul = json["pul"]?.number,
        let frechet = json[MetricKey.frechetToOriginalPositives.name]?.number,
        let samples = json["samples"]?.integer
      else { return nil }
      self.init(iteration: iteration, pul: pul, frechet: frechet, samples: samples)
    }
  }
}
