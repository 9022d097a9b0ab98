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
  /// So many pictures of the data set `path` cannot be read: the first ones, with what is wrong.
  case brokenPictures(path: String, count: Int, first: [String])
  /// The zip archive `path` is truncated or damaged.
  case damagedZip(path: String, reason: String)
  /// The zip archive `path` has an entry whose path leads out of it.
  case unsafePath(path: String, entry: String)
  /// The LMDB `path` is truncated or damaged.
  case damagedLMDB(path: String, reason: String)
  /// The LMDB `path` does not have the keys that the public StyleGAN2 scripts write.
  case otherLMDB(path: String, reason: String)
  /// The gzip file `path` is truncated, fails its check sum or is followed by something else.
  case damagedArchive(path: String, reason: String)

  /// The field `field` of the IDX file `path` is not as it must be.
  case invalidIDX(path: String, field: String, expected: String, found: String)
  /// The IDX file `path` says that it holds far more than its bytes on disk can.
  case emptyIDX(path: String, bytes: Int, onDisk: Int)
  /// The IDX files of `path` belong to several data sets, by what their names start with.
  case ambiguousIDX(path: String, prefixes: [String])
  /// The two IDX files of one split disagree.
  case countMismatch(imagesPath: String, images: Int, labelsPath: String, labels: Int)

  /// The folder `path` holds nothing that is read; `expected` says what is.
  case nothingFound(path: String, expected: String)
  /// The folder `path` holds those of several parts, and others beside them.
  case ambiguousParts(path: String, parts: [String], others: [String])
  /// Two class folders of `path` have names that are one name in Unicode, in other bytes.
  case sameClassNames(path: String, name: String)
  /// A class folder of `path` has a name that is not UTF-8.
  case classNameNotUTF8(path: String, bytes: [UInt8])
  /// A class of `path` has a name that no folder of prepared pictures can have.
  case unfitFolderName(path: String, name: String)
  /// The file of labels `path` cannot be used.
  case invalidLabels(path: String, reason: String)
  /// The names of classes in `path`, or as a user gives them, cannot be used.
  case invalidNames(path: String, reason: String)
  /// The classes of `path` have other names than numbers already.
  case alreadyNamed(path: String, names: [String])
  /// The labels of `path` go beyond the names; `source` says where those are (`in classes.txt`).
  case tooFewNames(source: String, names: Int, path: String, last: Int)
  /// The pictures of `path` need more memory than allowed.
  case tooMuchMemory(path: String, neededBytes: Int, limitBytes: Int)

  /// The data set of `path` has no labels; `strays` lie beside the folders of its classes.
  case noLabels(path: String, strays: [String] = [])
  /// The data set of `path` has attributes where classes are needed.
  case attributesOnly(path: String, names: [String])
  /// The data set of `path` has no pictures of that class.
  ///
  /// Where the classes are only numbered, a name cannot be one of them.
  case unknownClass(String, known: [String], path: String, areNumbered: Bool = false)
  /// No picture is left.
  case empty(path: String)
  /// The pictures of `path` are too few to hold some out.
  case tooFewToSplit(path: String, count: Int)
  /// Of the pictures of `path`, no class has two: none can be held out for validation.
  case tooFewOfEachClass(path: String, count: Int)
  /// The saved state of a sampler does not fit the data set.
  case samplerState(key: String, expected: String, found: String)

  /// One sentence that names the file, what was expected and the way out.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path) does not exist"
    case .notAFolder(let path):
      "\(path) is a file; expected a folder with IDX files (such as train-images-idx3-ubyte.gz) or "
        + "with PNG and JPEG pictures, a zip archive of pictures, or an LMDB (data.mdb)"
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
    case .brokenPictures(let path, let count, let first):
      "\(path) has \(count) pictures that cannot be read: \(first.joined(separator: "; "))"
        + "\(count > first.count ? " and \(count - first.count) more" : ""): replace them or remove "
        + "them"
    case .damagedZip(let path, let reason):
      "\(path) is a damaged zip archive (\(reason)): fetch it or pack it again"
    case .unsafePath(let path, let entry):
      "\(path) has an entry that leads out of the archive (\(entry)): pack its files again from "
        + "within their folder"
    case .damagedLMDB(let path, let reason):
      "\(path) is a damaged LMDB (\(reason)): fetch it or make it again"
    case .otherLMDB(let path, let reason):
      "\(path) holds no pictures of the public StyleGAN2 scripts (\(reason)): expected keys such as "
        + "256-00000, and the number of pictures under length, as prepare_data.py writes them"
    case .damagedArchive(let path, let reason):
      "\(path) is a damaged gzip file (\(reason)): fetch it again"
    case .invalidIDX(let path, let field, let expected, let found):
      "\(path) is not the IDX file it should be: \(field) is \(found), expected \(expected)"
    case .emptyIDX(let path, let bytes, let onDisk):
      "\(path) says that it holds \(megabytes(bytes)), in \(megabytes(onDisk)) on disk: no pictures "
        + "are so empty; fetch it again"
    case .ambiguousIDX(let path, let prefixes):
      "\(path) holds IDX files of several data sets (\(prefixes.joined(separator: ", "))): move those "
        + "of one into a folder of their own"
    case .countMismatch(let imagesPath, let images, let labelsPath, let labels):
      "\(imagesPath) holds \(images) pictures but \(labelsPath) holds \(labels) labels: "
        + "they are not of one split"
    case .nothingFound(let path, let expected):
      "\(path) holds no data: expected \(expected)"
    case .ambiguousParts(let path, let parts, let others):
      "\(path) holds \(parts.joined(separator: " and ")) beside "
        + "\(others.prefix(5).joined(separator: ", ")): expected parts of a data set or folders of "
        + "classes, not both; move what does not belong there"
    case .sameClassNames(let path, let name):
      "\(path) has two sub-folders named '\(name)', which only their bytes tell apart (composed and "
        + "decomposed characters): rename one, or move its pictures into the other"
    case .classNameNotUTF8(let path, let bytes):
      "a sub-folder of \(path) has a name that is not UTF-8 (bytes "
        + "\(bytes.prefix(16).map(hex).joined(separator: " "))), so no class can have it: rename it"
    case .unfitFolderName(let path, let name):
      "\(path) has a class named '\(name)', for which no folder of a class can be named: write a zip "
        + "archive instead, or rename the class"
    case .invalidLabels(let path, let reason):
      "\(path) holds no labels that can be used: \(reason)"
    case .invalidNames(let path, let reason):
      "\(path) names no classes: \(reason); expected the names of all classes from 0, each once"
    case .alreadyNamed(let path, let names):
      "\(path) names its classes already (\(names.prefix(10).joined(separator: ", "))): other names "
        + "are for classes that are only numbered"
    case .tooFewNames(let source, let names, let path, let last):
      "\(names) name\(names == 1 ? "" : "s") \(source), but the labels of \(path) go from 0 to "
        + "\(last): expected a name for each number"
    case .tooMuchMemory(let path, let needed, let limit):
      "the pictures of \(path) need \(megabytes(needed)) of memory, the limit is "
        + "\(megabytes(limit)): choose a smaller size or fewer pictures"
    case .noLabels(let path, let strays):
      if let stray = strays.first {
        "\(path) has no labels: \(stray) "
          + (strays.count > 1 ? "and \(strays.count - 1) more lie" : "lies")
          + " beside the folders of its classes; remove "
          + (strays.count > 1 ? "them or put them into some" : "it or put it into one")
      } else {
        "\(path) has no labels: expected a labels file beside the IDX pictures, or one sub-folder "
          + "per class"
      }
    case .attributesOnly(let path, let names):
      "\(path) has attributes (\(names.prefix(5).joined(separator: ", "))"
        + "\(names.count > 5 ? " and \(names.count - 5) more" : "")) and no classes: expected a labels "
        + "file beside IDX pictures, or one sub-folder per class"
    case .unknownClass(let name, let known, let path, let areNumbered):
      "\(path) has no pictures of class \(name); its classes are \(known.joined(separator: ", "))"
        + (areNumbered && Int(name) == nil
          ? ": write their names into \(path)/\(ClassNames.fileName), one per line, from that of class 0"
          : "")
    case .empty(let path):
      "no picture of \(path) is left to draw from"
    case .tooFewToSplit(let path, let count):
      "\(path) holds \(count) picture\(count == 1 ? "" : "s"), too few to hold one out for testing: "
        + "expected at least 2, or a test split"
    case .tooFewOfEachClass(let path, let count):
      "\(path) has \(count) picture\(count == 1 ? "" : "s") to train on, no two of which are of one "
        + "class: too few to hold one out for validation; expected at least 2 of some class"
    case .samplerState(let key, let expected, let found):
      "the saved state of the sampler does not fit this data: \(key) is \(found), expected "
        + "\(expected); resume with the data the run started with"
    }
  }
}

/// Two digits.
private func hex(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

/// A byte count for people.
private func megabytes(_ bytes: Int) -> String {
  bytes < 10 << 20 ? "\(bytes) bytes" : "\((bytes + (1 << 20) - 1) >> 20) MiB"
}
