import Files
public import Foundation

/// A file or folder that may hold a data set, and the part of it that is wanted.
public final class DatasetLocation {
  /// The file or folder.
  public let url: URL
  /// The part wanted.
  public let split: Dataset.Split
  /// Whether it is a folder.
  public let isFolder: Bool
  private var listing: (folder: URL, files: PictureListing)?

  /// A location that exists.
  ///
  /// - Parameters:
  ///   - url: the file or folder.
  ///   - split: the part wanted.
  /// - Throws: ``DatasetError/notFound(path:)``.
  public init(_ url: URL, split: Dataset.Split) throws(DatasetError) {
    let kind = url.fileKind
    guard kind != .missing else { throw .notFound(path: url.path) }
    self.url = url
    self.split = split
    isFolder = kind == .folder
  }

  /// The PNG and JPEG files of the split, listed once however many formats ask.
  ///
  /// If the folder has sub-folders named for splits (`train`, `test`, `val`), the files are those of
  /// the sub-folder of the split; else those of the folder itself, which then serves as either split.
  ///
  /// - Returns: the folder and its files; no files where the location is no folder.
  /// - Throws: ``DatasetError`` if the folder cannot be read, or has the other split only.
  func pictures() throws(DatasetError) -> (folder: URL, files: PictureListing) {
    if let listing { return listing }
    guard isFolder else { return (url, PictureListing()) }
    let folder = try splitFolder()
    let found = (folder, try PictureListing(of: folder))
    listing = found
    return found
  }

  private func splitFolder() throws(DatasetError) -> URL {
    func existing(_ split: Dataset.Split) -> URL? {
      (split == .train ? ["train"] : ["test", "val"]).lazy
        .map { self.url.appendingPathComponent($0) }
        .first { $0.fileKind == .folder }
    }
    if let folder = existing(split) { return folder }
    guard existing(split == .train ? .test : .train) == nil else {
      throw .nothingFound(
        path: "\(url.path) (split \(split.rawValue))",
        expected: split == .train
          ? "a sub-folder train beside that of the test split"
          : "a sub-folder test or val beside that of the train split")
    }
    return url
  }
}
