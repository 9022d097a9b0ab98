import Files
public import Foundation

/// Where pictures go that are to be looked at.
public enum PictureDestination: Equatable {
  /// All of them in one PNG, so many in a row.
  case grid(URL, columns: Int)
  /// A PNG for each.
  case folder(URL)

  /// What a path asks for: a path that ends with `/`, or a folder that is there, takes a file for each
  /// picture; else all go into one PNG.
  ///
  /// - Parameters:
  ///   - path: a file that must not exist, or a folder.
  ///   - columns: pictures in a row of a grid.
  /// - Throws: ``OutputFileError``.
  public init(_ path: String, columns: Int) throws(OutputFileError) {
    let url = URL(filePath: path)
    guard path.hasSuffix("/") || url.fileKind == .folder else {
      let file = try OutputFile.check(
        path, ending: "png",
        content: "a grid is a PNG, and single pictures go into a folder such as pictures/")
      self = .grid(file, columns: columns)
      return
    }
    self = .folder(try OutputFile.checkFolder(path))
  }

  /// The file or the folder.
  public var url: URL {
    switch self {
    case .grid(let url, _), .folder(let url): url
    }
  }
}
