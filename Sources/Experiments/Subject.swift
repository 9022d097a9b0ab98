import Classifiers
import Foundation
public import GANs
public import Judging
import Records
public import Runs
public import Torch

/// What the method works on: the GAN that shall forget, the concepts to forget, and the judge who tells.
public struct Subject {
  /// The pre-trained GAN.
  public var file: GANFile
  /// The classifier of the pictures.
  public var judge: Judge
  /// The judge's file, as the user named it; the name of the classifier where it has no file.
  public var judgePath: String
  /// Others who are asked in feedback, too, and do not take part in measurements.
  public package(set) var furtherJudges: [Judge] = []
  /// Their files, as the user named them.
  private var furtherPaths: [String] = []
  /// What shall be forgotten: at least one concept, each once.
  public var concepts: [Concept]
  /// The files read.
  public var provenance: [Provenance]

  /// A subject of a judge that has no file, such as one of your own.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - judge: the classifier of the pictures.
  ///   - names: what shall be forgotten, as the judge names it: at least one concept, one or several in
  ///     each word (`LabelSpace.concepts(named:)`).
  /// - Throws: `JudgingError` for a concept that the judge does not know, `RunError` if the GAN's file
  ///   can no longer be read.
  /// - Precondition: there is a name.
  public init(_ file: GANFile, judge: Judge, forgetting names: [String]) throws {
    concepts = try judge.labels.concepts(named: names)
    precondition(!concepts.isEmpty, "a subject with nothing to forget")
    self.file = file
    self.judge = judge
    judgePath = judge.classifier.name
    provenance = [try Provenance(of: URL(filePath: file.path), role: "gan")]
  }

  /// Reads the files of a subject.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - judge: the judge's file or run folder.
  ///   - names: what shall be forgotten, as the judge names it: at least one concept, one or several in
  ///     each word (`LabelSpace.concepts(named:)`).
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws, and `JudgingError` for a concept that the judge does not know.
  public init(
    gan: String, judge: String, forgetting names: [String], pixelRange: PixelRange? = nil,
    device: Device = .cpu
  ) throws {
    try self.init(
      ModelLocator.gan(gan, pixelRange: pixelRange), judgeFile: ModelLocator.judgeFile(judge),
      judgePath: judge, forgetting: names, device: device)
  }

  /// A subject whose files were found before.
  init(
    _ file: GANFile, judgeFile: URL, judgePath: String, forgetting names: [String], device: Device
  ) throws {
    let judge = try Judge.read(judgeFile, device: device)
    try self.init(file, judge: judge, forgetting: names)
    self.judgePath = judgePath
    provenance += try Provenance.ofJudge(judgeFile, role: "judge")
  }

  /// Asks one more judge in feedback: a picture is then a negative if anybody says so, and a positive if
  /// all do.
  ///
  /// - Parameters:
  ///   - path: the judge's file or run folder.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws; ``SubjectError`` if the judge does not know what shall be forgotten.
  public mutating func ask(judge path: String, device: Device = .cpu) throws {
    let file = try ModelLocator.judgeFile(path)
    let judge = try Judge.read(file, device: device)
    for concept in concepts where judge.labels.position(of: concept) == nil {
      throw SubjectError.otherJudgeIsIgnorant(
        judge: path, concept: concept.name, known: judge.labels.names)
    }
    furtherJudges.append(judge)
    furtherPaths.append(path)
    provenance += try Provenance.ofJudge(file, role: "further judge")
  }

  /// The names of what shall be forgotten, for people: `7`, or `3, 7`.
  public var conceptNames: String { concepts.map(\.name).joined(separator: ", ") }

  /// The names of what shall be forgotten, for the name of a run's folder: `7`, or `3-7`.
  var folderName: String { concepts.map(\.name).joined(separator: "-") }

  /// What every run of the method records.
  var options: OptionsRecord {
    get throws {
      var record = OptionsRecord()
      try record.set("gan", to: file.path)
      try record.set("judge", to: judgePath)
      if !furtherPaths.isEmpty { try record.set("further_judges", to: furtherPaths) }
      // An option, too: settings that come or go make another judge of the same file.
      let settings = provenance.filter { $0.role == Provenance.judgeSettings }.map(\.sha256)
      if !settings.isEmpty { try record.set("judge_settings", to: settings) }
      try record.setForgotten(concepts)
      try record.set("network", to: file.configuration.record)
      try record.set("pixel_range", to: file.pixelRange.rawValue)
      return record
    }
  }
}

extension OptionsRecord {
  /// Records what shall be forgotten: a name, or the names of several concepts.
  mutating func setForgotten(_ concepts: [Concept]) throws {
    if concepts.count == 1 {
      try set("forget", to: concepts[0].name)
    } else {
      try set("forget", to: concepts.map(\.name))
    }
  }
}

extension Subject {
  /// A subject of one concept, of a judge that has no file.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - judge: the classifier of the pictures.
  ///   - name: what shall be forgotten, as the judge names it; or several names with commas between.
  /// - Throws: as the initializer for several names.
  public init(_ file: GANFile, judge: Judge, forgetting name: String) throws {
    try self.init(file, judge: judge, forgetting: [name])
  }

  /// Reads the files of a subject of one concept.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - judge: the judge's file or run folder.
  ///   - name: what shall be forgotten, as the judge names it; or several names with commas between.
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - device: where the judge lives.
  /// - Throws: as the initializer for several names.
  public init(
    gan: String, judge: String, forgetting name: String, pixelRange: PixelRange? = nil,
    device: Device = .cpu
  ) throws {
    try self.init(
      gan: gan, judge: judge, forgetting: [name], pixelRange: pixelRange, device: device)
  }
}

/// A subject that does not fit together.
public enum SubjectError: Error, Equatable, CustomStringConvertible {
  /// A further judge that does not know what shall be forgotten.
  case otherJudgeIsIgnorant(judge: String, concept: String, known: [String])

  /// One sentence that names the judge and what it knows.
  public var description: String {
    switch self {
    case .otherJudgeIsIgnorant(let judge, let concept, let known):
      "the judge \(judge) does not know '\(concept)'; it knows \(known.listed(atMost: 50)): all "
        + "judges must know what shall be forgotten, by the same name"
    }
  }
}
