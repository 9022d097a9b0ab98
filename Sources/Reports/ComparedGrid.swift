import Foundation
import Records
import Runs

/// A grid that several runs have: the same latents by each of their generators.
struct ComparedGrid {
  let heading: String
  /// The name of the grid after forgetting.
  let name: String
  /// The name of the grid before, and what it shows.
  let former: String
  /// Whether the judge has chosen the latents.
  let isChosenByJudge: Bool

  /// The grids that stand beside each other.
  static let all = [
    ComparedGrid(
      heading: "The same latents, after", name: "unlearned", former: "original",
      isChosenByJudge: false),
    ComparedGrid(
      heading: "Latents that showed the concept, after", name: "negatives-after",
      former: "negatives-before", isChosenByJudge: true),
    ComparedGrid(
      heading: "Latents that did not show it, after", name: "others-after",
      former: "others-before", isChosenByJudge: true),
  ]

  /// What runs must share to show the same latents.
  private struct Latents: Hashable {
    let seed: String?
    let samples: Int?
    let gan: [String]
    let judge: String?
    let forgets: [String]
  }

  private func latents(of run: ComparedRun) -> Latents {
    Latents(
      seed: isChosenByJudge ? run.metricSeed : run.seed,
      samples: run.samples, gan: run.digests("gan"),
      judge: isChosenByJudge ? run.judge : nil,
      forgets: isChosenByJudge ? run.facts.forgets : [])
  }

  /// The pictures of runs with the same latents side by side; a sentence about the others.
  ///
  /// - Parameter runs: all runs.
  /// - Returns: nothing where fewer than two runs have the grid.
  /// - Throws: ``ReportError`` for a picture that cannot be shown.
  func blocks(of runs: [ComparedRun]) throws -> [Report.Block] {
    let files = FileManager.default
    let shown = runs.filter { files.fileExists(atPath: $0.run.image(name).path) }
    guard shown.count > 1 else { return [] }
    var groups: [(latents: Latents, runs: [ComparedRun])] = []
    for run in shown {
      let own = latents(of: run)
      if let index = groups.firstIndex(where: { $0.latents == own }) {
        groups[index].runs.append(run)
      } else {
        groups.append((own, [run]))
      }
    }
    var blocks: [Report.Block] = []
    for group in groups where group.runs.count > 1 {
      var pictures: [Picture] = []
      let before = group.runs[0].run.image(former)
      if files.fileExists(atPath: before.path) {
        pictures.append(try picture(before, caption: "Before, of the original"))
      }
      pictures += try group.runs.map { try picture($0.run.image(name), caption: $0.name) }
      blocks.append(.pictures(pictures))
    }
    if groups.count > 1 { blocks.append(.paragraph(sentence(groups.map(\.runs)))) }
    let missing = runs.filter { run in !shown.contains { $0.name == run.name } }.map(\.name)
    if !missing.isEmpty {
      blocks.append(.paragraph("Without this grid: \(missing.joined(separator: ", "))."))
    }
    return blocks
  }

  private func picture(_ file: URL, caption: String) throws -> Picture {
    try Picture(
      contentsOf: file, caption: caption, alternative: "Grid of samples, \(heading). \(caption)")
  }

  /// Why not all runs stand beside each other.
  private func sentence(_ groups: [[ComparedRun]]) -> String {
    let runs = groups.flatMap(\.self)
    let all = runs.map { latents(of: $0) }
    let reasons = [
      ("seed", Set(all.map(\.seed)).count), ("number of latents", Set(all.map(\.samples)).count),
      ("GAN", Set(all.map(\.gan)).count), ("judge", Set(all.map(\.judge)).count),
      ("what they forget", Set(all.map(\.forgets)).count),
    ].filter { $0.1 > 1 }.map(\.0)
    let reason = "because the runs differ in \(reasons.joined(separator: ", "))."
    let alone = groups.filter { $0.count == 1 }.flatMap(\.self)
    guard !alone.isEmpty else { return "The rows above show different latents, \(reason)" }
    let words = alone.map { run in
      let own = latents(of: run)
      let samples = own.samples.map { ", \(NumberText.grouped($0)) latents judged" } ?? ""
      return "\(run.name) (seed \(own.seed ?? "unknown")\(samples))"
    }
    return "The latents differ, \(reason) Not side by side here: \(words.joined(separator: ", "))."
  }
}
