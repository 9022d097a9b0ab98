import Records

/// How hard a concept is to bring back, as audits found it.
struct RecoveryVerdict {
  /// The audit that searches for the concept without training.
  static let worstCase = "worst-case"
  /// Audits that count what is there and bring nothing back.
  private static let countsOnly: Set = ["second-judge"]

  let claim: Report.Claim

  init(_ audit: AuditRecord?) {
    guard let audit else {
      claim = Report.Claim(
        "How hard it is to bring back is not audited: run lethe audit RUN.", evidence: [])
      return
    }
    let asked = audit.entries.filter { !Self.countsOnly.contains($0.name) }
      .map { AuditComparison($0, of: audit) }
    guard
      let weakest = asked.filter({ $0.standing != .open }).min(by: { $0.standing < $1.standing })
    else {
      claim = Report.Claim(
        asked.isEmpty
          ? "How hard it is to bring back was not asked: run lethe audit RUN with audits that "
            + "try it."
          : "How hard it is to bring back stays open: no audit has numbers of it and of a control.",
        evidence: asked.map(\.words))
      return
    }
    var sentence =
      switch weakest.standing {
      case .asOriginal:
        "It is not shown to be harder to bring back than if nothing had been forgotten"
      case .belowRetrained:
        "It is easier to bring back than for a generator that never saw it"
      case .between:
        "It is harder to bring back than for the original, and easier than for a generator "
          + "that never "
          + "saw it"
      case .aboveOriginal:
        "It is harder to bring back than for the original; no generator that never saw it was "
          + "audited"
      case .asRetrained, .open:
        "It is as hard to bring back as for a generator that never saw it"
      }
    if asked.count(where: { $0.standing != .open }) > 1, weakest.standing != .asRetrained {
      sentence += ", by the weakest audit, “\(weakest.title)”"
    }
    claim = Report.Claim(
      sentence + ".", evidence: asked.map(\.words),
      isPoor: [.asOriginal, .belowRetrained].contains(weakest.standing))
  }
}

/// The first number of an audit, of the unlearned generator and of its controls.
struct AuditComparison {
  /// Where the unlearned generator stands between its controls, the weakest first.
  enum Standing: Int, Comparable {
    /// No better than the original, which forgot nothing.
    case asOriginal
    /// Worse than a generator that never saw the concept; there is no original to compare with.
    case belowRetrained
    /// Better than the original, worse than a generator that never saw the concept.
    case between
    /// Better than the original; there is no other control.
    case aboveOriginal
    /// As good as a generator that never saw the concept, as far as chance lets anybody tell.
    case asRetrained
    /// There are no two numbers to compare.
    case open

    static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
  }

  let title: String
  let standing: Standing
  /// The numbers in a few words.
  let words: String

  init(_ entry: AuditRecord.Entry, of audit: AuditRecord) {
    title = entry.title
    let key = entry.firstKey
    func number(_ role: AuditRecord.Role) -> MeasuredNumber? {
      entry.answer(of: role)?.measurements.first { $0.key == key }
        .flatMap { MeasuredNumber($0) }
    }
    let own = number(.unlearned)
    standing = Self.standing(own, retrained: number(.retrained), original: number(.original))
    guard let own else {
      let reason = entry.answer(of: .unlearned)?.reason
      words = "\(entry.title): no number" + (reason.map { ", \($0)" } ?? "")
      return
    }
    let controls = audit.generators.filter { $0.role != .unlearned }.compactMap { generator in
      number(generator.role).map { "\(generator.name) \($0.words)" }
    }
    words =
      "\(entry.title), \(own.key.title): \(own.words)"
      + (controls.isEmpty ? "" : "; \(controls.joined(separator: ", "))")
  }

  private static func standing(
    _ own: MeasuredNumber?, retrained: MeasuredNumber?, original: MeasuredNumber?
  ) -> Standing {
    guard let own else { return .open }
    let asRetrained = retrained.flatMap { own.isAsGood(as: $0) }
    // As good as the original would be no praise: it has to be better, beyond chance.
    let asOriginal = original.flatMap { $0.isAsGood(as: own) }
    switch (asRetrained, asOriginal) {
    case (true, _): return .asRetrained
    case (false, true): return .asOriginal
    case (false, false): return .between
    case (false, nil): return .belowRetrained
    case (nil, true): return .asOriginal
    case (nil, false): return .aboveOriginal
    case (nil, nil): return .open
    }
  }
}

extension AuditRecord {
  /// What an audit has found; nil where it was not asked.
  func entry(named name: String) -> Entry? { entries.first { $0.name == name } }
}

extension AuditRecord.Entry {
  /// What it has found of a generator; nil where that one was not asked.
  func answer(of role: AuditRecord.Role) -> AuditRecord.Answer? {
    answers.first { $0.role == role }
  }

  /// The metric that counts most; nil where there are no numbers at all.
  var firstKey: MetricKey? {
    answer(of: .unlearned)?.measurements.first?.key
      ?? answers.lazy.compactMap {
        $0.measurements.first?.key
      }.first
  }

  /// Every metric of any answer, that which counts most first.
  var keys: [MetricKey] {
    var keys: [MetricKey] = []
    let ordered = [answer(of: .unlearned)].compactMap(\.self) + answers
    for key in ordered.flatMap(\.measurements).map(\.key) where !keys.contains(key) {
      keys.append(key)
    }
    return keys
  }
}
