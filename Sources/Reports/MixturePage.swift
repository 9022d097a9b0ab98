import Foundation
import Records
import Runs

/// The page of the toy of a mixture of Gaussians: its pictures, and the share of each component.
struct MixturePage {
  private let record: MixtureRecord
  private let facts: RunFacts

  /// The page of a run; nil where that is no toy.
  init?(of run: RunDirectory, _ facts: RunFacts) throws(RunError) {
    guard let record = try run.readMixture() else { return nil }
    self.record = record
    self.facts = facts
  }

  /// The report.
  func report(footer: String) -> Report {
    var sections = [Report.Section("The pictures of the paper", pictures)]
    sections.append(Report.Section("Share of samples in each component", shares))
    if !repulsion.isEmpty { sections.append(Report.Section("What repulsion does", repulsion)) }
    for part in ProvenanceTables.settings(facts) {
      sections.append(Report.Section(part.heading, part.blocks))
    }
    sections.append(Report.Section("Provenance", ProvenanceTables.provenance(facts)))
    let count = "\(record.forgotten.count) of \(record.centres.count)"
    return Report(
      title: "Forgetting \(count) Gaussians",
      subtitle: "Adapt then Unlearn in the plane, where everything can be seen",
      headline: headline, summary: summary, sections: sections, footer: footer)
  }

  // MARK: - The top

  private func percent(_ value: Double) -> String {
    "\(NumberText.fixed(value, decimals: 1)) %"
  }

  private func keptShares(_ row: MixtureRecord.Row) -> [Double] {
    record.kept.map { row.shares[$0] }
  }

  private var headline: [Report.Figure] {
    var figures: [Report.Figure] = []
    if let original = record[.original], let unlearned = record[.unlearned] {
      figures.append(
        .init(
          percent(record.forgottenShare(unlearned)),
          "of samples in what was to be forgotten, after "
            + "\(percent(record.forgottenShare(original))) of the original’s"))
      if let low = keptShares(unlearned).min(), let high = keptShares(unlearned).max() {
        figures.append(.init(percent(low), "in the emptiest component that stays"))
        figures.append(.init(percent(high), "in the fullest"))
      }
    }
    if let samples = facts.metrics["samples"]?.integer {
      figures.append(.init(NumberText.grouped(samples), "samples of each generator"))
    }
    if let seconds = facts.metrics["elapsed_seconds"]?.number, seconds.isFinite {
      figures.append(.init(NumberText.duration(seconds), "elapsed (min:s)"))
    }
    if let seed = facts.options["seed"], seed != .null {
      figures.append(.init(seed.string ?? seed.encoded(.line), "seed"))
    }
    return figures
  }

  private var names: String { record.forgotten.map(record.name).listed(atMost: 8) }

  private var summary: String {
    "A small GAN learns a mixture of \(record.centres.count) Gaussians on a circle. It is adapted to its "
      + "own samples of the components \(names) with elastic weight consolidation; then it is trained "
      + "on its other samples, while its parameters are repelled from the adapted ones. The judge is the "
      + "nearest centre. No stage but the first sees the data."
  }

  // MARK: - The sections

  private func chart(_ panel: MixtureRecord.Panel) -> Report.Chart {
    func points(_ points: [MixtureRecord.Point]) -> [LineChart.Point] {
      points.map { LineChart.Point($0.x, $0.y) }
    }
    let all = panel.kept.count + panel.forgotten.count
    let share = 100 * Double(panel.forgotten.count) / Double(max(1, all))
    return .scatter(
      ScatterChart(
        title: panel.title,
        series: [
          .init("stays", points(panel.kept)), .init("to forget", points(panel.forgotten)),
        ], range: -3...3,
        note:
          "\(percent(share)) of these \(NumberText.grouped(all)) points belong to what is to be "
          + "forgotten."))
  }

  private var pictures: [Report.Block] {
    [.charts(record.panels.prefix(MixtureRecord.paperPanelCount).map(chart))]
  }

  private var shares: [Report.Block] {
    let parts = record.centres.indices.map { number in
      [record.name(of: number), record.forgotten.contains(number) ? "to forget" : "stays"]
        + record.rows.map { percent($0.shares[number]) }
    }
    let sums = [
      ["All to forget", ""] + record.rows.map { percent(record.forgottenShare($0)) },
      ["Near a centre", ""] + record.rows.map { percent($0.nearShare) },
    ]
    let table = Report.DataTable(
      caption:
        "Samples of each generator by the nearest centre; near is within 4 standard deviations",
      columns: [("Component", .leading), ("", .leading)]
        + record.rows.map { ($0.generator.title, .trailing) },
      rows: parts + sums, emphasized: Set(record.forgotten))
    let chart = BarChart(
      title: "Share of samples", yLabel: "%",
      categories: record.centres.indices.map(String.init),
      series: record.rows.map { .init($0.generator.title, $0.shares) },
      note: "Components by number, counter-clockwise from (2, 0); to forget are \(names).")
    return [.table(table), .charts([.bar(chart)])]
  }

  private var repulsion: [Report.Block] {
    let others = record.panels.dropFirst(MixtureRecord.paperPanelCount).map(chart)
    let curves = record.courses.map { course in
      LineChart.Series(
        course.generator.title, course.points.map { LineChart.Point($0.x, $0.y) })
    }
    var blocks: [Report.Block] = []
    let words = record.courses.map { course in
      let name = course.generator == .withoutRepulsion ? "Without repulsion" : "With repulsion"
      guard let (iteration, rebound) = course.forgetting else {
        return "\(name), \(percent(MixtureRecord.Course.threshold)) is never reached."
      }
      return "\(name), the share falls below \(percent(MixtureRecord.Course.threshold)) at "
        + "iteration \(NumberText.grouped(iteration)), and is at most \(percent(rebound)) from then on."
    }
    if !curves.isEmpty {
      blocks.append(.paragraph(words.joined(separator: " ")))
      let chart = LineChart(
        title: "Samples in what is to be forgotten", xLabel: "iteration", yLabel: "%",
        series: curves, yRange: 0...1,
        note: "The same training with and without repulsion, looked at in the same latents.")
      blocks.append(.charts([.line(chart)]))
    }
    if !others.isEmpty { blocks.append(.charts(Array(others))) }
    return blocks
  }
}
