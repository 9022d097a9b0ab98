import Records

extension MixtureRecord {
  /// The share of each generator's samples in each component, for a terminal.
  var table: String {
    let heads = [["share of samples", ""] + rows.map { $0.generator.title.lowercased() }]
    let parts = centres.indices.map { number in
      [name(of: number), forgotten.contains(number) ? "to forget" : ""]
        + rows.map { Self.percent($0.shares[number]) }
    }
    let sums = [
      ["all to forget", ""] + rows.map { Self.percent(forgottenShare($0)) },
      ["near a centre", ""] + rows.map { Self.percent($0.nearShare) },
    ]
    let lines = heads + parts + sums
    let widths = heads[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        column < 2 ? cell.0.leftAligned(to: cell.1) : cell.0.rightAligned(to: cell.1)
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func percent(_ value: Double) -> String {
    NumberText.plain(value, decimals: 1) + " %"
  }
}
