/// The pictures of a data set that lie in files of their own: found and labelled, not yet read.
public struct PictureContents: Sendable {
  /// Something that keeps the data set from being used as it is.
  public struct Problem: Sendable {
    /// What is wrong, with the way out.
    public let error: DatasetError
    /// The pictures that were left out for it; empty where that does not help.
    public let leftOut: [String]
  }

  /// The pictures, but those left out.
  public let folder: ImageFolder
  /// The part that they are of; nil where the source has no parts.
  public let split: Dataset.Split?
  /// What is wrong with them.
  public let problems: [Problem]
  /// Labels of pictures that are not there, by their names, in order.
  public let unusedLabels: [String]

  /// Contents.
  init(
    _ folder: ImageFolder, split: Dataset.Split?, problems: [Problem] = [],
    unusedLabels: [String] = []
  ) {
    self.folder = folder
    self.split = split
    self.problems = problems
    self.unusedLabels = unusedLabels
  }
}
