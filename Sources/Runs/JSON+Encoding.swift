import Foundation
import Records

extension JSON {
  /// How encoded text is laid out.
  public enum Layout: Sendable {
    /// Indented by two spaces; short lists of scalars stay on one line.
    case pretty
    /// Everything on one line, as a line of stats.jsonl.
    case line
  }

  /// The value as JSON text.
  ///
  /// JSON has no word for infinities and not-a-number. In an object they become `null` beside a note
  /// that says which: `"loss": null, "loss_note": "not a number"` (or `"infinity"`,
  /// `"-infinity"`); elsewhere a plain `null`.
  ///
  /// - Parameter layout: Indented, or on one line.
  /// - Returns: the text, without a line end after it.
  public func encoded(_ layout: Layout = .pretty) -> String {
    var text = ""
    write(to: &text, layout: layout, indentation: 0)
    return text
  }

  /// A value from anything `Encodable`, with sorted keys.
  ///
  /// - Parameter value: Typically a struct of options.
  /// - Throws: what `JSONEncoder` throws, as for a number that is not finite.
  public init(encoding value: any Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self = try JSON(parsing: String(decoding: encoder.encode(value), as: UTF8.self))
  }

  // MARK: - Writing

  private func write(to text: inout String, layout: Layout, indentation: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): JSON.write(value, to: &text)
    case .array(let values): write(values, to: &text, layout: layout, indentation: indentation)
    case .object(let object):
      let entries = JSON.withNotes(object)
      JSON.writeList(entries, in: ("{", "}"), to: &text, layout: layout, indentation: indentation) {
        entry, text in
        JSON.write(entry.key, to: &text)
        text += layout == .pretty ? ": " : ":"
        entry.value.write(to: &text, layout: layout, indentation: indentation + 1)
      }
    }
  }

  private func write(_ values: [JSON], to text: inout String, layout: Layout, indentation: Int) {
    if layout == .pretty, values.allSatisfy(\.isScalar) {
      let line = "[" + values.map { $0.encoded(.line) }.joined(separator: ", ") + "]"
      if line.utf8.count <= 80 {
        text += line
        return
      }
    }
    JSON.writeList(values, in: ("[", "]"), to: &text, layout: layout, indentation: indentation) {
      $0.write(to: &$1, layout: layout, indentation: indentation + 1)
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], in brackets: (String, String), to text: inout String, layout: Layout,
    indentation: Int, body: (Element, inout String) -> Void
  ) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if layout == .pretty { text += "\n" + String(repeating: "  ", count: indentation + 1) }
      body(element, &text)
    }
    if layout == .pretty, !elements.isEmpty {
      text += "\n" + String(repeating: "  ", count: indentation)
    }
    text += brackets.1
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// The entries of an object, each number that is not finite followed by the note on it.
  private static func withNotes(_ object: Object) -> [(key: String, value: JSON)] {
    object.flatMap { entry -> [(key: String, value: JSON)] in
      guard case .number(let value) = entry.value, !value.isFinite else { return [entry] }
      return [entry, (entry.key + noteSuffix, .string(note(on: value)))]
    }
  }

  /// What a key gains to name the note on its value.
  static let noteSuffix = "_note"

  private static func note(on value: Double) -> String {
    value.isNaN ? "not a number" : value > 0 ? "infinity" : "-infinity"
  }

  /// The number a note stands for.
  static func number(forNote note: String) -> Double? {
    switch note {
    case "not a number": .nan
    case "infinity": .infinity
    case "-infinity": -.infinity
    default: nil
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // Most of these are legal here, but end a line for many readers of JSON lines, or are obeyed by
      // the terminal that shows it.
      case _ where scalar.isObeyed:
        for unit in String(scalar).utf16 { text += String(format: "\\u%04x", unit) }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
