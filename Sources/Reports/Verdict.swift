import Records
public import Runs

/// What a reviewer asks first of an unlearned generator, answered from the record alone.
///
/// Three sentences, each with the numbers that it rests on: is it gone, what did that cost, and how
/// hard is it to bring back. The limits are those of `PoorResult` and of `ForgettingWord`.
/// Forgetting never stands without quality: the first sentence says so where the rest has suffered,
/// or was not measured.
public struct Verdict: Sendable, Equatable {
  /// The sentences with their evidence.
  public let claims: [Report.Claim]

  /// The verdict on a run; nil for one that is not about forgetting.
  ///
  /// - Parameter run: a run directory; nothing in it is changed.
  /// - Throws: `RunError`, naming the file that is damaged.
  public init?(of run: RunDirectory) throws(RunError) {
    self.init(
      RunFacts(
        options: try run.readOptions(), metrics: try run.readMetrics(), stats: [],
        audit: try run.readAudit()))
  }

  /// The verdict as JSON, a sentence and its evidence each.
  public var json: JSON {
    .array(
      claims.map {
        [
          "sentence": .string($0.sentence), "evidence": JSON($0.evidence),
          "is_poor": .bool($0.isPoor),
        ]
      })
  }

  init?(_ facts: RunFacts) {
    // Neither leaves one generator that was to forget.
    guard facts.forget != nil,
      !["adapt", "extrapolate"].contains(facts.options["command"]?.string)
    else { return nil }
    guard let pul = facts.number(.pul) else {
      claims = [
        Report.Claim("Whether \(facts.concept) is forgotten is not measured yet.", evidence: [])
      ]
      return
    }
    let quality = QualityVerdict(facts)
    let second = SecondJudgeVerdict(facts)
    claims = [
      Self.forgetting(facts, pul: pul, quality: quality, second: second), quality.claim,
      RecoveryVerdict(facts.audit).claim,
    ]
  }

  // MARK: - Is it gone?

  private static func forgetting(
    _ facts: RunFacts, pul: Double, quality: QualityVerdict, second: SecondJudgeVerdict
  ) -> Report.Claim {
    let each = (facts.metrics[MetricKey.pulPerConcept.name]?.object ?? [:])
      .compactMap { entry in entry.value.number.map { (name: entry.key, pul: $0) } }
    let isGone = ([pul] + each.map(\.pul)).allSatisfy { !PoorResult.isPoor(pul: $0) }
    var sentence = "\(facts.concept.prefix(1).uppercased() + facts.concept.dropFirst()) "
    sentence += facts.forgets.count > 1 ? "are " : "is "
    if !isGone {
      sentence += "not forgotten"
    } else if second.isDoubtful {
      sentence += "forgotten for the judge, but not for a second one"
    } else {
      sentence += "forgotten"
    }
    switch quality.standing {
    case .kept: sentence += isGone && !second.isDoubtful ? ", and the rest is kept." : "."
    case .partly:
      sentence +=
        isGone ? ", but not all of the rest is kept." : ", and not all of the rest is kept."
    case .suffered:
      sentence += isGone ? ", but the rest has suffered." : ", and the rest has suffered."
    case .unknown: sentence += "; what that cost the rest is not measured."
    }

    let judge = facts.metrics["judged_by"]?["network"]?.string
    var evidence = [
      "PUL is \(NumberText.fixed(pul, decimals: 1)) %\(facts.chance(of: .pul))"
        + (judge.map { ", by \($0)" } ?? "")
    ]
    if let interval = facts.interval(.pul), isGone, PoorResult.isPoor(pul: interval.lowerBound) {
      evidence.append("chance leaves a PUL below \(Int(ForgettingWord.leastPUL)) % possible")
    }
    if let before = facts.number(.negativesBefore), let after = facts.number(.negativesAfter) {
      let total = facts.sampleCount(.negativesAfter) ?? facts.metrics["samples"]?.integer
      evidence.append(
        "\(NumberText.short(before))" + (total.map { " of \(NumberText.grouped($0))" } ?? "")
          + " pictures showed it before, \(NumberText.short(after)) of the same latents after")
    }
    evidence += each.map { "PUL of \($0.name): \(NumberText.fixed($0.pul, decimals: 1)) %" }
    evidence += second.evidence + worstCase(facts.audit)
    return Report.Claim(
      sentence, evidence: evidence,
      isPoor: !isGone || second.isDoubtful || [.partly, .suffered].contains(quality.standing))
  }

  /// What a search for the concept has found, where there was one.
  private static func worstCase(_ audit: AuditRecord?) -> [String] {
    guard let audit, let entry = audit.entry(named: RecoveryVerdict.worstCase) else { return [] }
    return [AuditComparison(entry, of: audit).words]
  }
}

/// What another judge says.
private struct SecondJudgeVerdict {
  /// Whether it still sees too much of the concept.
  let isDoubtful: Bool
  let evidence: [String]

  init(_ facts: RunFacts) {
    let entry = facts.audit?.entry(named: "second-judge")
    guard let answer = entry?.answer(of: .unlearned) else {
      isDoubtful = false
      evidence = ["no second judge was asked"]
      return
    }
    let numbers = answer.measurements.compactMap { MeasuredNumber($0) }
    let pul = numbers.first { $0.key == .pulBySecond }
    isDoubtful = pul?.value.map { PoorResult.isPoor(pul: $0) } ?? false
    if let shown = pul ?? numbers.first {
      evidence = ["\(shown.key.title): \(shown.words)"]
    } else {
      evidence = ["a second judge gave no answer" + (answer.reason.map { ": \($0)" } ?? "")]
    }
  }
}

// MARK: - What did it cost?

/// What became of all that was to stay.
private struct QualityVerdict {
  enum Standing {
    /// Nothing is poor.
    case kept
    /// Some class is, and all of them together are not.
    case partly
    /// All of them together are poor.
    case suffered
    /// Nobody has measured it.
    case unknown
  }

  let standing: Standing
  let claim: Report.Claim

  init(_ facts: RunFacts) {
    var evidence: [String] = []
    // Of all that was to stay, and of single classes.
    var (faults, ofClasses): ([String], [String]) = ([], [])
    let what = facts.judgesAttributes ? "attributes" : "class"
    if let same = facts.number(.sameClass) {
      let words = "\(NumberText.fixed(same, decimals: 1)) %"
      let count = facts.sampleCount(.sameClass).map { " of \(NumberText.grouped($0))" } ?? " of the"
      evidence.append(
        facts.judgesAttributes
          ? "\(words) of the other attributes are as before\(facts.chance(of: .sameClass)), in "
            + "pictures\(count) latents"
          : "\(words)\(count) other latents are of the same class as before"
            + facts.chance(of: .sameClass))
      if PoorResult.isPoor(sameClass: same) { faults.append("only \(words) keep their \(what)") }
    }
    let worst = (facts.metrics[MetricKey.sameClassPerClass.name]?.object ?? [:])
      .compactMap { entry in entry.value.number.map { (name: entry.key, share: $0) } }
      .min { $0.share < $1.share }
    if let worst {
      let words = "\(NumberText.fixed(worst.share, decimals: 1)) %"
      evidence.append("least of \(worst.name), \(words)")
      if PoorResult.isPoor(sameClass: worst.share) {
        ofClasses.append("of \(worst.name) only \(words) stay")
      }
    }
    if let drift = facts.largestDrift {
      let words = "\(NumberText.fixed(drift.share, decimals: 2)) times"
      evidence.append(
        "the largest drift is that of \(drift.name), \(words) as frequent as before")
      if PoorResult.isPoor(keptShare: drift.share) {
        ofClasses.append("\(drift.name) is \(words) as frequent as before")
      }
    }
    if let distance = facts.number(.frechetToOriginalPositives) {
      var words = "Fréchet distance to the original’s positives \(NumberText.short(distance))"
      if let original = facts.number(.frechetOriginal) {
        words += ", the original’s own \(NumberText.short(original))"
        if PoorResult.isPoor(frechet: distance, original: original) {
          faults.append(
            "the pictures are \(NumberText.fixed(distance / original, decimals: 2)) "
              + "times as far from the positives as the original’s")
        }
      }
      evidence.append(words)
    }
    if let before = facts.number(.meanConfidenceBefore),
      let after = facts.number(.meanConfidenceAfter)
    {
      evidence.append(
        "the judge’s mean confidence is \(NumberText.fixed(after, decimals: 3)), "
          + "before it was \(NumberText.fixed(before, decimals: 3))")
    }
    let measured: [MetricKey] = [.sameClass, .keptRatios, .frechetToOriginalPositives]
    let isMeasured = measured.contains { facts.metrics[$0.name].map { $0 != .null } ?? false }
    if !faults.isEmpty {
      standing = .suffered
      claim = Report.Claim(
        "What was to stay has suffered: \((faults + ofClasses).joined(separator: ", ")).",
        evidence: evidence, isPoor: true)
    } else if !ofClasses.isEmpty {
      standing = .partly
      claim = Report.Claim(
        "Most of what was to stay is kept, but not all: \(ofClasses.joined(separator: ", ")).",
        evidence: evidence, isPoor: true)
    } else if isMeasured {
      standing = .kept
      claim = Report.Claim("What was to stay is kept.", evidence: evidence)
    } else {
      standing = .unknown
      claim = Report.Claim("What it cost is not measured.", evidence: evidence, isPoor: true)
    }
  }
}

extension RunFacts {
  /// The other class whose share has changed most, as a ratio.
  var largestDrift: (name: String, share: Double)? {
    func distance(_ share: Double) -> Double { share > 0 ? max(share, 1 / share) : .infinity }
    return [smallestKept, largestKept].compactMap(\.self)
      .max { distance($0.share) < distance($1.share) }
  }

  /// Whether the judge finds attributes, of which a picture has several, and not classes.
  var judgesAttributes: Bool {
    metrics["judged_by"]?["threshold"]?.number != nil
      || methods[MetricKey.pul.name]?["method"]?.string?.hasPrefix("attribute") == true
  }

  /// What the judge finds in a picture: a class, or an attribute.
  var labelWord: String { judgesAttributes ? "attribute" : "class" }

  /// What was to be forgotten, such as `class 7` or `attributes Hat, Glasses`.
  var concept: String {
    let word =
      judgesAttributes
      ? forgets.count > 1 ? "attributes" : "attribute" : forgets.count > 1 ? "classes" : "class"
    return "\(word) \(forgets.joined(separator: ", "))"
  }
}
