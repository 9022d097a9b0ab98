public import Datasets
public import Foundation
import Records

/// A look at a data set before anything is trained on it: what there is, and what is wrong.
public struct DataCheck {
  /// What was found.
  public let survey: DatasetSurvey

  /// Looks at every picture.
  ///
  /// - Parameters:
  ///   - url: where the data set is.
  ///   - context: observer, cancellation.
  /// - Throws: `DatasetError` if there is no data set, or nothing of it can be read; ``Cancelled``.
  public init(_ url: URL, context: ExperimentContext = ExperimentContext()) throws {
    let source = try DatasetSource(url)
    survey = try context.during(RunTask(.preparing, label: "check", total: source.count)) { step in
      try DatasetSurvey(of: source, progress: step)
    }
  }

  /// What keeps training from taking the data set as it is, each a sentence with the way out.
  public var obstacles: [String] {
    var sentences = survey.missing.map { ["\($0)"] } ?? []
    for part in survey.parts {
      sentences += part.problems.map { "\($0)" }
      if !part.faults.isEmpty {
        sentences.append(
          "\(Self.pictures(part.faults.count)) cannot be decoded: replace or remove "
            + "\(part.faults.count == 1 ? "it" : "them"), or prepare a copy of the data without "
            + "\(part.faults.count == 1 ? "it" : "them")")
      }
      if part.count == 0, part.problems.isEmpty {
        sentences.append("no picture is left to train on")
      }
    }
    return sentences
  }

  /// What somebody should know before training, each a sentence with the way out.
  public var warnings: [String] {
    survey.parts.flatMap(warnings) + duplicates
  }

  private var duplicates: [String] {
    guard survey.duplicateCount > 0 else { return [] }
    let shared = survey.sharedCount
    return [
      "\(Self.pictures(survey.duplicateCount)) repeat"
        + "\(survey.duplicateCount == 1 ? "s" : "") another, pixel for pixel: remove "
        + "\(survey.duplicateCount == 1 ? "it" : "them"), unless some shall count more"
    ]
      + (shared == 0
        ? []
        : [
          "\(Self.pictures(shared)) \(shared == 1 ? "lies" : "lie") in both parts: a test on what "
            + "was trained on is none; remove \(shared == 1 ? "it" : "them") from one"
        ])
  }

  private func warnings(_ part: DatasetSurvey.Part) -> [String] {
    var sentences: [String] = []
    if let stray = part.strays.first {
      sentences.append(
        "\(Self.pictures(part.strays.count)) (such as \(stray)) beside the folders of classes, so no "
          + "picture has a class: remove \(part.strays.count == 1 ? "it" : "them") or put "
          + "\(part.strays.count == 1 ? "it" : "them") into folders")
    }
    if let first = part.unusedLabels.first {
      sentences.append(
        "\(part.unusedLabels.count) labels of pictures that are not there, such as \(first): "
          + "expected for a part of a data set; fetch the pictures if it should be whole")
    }
    if case .classes(_, let names, true) = part.labels, names.allSatisfy(Self.isNumberedFolder) {
      sentences.append(
        "the classes are NVIDIA's numbered folders, which mean nothing: add the dataset.json that "
          + "belongs to them, or {\"labels\": null}")
    }
    if case .classes = part.labels {
      let empty = part.labelCounts.filter { $0.count == 0 }.map(\.name)
      if let first = empty.first {
        sentences.append(
          "\(empty.count) classes without pictures, such as \(first): a judge cannot learn them")
      }
    }
    if let square = part.sizes.first(where: { $0.size.width != $0.size.height }) {
      let count = part.sizes.filter { $0.size.width != $0.size.height }.reduce(0) { $0 + $1.count }
      sentences.append(
        "\(Self.pictures(count)) \(count == 1 ? "is" : "are") not square (such as \(square.size)): "
          + "training takes the square in the centre; crop them yourself to keep another")
    }
    if part.colorCount > 0, part.greyCount > 0 {
      sentences.append(
        "\(Self.pictures(part.greyCount)) of \(part.greyCount + part.colorCount) without colour: they "
          + "become three equal channels; remove them if all should have colours")
    }
    if let note = part.skipped.note { sentences.append(note) }
    return sentences + part.remarks
  }

  private static func isNumberedFolder(_ name: String) -> Bool {
    name.count == 5 && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func pictures(_ count: Int) -> String {
    "\(count) picture\(count == 1 ? "" : "s")"
  }
}
