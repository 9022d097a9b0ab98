import Auditing
import Datasets
import Evaluation
import Files
public import Foundation
import GANs
import Judging
public import Records
import Reports
import Runs
import Torch

/// Shows a person the pictures that are most in doubt, and counts what he says of them.
///
///     RUN/audit/look/
///       look.html       the pictures, with their numbers
///       pictures/       001.png ...
///       marks.txt       to be filled in
///       look.json       which latents they are of, and which were drawn at random
///
/// Half of the pictures are those in which a judge sees most of the concept; the others are drawn at random, and
/// stand among them. Only these give a rate, with an interval; the doubtful ones tell what the judges overlook. The
/// page does not say which is which.
public struct AuditLook {
  /// What happened.
  public enum Outcome: Sendable, Equatable {
    /// The pictures wait for marks.
    case written(page: URL, marks: URL)
    /// The marks were read.
    case read(random: Proportion, doubtful: Proportion)
  }

  /// The most doubtful pictures that are shown.
  private static let doubtfulCount = 100
  /// Pictures that are drawn at random.
  private static let randomCount = 100

  private let folder: URL
  private let subject: AuditSubject
  /// What to run once the marks are there.
  private let command: String

  init(in root: URL, of subject: AuditSubject, command: String) {
    folder = root.appending(path: "look")
    self.subject = subject
    self.command = command
  }

  private var record: URL { folder.appending(path: "look.json") }
  private var marksFile: URL { folder.appending(path: "marks.txt") }
  private var page: URL { folder.appending(path: "look.html") }

  /// The pictures that are shown.
  private struct Selection: Codable, Equatable {
    /// The latents, in the order of the numbers.
    var latents: [Int]
    /// Whether each was drawn at random.
    var isRandom: [Bool]
    /// The digest of the generator's parameters.
    var generator: String
    var seed: UInt64
    var samples: Int
    /// What to look for.
    var concept: String
  }

  /// Writes the pictures, or reads the marks where they are there.
  func run(generatorDigest: String) throws -> (Outcome, [MetricMeasurement]) {
    let wanted = try selection(generatorDigest)
    guard FileManager.default.fileExists(atPath: record.path) else {
      try write(wanted)
      return (.written(page: page, marks: marksFile), [])
    }
    let found = try? JSONDecoder().decode(Selection.self, from: Data(contentsOf: record))
    guard found == wanted else { throw AuditMarksError.otherGenerator(folder: folder.path) }
    let text = try Self.text(of: marksFile)
    let marks = try AuditMarks(text, count: wanted.latents.count, file: marksFile.path)
    if marks.missing == marks.marks.count {
      return (.written(page: page, marks: marksFile), [])
    }
    guard marks.missing == 0 else {
      throw AuditMarksError.unmarked(
        file: marksFile.path, missing: marks.missing, count: marks.marks.count)
    }
    let places = wanted.isRandom.indices
    let random = places.filter { wanted.isRandom[$0] }
    let doubtful = places.filter { !wanted.isRandom[$0] }
    guard let shares = marks.share(of: random), let others = marks.share(of: doubtful) else {
      preconditionFailure("a selection of \(random.count) and \(doubtful.count) pictures")
    }
    return (
      .read(random: shares, doubtful: others),
      [
        subject.share(
          .seenShare, shares, method: "by a person, among \(random.count) drawn at random"),
        subject.share(
          .seenShareOfDoubtful, others,
          method: "by a person, of the \(doubtful.count) likeliest by the judges"),
      ]
    )
  }

  private static func text(of file: URL) throws(RunError) -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw .cannotRead(path: file.path, reason: error.localizedDescription)
    }
  }

  /// The likeliest pictures by either judge, and others, of which every second one shown is one.
  private func selection(_ digest: String) throws -> Selection {
    let sample = try subject.sample(of: subject.unlearned)
    var scores = sample.judgement.probability(ofAny: subject.forgotten)
    if let second = subject.secondJudge,
      let other = try subject.secondSample(of: subject.unlearned)
    {
      let concepts = try second.concepts(like: subject.forgotten)
      scores = zip(scores, other.judgement.probability(ofAny: concepts)).map(max)
    }
    let order = subject.random("look").permutation(sample.count)
    let random = Array(order.prefix(min(Self.randomCount, sample.count / 2)))
    let isTaken = Set(random)
    let doubtful = scores.indices.filter { !isTaken.contains($0) }
      .sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(Self.doubtfulCount)
    var (latents, isRandom) = ([Int](), [Bool]())
    for place in 0..<max(random.count, doubtful.count) {
      if place < doubtful.count {
        latents.append(doubtful[place])
        isRandom.append(false)
      }
      if place < random.count {
        latents.append(random[place])
        isRandom.append(true)
      }
    }
    return Selection(
      latents: latents, isRandom: isRandom, generator: digest, seed: subject.seed,
      samples: sample.count, concept: conceptNames)
  }

  private var conceptNames: String { subject.forgotten.map(\.name).joined(separator: ", ") }

  /// Writes pictures, page and marks, and the record last: without it everything is written again.
  private func write(_ selection: Selection) throws {
    let pictures = folder.appending(path: "pictures")
    do {
      try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
    } catch {
      throw RunError.cannotWrite(path: folder.path, reason: error.localizedDescription)
    }
    let network = subject.unlearned.network
    let ordered = selection.latents.sorted()
    let made = subject.latents.pictures(at: ordered, of: network).to(.cpu)
    let places = Dictionary(uniqueKeysWithValues: zip(ordered, ordered.indices))
    var shown: [Picture] = []
    for (index, latent) in selection.latents.enumerated() {
      guard let place = places[latent] else { continue }
      let number = String(format: "%03d", index + 1)
      let file = pictures.appending(path: "\(number).png")
      try ImageGrid(columns: 1, padding: 0).write(
        made.sliced(place..<place + 1), range: network.pixelRange, to: file)
      shown.append(
        try Picture(contentsOf: file, caption: number, alternative: "Picture \(number)"))
    }
    let report = Report(
      title: "Does the picture show \(conceptNames)?",
      subtitle: "\(shown.count) pictures of the unlearned generator",
      summary:
        "Write y or n behind each number in \(marksFile.lastPathComponent), then run: \(command). Some "
        + "pictures are those in which a judge sees most of it, others were drawn at random.",
      sections: [Report.Section("Pictures", [.pictures(shown)])],
      footer: "Written by lethe audit.")
    try AtomicFile.write(report.html(), to: page)
    try AtomicFile.write(
      AuditMarks(count: shown.count).text(concept: conceptNames, command: command), to: marksFile)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try AtomicFile.write(
      String(decoding: encoder.encode(selection), as: UTF8.self) + "\n", to: record)
  }
}
