/// A picture, file or folder that cannot be used, or a selection without pictures.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// There is nothing at `path`.
  case notFound(path: String)
  /// A folder was expected at `path`.
  case notAFolder(path: String)
  /// The system refused to read `path`.
  case unreadable(path: String, reason: String)
  /// The system refused to write `path`.
  case unwritable(path: String, reason: String)

  /// `path` is neither PNG nor JPEG, whatever its name says; `start` is its first bytes in hex.
  case unknownImageFormat(path: String, start: String)
  /// `path` is a damaged or truncated PNG or JPEG.
  case brokenImage(path: String, reason: String)
  /// `path` holds more pixels than the limit.
  case imageTooLarge(path: String, reason: String)
  /// The gzip file `path` is truncated, fails its check sum or is followed by something else.
  case damagedArchive(path: String, reason: String)

  /// The field `field` of the IDX file `path` is not as it must be.
  case invalidIDX(path: String, field: String, expected: String, found: String)
  /// The two IDX files of one split disagree.
  case countMismatch(imagesPath: String, images: Int, labelsPath: String, labels: Int)

  /// The folder `path` holds nothing that is read; `expected` says what is.
  case nothingFound(path: String, expected: String)
  /// The pictures of `path` need more memory than allowed.
  case tooMuchMemory(path: String, neededBytes: Int, limitBytes: Int)

  /// The data set of `path` has no labels, so no class can be chosen.
  case noLabels(path: String)
  /// The data set of `path` has no pictures of that class.
  case unknownClass(String, known: [String], path: String)
  /// No picture is left.
  case empty(path: String)
  /// The saved state of a sampler does not fit the data set.
  case samplerState(key: String, expected: String, found: String)

  /// One sentence that names the file, what was expected and the way out.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path) does not exist"
    case .notAFolder(let path):
      "\(path) is a file; expected a folder with IDX files (such as train-images-idx3-ubyte.gz) or "
        + "with PNG and JPEG pictures"
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    case .unknownImageFormat(let path, let start):
      "\(path) is neither PNG nor JPEG (it starts with \(start)): convert it or remove it"
    case .brokenImage(let path, let reason):
      "\(path) is a broken picture (\(reason)): replace it or remove it"
    case .imageTooLarge(let path, let reason):
      "\(path) is too large (\(reason)): shrink it or remove it"
    case .damagedArchive(let path, let reason):
      "\(path) is a damaged gzip file (\(reason)): fetch it again"
    case .invalidIDX(let path, let field, let expected, let found):
      "\(path) is not the IDX file it should be: \(field) is \(found), expected \(expected)"
    case .countMismatch(let imagesPath, let images, let labelsPath, let labels):
      "\(imagesPath) holds \(images) pictures but \(labelsPath) holds \(labels) labels: "
        + "they are not of one split"
    case .nothingFound(let path, let expected):
      "\(path) holds no data: expected \(expected)"
    case .tooMuchMemory(let path, let needed, let limit):
      "the pictures of \(path) need \(megabytes(needed)) of memory, the limit is "
        + "\(megabytes(limit)): choose a smaller size or fewer pictures"
    case .noLabels(let path):
      "\(path) has no labels, so no class can be chosen: expected a labels file beside the IDX "
        + "pictures, or one sub-folder per class"
    case .unknownClass(let name, let known, let path):
      "\(path) has no pictures of class \(name); its classes are \(known.joined(separator: ", "))"
    case .empty(let path):
      "no picture of \(path) is left to draw from"
    case .samplerState(let key, let expected, let found):
      "the saved state of the sampler does not fit this data: \(key) is \(found), expected "
        + "\(expected); resume with the data the run started with"
    }
  }
}

/// A byte count for people.
private func megabytes(_ bytes: Int) -> String {
  bytes < 10 << 20 ? "\(bytes) bytes" : "\((bytes + (1 << 20) - 1) >> 20) MiB"
}
