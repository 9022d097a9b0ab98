import Records

/// One way to ask whether a concept is really gone.
///
/// An audit is a file of its own and a line in ``Audits/all``. It is asked of each generator in turn, the
/// controls included, and changes none of them: whoever trains or moves parameters works on a copy.
public protocol Audit {
  /// Its name on the command line and on disk, such as `worst-case`.
  var name: String { get }
  /// Its name in headings.
  var title: String { get }
  /// What it asks, in a sentence.
  var question: String { get }
  /// Where the idea comes from, with the address.
  var source: String { get }

  /// Why a generator cannot be asked, such as for want of a second judge.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence without a full stop; nil where it can be asked.
  func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String?

  /// Asks.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done, in 0 to 1; may throw to stop.
  /// - Returns: what was found.
  /// - Throws: what refuses the question, and what `progress` throws.
  func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding
}

extension Audit {
  /// None.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? { nil }
}

/// The audits.
public enum Audits {
  /// All of them, in the order to ask and to show.
  public static var all: [any Audit] {
    [
      SecondOpinion(),
      WorstCaseSearch(),
      Inversion(),
      Relearning(),
      WeightNoise(),
      Compression(),
      Interpolation(),
      StepBack(),
      NearestNegatives(),
      Membership(),
      RetrainedDistance(),
    ]
  }
}
