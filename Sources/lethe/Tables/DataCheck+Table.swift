import Datasets
import Experiments
import Foundation
import Records
import Terminal

extension DataCheck {
  /// So many names of a kind are listed; JSON has all.
  private static let listed = 20

  /// The findings as a person reads them.
  var table: String {
    var lines = [
      Self.fact("data", ShownText.name(survey.path)), Self.fact("format", survey.format),
      Self.fact("pictures", "\(survey.count)"),
    ]
    for part in survey.parts {
      if let split = part.split {
        lines += ["", Self.fact("part", split.rawValue), Self.fact("pictures", "\(part.count)")]
      }
      lines += facts(part)
    }
    lines += duplicates
    lines += section(
      "not decoded", survey.parts.flatMap(\.faults).map { "\($0.name): \($0.reason)" })
    lines += section("without a label", survey.parts.flatMap(\.unlabelled))
    if !obstacles.isEmpty || !warnings.isEmpty { lines.append("") }
    lines += obstacles.map { "obstacle: \(ShownText.sentence($0))" }
    lines += warnings.map { "warning: \(ShownText.sentence($0))" }
    lines += [
      "",
      survey.isTrainable
        ? "can be trained on" : "cannot be trained on as it is: see the obstacles above",
    ]
    if survey.parts.contains(where: { !$0.faults.isEmpty || !$0.unlabelled.isEmpty }) {
      lines.append(
        "next: lethe data prepare \(ShownText.name(survey.path)) --size SIZE --output FOLDER "
          + "leaves those pictures out")
    }
    return lines.joined(separator: "\n")
  }

  private static func fact(_ name: String, _ value: String) -> String {
    name.leftAligned(to: 14) + value
  }

  private func facts(_ part: DatasetSurvey.Part) -> [String] {
    let sizes = part.sizes.prefix(5).map { size, count in
      part.sizes.count == 1 ? "\(size)" : "\(size) (\(count))"
    }
    let more = part.sizes.count - sizes.count
    var lines: [String] = []
    if !sizes.isEmpty {
      lines.append(
        Self.fact(
          "sizes",
          sizes.joined(separator: ", ") + (more > 0 ? " and \(more) other sizes" : "")))
      lines.append(Self.fact("colours", colors(part)))
    }
    switch part.labels {
    case .none: lines.append(Self.fact("labels", "none"))
    case .classes: lines += rows(part, title: "class", total: nil)
    case .attributes: lines += rows(part, title: "attribute", total: part.count)
    }
    return lines
  }

  private func colors(_ part: DatasetSurvey.Part) -> String {
    switch (part.colorCount, part.greyCount) {
    case (_, 0): "colour"
    case (0, _): "grey"
    case (let color, let grey): "colour (\(color)), grey (\(grey))"
    }
  }

  /// A line for each class or attribute.
  private func rows(_ part: DatasetSurvey.Part, title: String, total: Int?) -> [String] {
    let counts = part.labelCounts
    let width = max(title.count, counts.map { ShownText.name($0.name).count }.max() ?? 0)
    func row(_ name: String, _ columns: [String]) -> String {
      name.leftAligned(to: width) + columns.map { $0.rightAligned(to: 11) }.joined()
    }
    let header = total == nil ? ["pictures"] : ["pictures", "share"]
    return [row(title, header)]
      + counts.map { name, count in
        row(
          ShownText.name(name),
          ["\(count)"] + (total.map { [percent(count, of: max(1, $0))] } ?? []))
      }
  }

  private var duplicates: [String] {
    guard survey.duplicateCount > 0 else { return [] }
    return section(
      "equal pictures (\(survey.duplicateCount) repeat another)",
      survey.duplicates.map { $0.prefix(4).joined(separator: " = ") + ($0.count > 4 ? " ..." : "") }
    )
  }

  private func section(_ title: String, _ entries: [String]) -> [String] {
    guard !entries.isEmpty else { return [] }
    let more = entries.count - Self.listed
    return ["", title] + entries.prefix(Self.listed).map { "  \(ShownText.sentence($0))" }
      + (more > 0 ? ["  and \(more) more (--json has all)"] : [])
  }
}

extension DataPreparation.Outcome {
  /// What was written and what was left out, as a person reads it.
  var table: String {
    let leftOut =
      faults.map { "\($0.name): \($0.reason)" } + unlabelled.map { "\($0): it has no label" }
    let lines =
      leftOut.isEmpty
      ? [] : ["left out \(leftOut.count):"] + leftOut.map { "  \(ShownText.sentence($0))" }
    return
      (lines + [
        ShownText.sentence("\(count) pictures of \(size)x\(size): \(url.path)")
      ]).joined(separator: "\n")
  }
}
