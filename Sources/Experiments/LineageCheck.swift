import Foundation
import GANs
import Judging
import Runs
import Unlearning

/// Compares what files record of their descent with what somebody asks for.
///
/// What a file does not record is not asked: checkpoints of other programs know nothing of it.
enum LineageCheck {
  /// Refuses adapted models that the GAN cannot move away from, or should not: of another network, equal
  /// to it, adapted to something else, or from another GAN.
  ///
  /// - Parameters:
  ///   - models: that the GAN shall move away from.
  ///   - gan: the GAN.
  ///   - subject: what shall be forgotten, and the judge; nil where nobody says.
  ///   - acceptsMismatch: whether records are left out of account.
  /// - Throws: `NetworkMismatch`, `UnlearningError`, ``LineageError``.
  static func require(
    _ models: [GANFile], adaptedFrom gan: GANFile, to subject: Subject?, acceptsMismatch: Bool
  ) throws {
    let origin = Origin(gan)
    var (missing, areAllRecorded) = (subject?.concepts.map(\.name) ?? [], !models.isEmpty)
    for model in models {
      try model.configuration.requireSameNetworks(
        as: gan.configuration, subject: model.path, reference: gan.path)
      guard try model.parametersDigest() != origin.digest() else {
        throw UnlearningError.adaptedEqualsOriginal(file: model.path)
      }
      if acceptsMismatch { continue }
      let lineage = try Lineage(of: model)
      guard let step = lineage.adapted else {
        if let last = lineage.forgotten.last, lineage != (try Lineage(of: gan)) {
          throw LineageError.notAdapted(file: model.path, forgotten: last.concept)
        }
        areAllRecorded = false
        continue
      }
      guard try origin.isOrigin(of: step) else {
        throw LineageError.otherOrigin(file: model.path, gan: gan.path)
      }
      guard let subject else { continue }
      guard subject.concepts.contains(where: { $0.name == step.concept }) else {
        throw LineageError.otherConcept(
          file: model.path, recorded: step.concept, asked: subject.conceptNames)
      }
      missing.removeAll { $0 == step.concept }
      let known = subject.judge.labels.names
      guard step.classes.map({ Set($0) == Set(known) }) ?? true else {
        throw LineageError.otherClasses(
          file: model.path, recorded: step.classes ?? [], asked: known)
      }
    }
    if areAllRecorded, !acceptsMismatch, let concept = missing.first {
      throw LineageError.noneAdapted(concept: concept)
    }
  }

  /// Refuses to compare a GAN with one that it does not come from, or in what it was not to forget.
  ///
  /// - Parameters:
  ///   - unlearned: the GAN after.
  ///   - original: the GAN before.
  ///   - concepts: what is said to be forgotten.
  /// - Throws: ``LineageError``.
  static func require(
    _ unlearned: GANFile, unlearnedFrom original: GANFile, forgetting concepts: [Concept]
  ) throws {
    let lineage = try Lineage(of: unlearned)
    let steps = lineage.forgotten + [lineage.adapted].compactMap(\.self)
    guard !steps.isEmpty else { return }
    let origin = Origin(original)
    guard
      try steps.contains(where: { try origin.isOrigin(of: $0) })
        || unlearned.parametersDigest() == origin.digest()
    else { throw LineageError.otherOriginal(gan: unlearned.path, original: original.path) }
    guard !lineage.forgotten.isEmpty else { return }
    let recorded = lineage.forgotten.map(\.concept)
    for concept in concepts where !recorded.contains(concept.name) {
      throw LineageError.neverAsked(gan: unlearned.path, recorded: recorded, asked: concept.name)
    }
  }

  /// A generator that others may come from; its fingerprints are taken once, where one is asked for.
  private final class Origin {
    private let file: GANFile
    private var parameters: String?
    private var bytes: String?

    init(_ file: GANFile) { self.file = file }

    func digest() throws -> String {
      let result = try parameters ?? file.parametersDigest()
      parameters = result
      return result
    }

    func isOrigin(of step: Lineage.Step) throws -> Bool {
      if let origin = step.origin { return try origin == digest() }
      guard let recorded = step.originFile else { return true }
      let sha256 = try bytes ?? Provenance(of: URL(filePath: file.path), role: "gan").sha256
      bytes = sha256
      return recorded == sha256
    }
  }
}

/// Files that do not belong together, by what they record.
public enum LineageError: Error, Equatable, CustomStringConvertible {
  /// A model that was adapted to another concept.
  case otherConcept(file: String, recorded: String, asked: String)
  /// A concept to forget to which no model is adapted.
  case noneAdapted(concept: String)
  /// A model that was adapted with a judge that tells other classes apart.
  case otherClasses(file: String, recorded: [String], asked: [String])
  /// A model that was adapted from another generator.
  case otherOrigin(file: String, gan: String)
  /// A GAN that was unlearned, where an adapted one is expected.
  case notAdapted(file: String, forgotten: String)
  /// A GAN that does not come from the one that it is compared with.
  case otherOriginal(gan: String, original: String)
  /// A GAN that was to forget other concepts.
  case neverAsked(gan: String, recorded: [String], asked: String)
  /// A record that cannot be read.
  case malformed(file: String)

  /// One sentence that names both sides and the way out.
  public var description: String {
    switch self {
    case .otherConcept(let file, let recorded, let asked):
      "\(file) is adapted to '\(recorded)', not to '\(asked)': name models that are adapted to "
        + "'\(asked)'"
    case .noneAdapted(let concept):
      "no model is adapted to '\(concept)': adapt some to it as well, so that the GAN moves away from it "
        + "too"
    case .otherClasses(let file, let recorded, let asked):
      "\(file) is adapted with a judge that knows \(recorded.joined(separator: ", ")), this one knows "
        + "\(asked.joined(separator: ", ")): one name may mean two things, so take the same judge"
    case .otherOrigin(let file, let gan):
      "\(file) is adapted from another generator than \(gan), going by its parameters: name the GAN "
        + "that it was adapted from, or adapt models from this one"
    case .notAdapted(let file, let forgotten):
      "\(file) is no adapted model: it was to forget '\(forgotten)', and moving away from it would bring "
        + "that back"
    case .otherOriginal(let gan, let original):
      "\(gan) does not come from \(original), going by the parameters: name the GAN that it was unlearned "
        + "from"
    case .neverAsked(let gan, let recorded, let asked):
      "\(gan) was to forget \(recorded.map { "'\($0)'" }.joined(separator: ", ")), not '\(asked)'"
    case .malformed(let file):
      "\(file): its record \(GANFile.lineageKey) cannot be read; the file is damaged, or another version "
        + "of lethe wrote it"
    }
  }
}
