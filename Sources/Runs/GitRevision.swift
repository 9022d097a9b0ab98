public import Foundation

/// The commit that is checked out, read from git's own files: no git needs to be installed.
public enum GitRevision {
  /// The commit of the repository around a folder.
  ///
  /// - Parameter folder: Where to start looking; the folders above are tried in turn.
  /// - Returns: forty hexadecimal digits, or nil outside any repository.
  public static func current(
    from folder: URL = URL(filePath: FileManager.default.currentDirectoryPath)
  ) -> String? {
    var folder = folder.standardizedFileURL
    while true {
      let entry = folder.appending(path: ".git")
      if FileManager.default.fileExists(atPath: entry.path) { return revision(inside: entry) }
      guard folder.path != "/" else { return nil }
      folder = folder.deletingLastPathComponent()
    }
  }

  private static func revision(inside entry: URL) -> String? {
    // In a linked worktree `.git` is a file that names the folder.
    let gitFolder = line(of: entry).map { path(in: $0, after: "gitdir: ", from: entry) } ?? entry
    guard let head = line(of: gitFolder.appending(path: "HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let name = String(head.dropFirst("ref: ".count))
    // Branches of a linked worktree lie in the main repository's folder.
    let common = line(of: gitFolder.appending(path: "commondir"))
      .map { path(in: $0, after: "", from: gitFolder.appending(path: "commondir")) }
    for place in [gitFolder, common].compactMap({ $0 }) {
      if let revision = line(of: place.appending(path: name)) { return revision }
      let packed = try? String(contentsOf: place.appending(path: "packed-refs"), encoding: .utf8)
      let entry = packed?.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
      if let entry { return String(entry.prefix { $0 != " " }) }
    }
    return nil
  }

  private static func line(of file: URL) -> String? {
    (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(
      in: .whitespacesAndNewlines)
  }

  private static func path(in line: String, after prefix: String, from file: URL) -> URL {
    let path = line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line
    return path.hasPrefix("/")
      ? URL(filePath: path)
      : file.deletingLastPathComponent().appending(path: path).standardizedFileURL
  }
}
