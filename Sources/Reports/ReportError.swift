/// A failure to build a report that comes from the world: a file in a run directory.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  /// A picture of the run cannot be shown.
  case unreadablePicture(path: String, reason: String)

  /// One sentence that names the file and the way out.
  public var description: String {
    switch self {
    case .unreadablePicture(let path, let reason):
      "cannot show the picture \(path): \(reason); delete it and build the report again"
    }
  }
}
