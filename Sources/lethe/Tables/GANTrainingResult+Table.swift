import Experiments
import Foundation
import Records
import Runs
import Terminal

extension GANTrainingResult {
  /// What a person wants to know at the end: how good it is, where it lies, what comes next.
  ///
  /// - Parameter judge: the judge as the user named it; nil where there was none.
  /// - Returns: a page.
  func table(judgedBy judge: String?) -> String {
    (quality + files + next(judge)).joined(separator: "\n")
  }

  /// The distance of the last snapshot, and a row for each class.
  private var quality: [String] {
    guard let last = course.last, let distance = last.frechetToTrainingData else { return [] }
    let counts = last.histogram
    let width = max(5, counts.map { ShownText.name($0.className).count }.max() ?? 0)
    func row(_ name: String, _ columns: [String]) -> String {
      name.leftAligned(to: width) + columns.map { $0.rightAligned(to: 11) }.joined()
    }
    let rows = counts.map { entry in
      row(
        ShownText.name(entry.className),
        ["\(entry.value)", percent(entry.value, of: max(1, last.pictureCount))])
    }
    return [
      "iteration \(last.iteration): Fréchet distance \(NumberText.plain(distance, decimals: 2)) "
        + "to the training data, of \(last.pictureCount) pictures in the judge's features", "",
      row("class", ["pictures", "share"]),
    ] + rows + last.measurements.compactMap(\.warning).map { "warning: \(ShownText.sentence($0))" }
      + [""]
  }

  private var files: [String] {
    [
      "snapshot: \(ShownText.name(snapshot.path))",
      "report: \(ShownText.name(run.reportFile.path))",
    ]
  }

  private func next(_ judge: String?) -> [String] {
    let folder = ShownText.name(run.root.path)
    return [
      "next: lethe generate --gan \(folder) --output pictures/",
      "      lethe adapt --gan \(folder) --judge \(judge.map(ShownText.name) ?? "JUDGE") "
        + "--forget CLASS",
    ]
  }
}
