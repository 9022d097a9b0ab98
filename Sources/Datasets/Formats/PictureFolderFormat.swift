/// A format of PNG and JPEG files below one another, which all are read alike.
public protocol PictureFolderFormat: DatasetFormat {
  /// Finds the pictures and what is known of them; reads none.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - size: the rows and columns that are wanted; nil where nobody cares.
  /// - Returns: the pictures, and what is wrong with them.
  /// - Throws: ``DatasetError`` for what leaves nothing to be found.
  func contents(
    _ location: DatasetLocation, size: Int?
  ) throws(DatasetError) -> PictureContents
}

extension PictureFolderFormat {
  /// Reads all pictures, if nothing is wrong with them.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - request: what is wanted; colour unless it says otherwise.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``, which names the picture that cannot be read or has no label, or the line
  ///   of the labels that is wrong.
  public func read(
    _ location: DatasetLocation, _ request: DatasetRequest
  ) throws(DatasetError) -> Dataset {
    let contents = try contents(location, size: request.size)
    if let problem = contents.problems.first { throw problem.error }
    return try contents.folder.read(request, split: contents.split)
  }

  /// Finds all pictures; those that lie in a sub-folder each have it as their class.
  ///
  /// - Parameters:
  ///   - location: one that the format recognises.
  ///   - size: no matter.
  /// - Returns: the pictures.
  /// - Throws: ``DatasetError`` if the folder cannot be read.
  public func contents(
    _ location: DatasetLocation, size: Int?
  ) throws(DatasetError) -> PictureContents {
    let (folder, files) = try location.pictures()
    return PictureContents(try ImageFolder(folder, files), split: try location.readSplit())
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
