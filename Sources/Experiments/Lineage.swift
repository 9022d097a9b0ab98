import Foundation
public import GANs
public import Judging
import Runs
import Torch

/// Where a GAN comes from: what it was trained to adapt to or to forget, and from which generators.
///
/// Every snapshot of both stages carries it in its metadata, and so do files made of one: identity
/// travels with the data, wherever the file is copied. A GAN that was never adapted or unlearned has an
/// empty one, as has a file of another program.
public struct Lineage: Sendable, Equatable, Codable {
  /// One training of either stage.
  public struct Step: Sendable, Equatable, Codable {
    /// What the pictures showed that it was about, as the judge names it.
    public var concept: String
    /// Everything that the judge tells apart; nil where no record says so.
    public var classes: [String]?
    /// The SHA-256 of the judge's file; nil for a judge without one.
    public var judge: String?
    /// The digest of the parameters that training started from (`GANFile.parametersDigest()`).
    public var origin: String?
    /// The SHA-256 of the file with these parameters, where nothing but a run of an earlier version
    /// tells.
    public var originFile: String?
  }

  /// What the GAN was to forget, earliest first.
  public var forgotten: [Step]
  /// What it was adapted to, from the GAN that has forgotten the rest; nil if it is not adapted.
  public var adapted: Step?

  /// A lineage.
  ///
  /// - Parameters:
  ///   - forgotten: what the GAN was to forget, earliest first.
  ///   - adapted: what it was adapted to.
  public init(forgotten: [Step] = [], adapted: Step? = nil) {
    self.forgotten = forgotten
    self.adapted = adapted
  }

  /// The lineage that a file records; an empty one if it records none.
  ///
  /// - Parameter file: a GAN.
  /// - Throws: ``LineageError/malformed(file:)``.
  public init(of file: GANFile) throws {
    guard let text = file.lineage else {
      self.init()
      return
    }
    guard let lineage = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      throw LineageError.malformed(file: file.path)
    }
    self = lineage
  }

  /// The lineage as a file records it.
  public var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// The lineage as a file's metadata.
  var metadata: [String: String] { get throws { [GANFile.lineageKey: try text] } }

  /// The concepts that a judge knows among those that were to be forgotten.
  ///
  /// - Parameters:
  ///   - labels: what the judge tells apart.
  ///   - exceptions: concepts to leave out.
  /// - Returns: each once, earliest first.
  public func forgottenConcepts(
    knownTo labels: LabelSpace, except exceptions: [Concept] = []
  ) -> [Concept] {
    var result: [Concept] = []
    for step in forgotten {
      guard let concept = try? labels.concept(named: step.concept), !result.contains(concept),
        !exceptions.contains(concept)
      else { continue }
      result.append(concept)
    }
    return result
  }
}

extension GANFile {
  /// A fingerprint of the generator that users see: of its parameters' values, whatever the file's format
  /// and whatever else it holds.
  ///
  /// A checkpoint and its export have the same one; one with half the precision has another.
  ///
  /// - Returns: the SHA-256 of names and `float32` values, in the network's order.
  /// - Throws: `CheckpointError` if the file has been written to.
  public func parametersDigest() throws -> String {
    let tensors = generatorEMA ?? generator ?? [:]
    var digest = SHA256()
    for name in configuration.generatorParameterNames {
      Array(name.utf8).withUnsafeBytes { digest.update($0) }
      // A file that lacks one is refused where a network is made of it.
      tensors[name]?.to(.cpu).to(.float32).contiguous().withUnsafeBytes { digest.update($0) }
    }
    try requireUnchanged()
    return digest.finished()
  }
}

extension Subject {
  /// The training that begins now and is about a concept, as the files that it leaves record it.
  private func step(_ concept: Concept) throws -> Lineage.Step {
    Lineage.Step(
      concept: concept.name, classes: judge.labels.names,
      judge: provenance.first { $0.role == "judge" }?.sha256, origin: try file.parametersDigest())
  }

  /// The lineage of models that are adapted to a concept.
  func adaptedLineage(to concept: Concept) throws -> Lineage {
    Lineage(forgotten: try Lineage(of: file).forgotten, adapted: try step(concept))
  }

  /// The lineage of the GAN that forgets the subject's concepts.
  func unlearnedLineage() throws -> Lineage {
    Lineage(forgotten: try Lineage(of: file).forgotten + concepts.map(step))
  }

  /// What the GAN was to forget before, beside the concepts.
  func forgottenBefore() throws -> [Concept] {
    try Lineage(of: file).forgottenConcepts(knownTo: judge.labels, except: concepts)
  }
}
