import Foundation
import Records
import Runs

/// The parts of options.json.
enum ProvenanceTables {
  /// Every option as resolved: those of the run, then those of each stage under a heading.
  static func settings(_ facts: RunFacts) -> [(heading: String, blocks: [Report.Block])] {
    let options = OptionsRecord.read(facts.options).values
    let stages = OptionTitle.stages.filter { options[$0.key]?.object != nil }
    let rest = JSON.Object(
      options.filter { key, _ in !stages.contains { $0.key == key } }.map { ($0.key, $0.value) })
    let parts =
      [(heading: "Settings", options: rest)]
      + stages.map { (heading: $0.heading, options: options[$0.key]?.object ?? [:]) }
    return parts.filter { !$0.options.isEmpty }
      .map { ($0.heading, [.facts(OptionTitle.facts($0.options))]) }
  }

  /// What somebody needs to do it again: files, versions, machine, command line.
  static func provenance(_ facts: RunFacts) -> [Report.Block] {
    let options = facts.options
    var blocks: [Report.Block] = []
    if let words = options["command_line"]?.array?.compactMap(\.string), !words.isEmpty {
      blocks.append(.facts([.init("Command line", shell(words), isCode: true)]))
    }
    let inputs = options["inputs"]?.array ?? []
    if !inputs.isEmpty {
      blocks.append(
        .table(
          Report.DataTable(
            caption: "Files the run read",
            columns: [
              ("Role", .leading), ("File", .code), ("Bytes", .trailing), ("SHA-256", .code),
            ],
            rows: inputs.map { input in
              [
                input["role"]?.string ?? "", input["path"]?.string ?? "",
                input["bytes"]?.integer.map(NumberText.grouped) ?? "",
                input["sha256"]?.string ?? "",
              ]
            })))
    }
    var rows: [Report.Fact] = []
    let names = [
      ("lethe_version", "lethe"), ("libtorch_version", "libtorch"), ("git_revision", "Commit"),
      ("seed", "Seed"), ("date", "Started"),
    ]
    for (key, name) in names {
      guard let value = options[key], value != .null else { continue }
      rows.append(.init(name, FieldName.value(value), isCode: key == "git_revision"))
    }
    if let machine = options["machine"]?.object {
      rows += machine.filter { $0.value != .null }.map { key, value in
        guard key == "memory_bytes", let bytes = value.number else {
          return Report.Fact(FieldName.words(key), FieldName.value(value))
        }
        return Report.Fact("Memory", "\(NumberText.short((bytes / 1e8).rounded() / 10)) GB")
      }
    }
    let resumed = (options["resumed"]?.array ?? []).map { entry in
      let iteration = entry["iteration"]?.integer.map(NumberText.grouped) ?? "?"
      let changes = (entry["changed"]?.object ?? [:]).map { name, change in
        let title = OptionTitle.title(name.split(separator: ".").last.map(String.init) ?? name)
        func value(_ side: String) -> String {
          change[side].flatMap { $0 == .null ? nil : FieldName.value($0) } ?? "none"
        }
        return "\(title) \(value("to")) instead of \(value("from"))"
      }
      return "from iteration \(iteration) on \(entry["date"]?.string ?? "?")"
        + (changes.isEmpty ? "" : " (\(changes.joined(separator: ", ")))")
    }
    if !resumed.isEmpty { rows.append(.init("Resumed", resumed.joined(separator: "; "))) }
    return rows.isEmpty ? blocks : blocks + [.facts(rows)]
  }

  /// Words as a shell takes them.
  static func shell(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:@%+".contains($0) }
      return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
