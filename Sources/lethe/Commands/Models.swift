import ArgumentParser
import Experiments
import Foundation
import Records
import Runs
import Terminal

/// The models that ship with Lethe.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the models that ship with lethe, or shows the card of one.",
    discussion: """
      Every command takes them by name, such as --gan mnist32-without-7 --judge mnist32-judge, where there is \
      no file or folder of that name. A card says how the model was made, what was measured of it, what audits \
      have found, and what it is not good for.
      """
        + HelpText.examples(
          "lethe models",
          "lethe models mnist32-without-7",
          "lethe generate --gan mnist32-without-7 --output pictures.png",
          "lethe audit mnist32-without-7 --original mnist32-gan --judge mnist32-judge --forget 7"))

  @Argument(
    help: "The model whose card is wanted.",
    completion: .list((try? ShippedModels.all().map(\.name)) ?? []))
  var name: String?

  @Flag(help: "Print names, files, sizes, what was forgotten and figures as JSON.")
  var json = false

  func run() throws {
    let all = try ShippedModels.all()
    guard let name else {
      return try StandardOutput.print(
        json ? JSON.array(all.map { .object(record($0)) }).encoded() : table(all))
    }
    guard let model = all.first(where: { $0.name == name }) else {
      throw ValidationError(
        "no model '\(name)' ships with lethe: expected \(all.map(\.name).joined(separator: ", "))"
          + NearestNames.question(for: name, among: all.map(\.name)))
    }
    if json { return try StandardOutput.print(JSON.object(record(model)).encoded()) }
    // The card is that of a folder on its own; commands know this file by its name.
    try StandardOutput.print(
      try model.card?.replacing("--gan model.safetensors", with: "--gan \(name)")
        ?? Inspection(model.file).text)
  }

  private func record(_ model: ShippedModel) -> JSON.Object {
    var record: JSON.Object = [
      "name": .string(model.name), "kind": .string(model.kind.rawValue),
      "file": .string(model.file.path), "bytes": JSON(model.bytes),
      "forgotten": JSON(model.forgotten),
    ]
    record.merge(model.configuration)
    return record
  }

  private func table(_ models: [ShippedModel]) -> String {
    let lines = models.map { model in
      [
        model.name, model.title,
        model.figure(MetricKey.pul.name).map { "PUL \(NumberText.plain($0, decimals: 1)) %" } ?? "",
        model.figure(MetricKey.sameClass.name).map {
          "same class \(NumberText.plain($0, decimals: 1)) %"
        } ?? "",
        "\(NumberText.plain(Double(model.bytes) / 1e6, decimals: 1)) MB",
      ]
    }
    let widths = (0..<5).map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).enumerated().map { column, cell in
        column < 2 ? cell.0.leftAligned(to: cell.1) : cell.0.rightAligned(to: cell.1)
      }
      return cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
