/// A picture that cannot be read.
public struct PictureFault: Sendable, Equatable {
  /// Its path below the data set's folder.
  public let name: String
  /// What is wrong, in a few words.
  public let reason: String

  /// The picture that an error speaks of; nil for an error that is of no single picture.
  ///
  /// - Parameters:
  ///   - error: what reading threw.
  ///   - root: the data set's folder.
  init?(_ error: DatasetError, in root: String) {
    let path: String
    switch error {
    case .unknownImageFormat(let picture, _):
      (path, reason) = (picture, "neither PNG nor JPEG")
    case .brokenImage(let picture, let words), .imageTooLarge(let picture, let words),
      .unreadable(let picture, let words):
      (path, reason) = (picture, words)
    case .notFound(let picture): (path, reason) = (picture, "it is gone")
    default: return nil
    }
    name = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }
}
