import Classifiers
import Experiments
import Judging
import Records
import Terminal

extension JudgingExperiment.Outcome {
  /// The score as a person reads it.
  var table: String {
    let isHeldOut = part == "all" || standing == .heldOut
    let kind = isHeldOut ? "" : part + " "
    switch score {
    case .classes(let matrix, let basis, let dataClasses):
      let table = ConfusionTable(matrix: matrix)
      let headline =
        "\(matrix.rightCount) of \(matrix.pictureCount) \(kind)pictures right "
        + "(\(percent(matrix.rightCount, of: matrix.pictureCount)))"
      let order = basis == .positions ? [table.order(of: dataClasses)] : []
      return ([headline, remark] + order + table.lines).joined(separator: "\n")
    case .attributes(let scores):
      let headline = "\(scores.first?.pictureCount ?? 0) \(kind)pictures"
      return ([headline, remark, ""] + scores.rows).joined(separator: "\n")
    }
  }

  /// What must be known to believe the number.
  private var remark: String {
    let (trained, validated) = (trainedOnCount ?? 0, validatedOnCount)
    let chose = validated > 0 ? ", and \(validated) chose its epoch" : ""
    return switch standing {
    case .heldOut:
      "a test: the judge's training held these pictures out; it saw the other "
        + "\(trained + validated)\(validated > 0 ? ", of which \(validated) only chose its epoch" : "")"
    case .test: "a test: the test pictures of the judge's training"
    case .trainedOn:
      validated > 0
        ? "no test: the judge was trained on \(trained) of these pictures\(chose)"
        : "no test: the judge was trained on these pictures"
    case .partlyTrainedOn:
      "no test: the judge was trained on \(trained) of these pictures\(chose), drawn on another device"
    case .others: "not the data set that the judge was trained on"
    case .unknown: "the judge's file does not say what it was trained on"
    }
  }
}

extension [ClassScore] {
  /// A row for each class, below their headings.
  var rows: [String] {
    let names = map { ShownText.name($0.name) }
    let width = Swift.max(9, names.map(\.count).max() ?? 0)
    return [scoreRow("class", width, ["pictures", "recall", "precision", "AUC"])]
      + zip(names, self).map { name, score in
        scoreRow(
          name, width,
          [
            "\(score.pictureCount)", share(score.recall), share(score.precision),
            area(score.areaUnderCurve),
          ])
      }
  }
}

extension [AttributeScore] {
  /// A row for each attribute, below their headings.
  var rows: [String] {
    let names = map { ShownText.name($0.name) }
    let width = Swift.max(9, names.map(\.count).max() ?? 0)
    return [scoreRow("attribute", width, ["present", "right", "recall", "precision", "AUC"])]
      + zip(names, self).map { name, score in
        scoreRow(
          name, width,
          [
            "\(score.presentCount)", share(score.accuracy), share(score.recall),
            share(score.precision), area(score.areaUnderCurve),
          ])
      }
  }
}

/// What a confusion matrix looks like on a terminal.
private struct ConfusionTable {
  let matrix: ConfusionMatrix
  /// A wider matrix would be broken by a terminal.
  private static let widestMatrix = 78

  private var names: [String] { matrix.names.map(ShownText.name) }

  var lines: [String] { [""] + matrix.scores.rows + (matrixRows ?? confusions) }

  /// Which class was taken for which, where nothing but the order tells.
  func order(of dataClasses: [String]) -> String {
    let pairs = zip(names, dataClasses.map(ShownText.name)).map { "\($0) = \($1)" }
    return "the judge's file names no classes; taken in the order of the data: "
      + pairs.prefix(10).joined(separator: ", ") + (pairs.count > 10 ? " ..." : "")
  }

  /// A row for each class, a column for what its pictures were taken for; nil if that is too wide.
  private var matrixRows: [String]? {
    let seen = matrix.classesSeen
    let cells = seen.flatMap { truth in seen.map { "\(matrix.counts[truth][$0])" } }
    let columnWidth = 2 + ((seen.map { names[$0] } + cells).map(\.count).max() ?? 0)
    guard nameWidth + seen.count * columnWidth <= Self.widestMatrix else { return nil }
    func row(_ name: String, _ cells: [String]) -> String {
      name.leftAligned(to: nameWidth) + cells.map { $0.rightAligned(to: columnWidth) }.joined()
    }
    return ["", row("taken for", seen.map { names[$0] })]
      + seen.map { truth in
        row(names[truth], seen.map { "\(matrix.counts[truth][$0])" })
      }
  }

  /// The most frequent mistakes.
  private var confusions: [String] {
    let mistakes = matrix.mistakes.prefix(10).map {
      "  \($0.count) of \(names[$0.truth]) taken for \(names[$0.verdict])"
    }
    return mistakes.isEmpty
      ? [] : ["", "most frequent mistakes (--json has the whole matrix)"] + mistakes
  }

  private var nameWidth: Int {
    max(9, matrix.classesSeen.map { names[$0].count }.max() ?? 0)
  }
}

private func scoreRow(_ name: String, _ width: Int, _ columns: [String]) -> String {
  name.leftAligned(to: width) + columns.map { $0.rightAligned(to: 11) }.joined()
}

private func area(_ value: Double?) -> String {
  value.map { NumberText.plain($0, decimals: 4) } ?? "-"
}

private func share(_ value: Double?) -> String {
  value.map { NumberText.plain(100 * $0, decimals: 2) + " %" } ?? "-"
}
