public import Auditing
import Records

/// What is asked of each unlearned generator of a sweep.
public struct SweepAudit: Sendable, Equatable {
  /// How much each audit may cost.
  public let effort: AuditEffort
  /// The names of the audits.
  public let audits: [String]

  /// Audits by their names.
  init(_ effort: AuditEffort, _ audits: [String]) {
    self.effort = effort
    self.audits = audits
  }

  /// Reads the part; nil where there is none.
  init?(_ value: RecipeValue?) throws(RecipeError) {
    guard let value, !value.isNull else { return nil }
    let known = ["effort", "only"]
    for entry in value.entries where !known.contains(entry.name) {
      throw .unknown(entry.place, name: "sweep.audit.\(entry.name)", known: known)
    }
    let word = value.text ?? value["effort"]?.text ?? AuditEffort.quick.rawValue
    guard let effort = AuditEffort(rawValue: word) else {
      throw .unfit(
        value.place, name: "sweep.audit", found: "'\(word)'",
        expected: AuditEffort.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.effort = effort
    let all = Audits.all.map(\.name)
    guard let only = value["only"] else {
      audits = all
      return
    }
    let names =
      if case .list(let values) = only.content { values.map { $0.text ?? "" } } else {
        [only.text ?? ""]
      }
    for name in names where !all.contains(name) {
      throw .unfit(
        only.place, name: "sweep.audit.only", found: "'\(name)'",
        expected: all.joined(separator: ", ") + NearestNames.question(for: name, among: all))
    }
    audits = names
  }
}
