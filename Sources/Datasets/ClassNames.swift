import Files
public import Foundation

/// The names of numbered classes, as a user or a file gives them.
public enum ClassNames {
  /// The file beside IDX files, or beside NVIDIA's labels, that names their classes.
  public static let fileName = "classes.txt"

  /// The most bytes of a file of names: no data set has so many classes.
  private static let mostBytes = 1 << 20

  /// Reads a file with one name per line, from that of class 0.
  ///
  /// - Parameter url: the file, in UTF-8.
  /// - Returns: the names, without the empty lines at the end.
  /// - Throws: ``DatasetError``, which names the file and the line that cannot be a name.
  public static func read(_ url: URL) throws(DatasetError) -> [String] {
    try names(
      in: readFile(Array(url.path.utf8CString), named: url.path, atMost: mostBytes), of: url.path)
  }

  private static func names(
    in bytes: [UInt8], of path: String
  ) throws(DatasetError) -> [String] {
    guard var text = String(bytes: bytes, encoding: .utf8) else {
      throw .invalidNames(path: path, reason: "it is not UTF-8")
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return try checked(lines.map(String.init), of: path)
  }

  /// The names that a user gives: with commas between them, or by the path of a file.
  ///
  /// - Parameter text: names, or the path of a file that ``read(_:)`` can read.
  /// - Returns: the names, from that of class 0.
  /// - Throws: ``DatasetError`` for what cannot be a name.
  public static func given(_ text: String) throws(DatasetError) -> [String] {
    let url = URL(filePath: text)
    if url.fileKind == .file { return try read(url) }
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    return try checked(
      names.map { $0.trimmingCharacters(in: .whitespaces) }, of: "'\(text)'")
  }

  /// The names in the file that lies beside data; nil if none does.
  ///
  /// - Parameters:
  ///   - folder: where the data lie.
  ///   - tree: what reads its files; the file system unless given.
  /// - Returns: the names.
  /// - Throws: ``DatasetError`` for a file that cannot be used.
  static func beside(
    _ folder: URL, in tree: (any FileTree)? = nil
  ) throws(DatasetError) -> [String]? {
    let (tree, file) = (tree ?? FolderTree(folder), PicturePath(name: Array(fileName.utf8)))
    guard tree.kind(of: file) != .missing else { return nil }
    let path = "\(folder.path)/\(fileName)"
    return try names(in: tree.bytes(of: file, named: path, atMost: mostBytes), of: path)
  }

  /// Whether a name can be shown, asked for and written on a line.
  ///
  /// - Parameter name: of a class.
  /// - Returns: true unless it is empty or a character of it is none of text.
  public static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && name.unicodeScalars.allSatisfy(isText)
  }

  /// Whether a character is one of text: no control character, no end of a line.
  ///
  /// - Parameter scalar: a character.
  /// - Returns: true if so.
  public static func isText(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  private static func checked(
    _ names: [String], of source: String
  ) throws(DatasetError) -> [String] {
    guard !names.isEmpty else { throw .invalidNames(path: source, reason: "it names nothing") }
    var seen: Set<String> = []
    for (number, name) in names.enumerated() {
      guard isUsable(name) else {
        throw .invalidNames(path: source, reason: "the name of class \(number) is no text")
      }
      guard seen.insert(name).inserted else {
        throw .invalidNames(path: source, reason: "it names '\(name)' twice")
      }
    }
    return names
  }
}

extension Dataset {
  /// The same pictures with other names for their classes.
  ///
  /// - Parameter names: of all numbers from 0 to the last class, or more.
  /// - Returns: the data set; the digest stays, which knows numbers only.
  /// - Throws: ``DatasetError`` if there are no classes, if they have words for names already, or if
  ///   there are fewer names than classes.
  public func naming(_ names: [String]) throws(DatasetError) -> Dataset {
    let classes = try requireClasses()
    guard classNames == names || classNames.allSatisfy({ Int($0) != nil }) else {
      throw .alreadyNamed(path: provenance.path, names: classNames)
    }
    try Labels.requireNames(names, for: classes, source: "given", data: provenance.path)
    return relabelled(.classes(classes, names: names))
  }
}

extension Labels {
  /// Refuses names that are too few for the classes.
  static func requireNames(
    _ names: [String], for classes: [Int], source: String, data: String
  ) throws(DatasetError) {
    guard let last = classes.max(), last >= names.count else { return }
    throw .tooFewNames(source: source, names: names.count, path: data, last: last)
  }
}
