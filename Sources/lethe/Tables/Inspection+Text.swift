import Checkpoints
import Experiments
import Foundation
import GANs
import Judging
import Records
import Terminal
import Torch
import TorchNN

extension Inspection {
  /// The findings as a person reads them.
  var text: String {
    var lines = facts.map { name, value in
      name.leftAligned(to: 14) + ShownText.sentence(value)
    }
    lines += ["", "\(entries.count) tensors, \(checkpoint.tensors.elementCount) elements"]
    let rows = entries.map { [$0.key, "\($0.scalarType)", "\($0.shape)", $0.mark + $0.fate] }
    lines += table(rows)
    if !checkpoint.values.isEmpty {
      lines += ["", "\(checkpoint.values.count) values"]
      lines += table(checkpoint.values.map { [$0.path, ShownText.name("\($0.value)")] })
    }
    if !checkpoint.skipped.isEmpty {
      lines += ["", "\(checkpoint.skipped.count) not read"]
      lines += table(checkpoint.skipped.map { [$0.path, $0.reason] })
    }
    return lines.joined(separator: "\n")
  }

  private var facts: [(String, String)] {
    var facts = [("file", path), ("format", checkpoint.format.rawValue)]
    switch content {
    case .gan(let file):
      facts += [
        ("content", "GAN: \(file.configuration)"), ("networks", networks.joined(separator: ", ")),
        (
          "pixel range",
          file.recordedPixelRange?.rawValue ?? "not recorded: -1..1 unless you say otherwise"
        ),
      ]
      if let classCount {
        facts.append(
          ("classes", "\(classCount), one of which the generator is told for each picture"))
      }
      for (name, record) in optimisers {
        let options =
          record.options.map {
            "learning rate \($0.learningRate), betas \($0.beta1) and \($0.beta2), epsilon \($0.epsilon)"
          } ?? "no constants recorded"
        facts.append((name, "Adam after \(record.stepCount) steps, \(options)"))
      }
      if !file.training.isEmpty {
        facts.append(
          ("training", "\(file.training.count) tensors of the run's state, for --resume"))
      }
      let fit = uses.filter { $0.obstacle == nil }.map(\.use.commands)
      facts.append(("good for", fit.isEmpty ? "nothing" : fit.joined(separator: ", ")))
      for case (let use, let obstacle?) in uses {
        facts.append(("not for", "\(use.commands): \(obstacle)"))
      }
      facts += notes.map { ("note", $0) }
    case .classifier(let judge):
      facts.append(
        (
          "content",
          "judge: \(judge.classifier.name) that knows \(judge.labels.names.joined(separator: ", "))"
        ))
    case .unknown(let reasons):
      facts.append(("content", "no GAN and no judge that lethe knows"))
      facts += reasons.map { ("", $0) }
    }
    return facts
  }

  /// Rows in aligned columns.
  private func table(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let rows = rows.map { row in
      row.enumerated().map { index, cell in
        index == columns - 1 ? ShownText.sentence(cell) : ShownText.name(cell)
      }
    }
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      "  "
        + row.enumerated().map { index, cell in
          index == columns - 1 ? cell : cell.leftAligned(to: widths[index] + 2)
        }.joined()
    }
  }
}

extension GANFile.Use {
  /// The commands that use a file so.
  fileprivate var commands: String {
    switch self {
    case .generating: "generate, evaluate, extrapolate"
    case .training: "adapt, unlearn, train gan"
    case .exporting: "export"
    case .resuming: "--resume"
    }
  }
}

extension Inspection.Entry {
  /// Says in the table that the tensor is left alone.
  fileprivate var mark: String { isSkipped ? "skipped, " : "" }
}
