/// A folder of PNG and JPEG files, without labels.
public struct PlainFolder: PictureFolderFormat {
  /// The format; it has no settings.
  public init() {}

  /// What it is called.
  public var name: String { "a folder of pictures" }

  /// The names of the files.
  public var expectation: String { "PNG or JPEG files (.png, .jpg, .jpeg), in it" }

  /// Whether a picture lies in the folder itself.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if one does.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    try !location.pictures().files.pathsInRoot.isEmpty
  }
}
