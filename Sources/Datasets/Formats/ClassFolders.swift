/// A folder with a sub-folder of PNG and JPEG files for each class.
public struct ClassFolders: PictureFolderFormat {
  /// The format; it has no settings.
  public init() {}

  /// What it is called.
  public var name: String { "a sub-folder of pictures for each class" }

  /// Where the files are.
  public var expectation: String { "in one sub-folder per class" }

  /// Whether there are pictures, and every one lies in a sub-folder.
  ///
  /// - Parameter location: where to look.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func recognises(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    let files = try location.pictures().files
    return !files.paths.isEmpty && files.pathsInRoot.isEmpty
  }
}
