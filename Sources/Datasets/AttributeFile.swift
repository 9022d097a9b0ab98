import Foundation

/// A file of attributes in CelebA's forms: for each picture whether it has each of them.
///
/// The text form has the number of pictures on its first line (or leaves it out), the names on the next, and
/// a line for each picture; the CSV form has the names in its header:
///
///     2                                  image_id,Eyeglasses,Smiling
///     Eyeglasses Smiling                 000001.jpg,-1,1
///     000001.jpg -1  1                   000002.jpg,1,-1
///     000002.jpg  1 -1
///
/// 1 says that the picture has the attribute, -1 or 0 that it has not.
struct AttributeFile {
  /// The attributes, in the order of their columns.
  let names: [String]
  /// By the name of the picture's file: whether it has each attribute.
  let rows: [String: [Bool]]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - name: a file in either form, which the comma in its header tells.
  ///   - tree: where it lies.
  ///   - path: what errors call it.
  /// - Throws: ``DatasetError/invalidLabels(path:reason:)``, which names the line; or that it cannot be
  ///   read.
  init(
    reading name: String, in tree: any FileTree, named path: String
  ) throws(DatasetError) {
    func refused(_ reason: String) -> DatasetError { .invalidLabels(path: path, reason: reason) }
    var lines = try NumberedLines(reading: name, in: tree, named: path)
    var announced: Int?
    var first = lines.next()?.text
    if let text = first, let count = Int(text.trimmingCharacters(in: .whitespaces)) {
      announced = count
      first = lines.next()?.text
    }
    guard let header = first else { throw refused("it has no line of names") }
    let isCSV = header.contains(",")
    func fields(_ line: String) -> [String] {
      isCSV
        ? line.split(separator: ",", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        : line.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    // The header of a CSV names the column of the pictures, too.
    let names = isCSV ? Array(fields(header).dropFirst()) : fields(header)
    guard !names.isEmpty, names.allSatisfy(ClassNames.isUsable), Set(names).count == names.count
    else { throw refused("its header does not name attributes, each once: \(header.prefix(80))") }
    var rows: [String: [Bool]] = [:]
    for (number, line) in lines {
      let values = fields(line)
      guard values.count == names.count + 1, let picture = values.first, !picture.isEmpty else {
        throw refused(
          "line \(number) has \(values.count) fields, expected the name of a picture and "
            + "\(names.count) values")
      }
      var row: [Bool] = []
      for (name, value) in zip(names, values.dropFirst()) {
        switch value {
        case "1": row.append(true)
        case "-1", "0": row.append(false)
        default:
          throw refused("line \(number) says '\(value)' of \(name), expected 1, or -1 or 0")
        }
      }
      guard rows.updateValue(row, forKey: picture) == nil else {
        throw refused("line \(number) speaks of \(picture) again")
      }
    }
    if let announced, announced != rows.count {
      throw refused("it announces \(announced) pictures and has lines for \(rows.count)")
    }
    self.names = names
    self.rows = rows
  }
}
