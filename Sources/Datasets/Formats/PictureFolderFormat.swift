/// A format of PNG and JPEG files in a folder and its sub-folders, which all are read alike.
public protocol PictureFolderFormat: DatasetFormat {}

extension PictureFolderFormat {
  /// Reads all pictures; those that lie in a sub-folder each have it as their class.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted; colour unless it says otherwise.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``, which names the picture that cannot be read.
  public func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset {
    let (folder, files) = try location.pictures()
    return try ImageFolder(folder, files).read(request, split: location.readSplit())
  }

  /// Whether sub-folders keep train and test pictures apart.
  ///
  /// - Parameter location: one that the format recognises.
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func hasParts(_ location: DatasetLocation) throws(DatasetError) -> Bool {
    try location.hasParts()
  }
}
