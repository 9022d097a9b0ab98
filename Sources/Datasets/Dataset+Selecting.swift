import Torch

extension Dataset {
  /// The class of each picture, for a purpose that needs one.
  ///
  /// - Returns: indices into ``classNames``.
  /// - Throws: ``DatasetError/noLabels(path:strays:)``, which names the pictures that lie beside the
  ///   classes' folders.
  public func requireClasses() throws(DatasetError) -> [Int] {
    guard let classes else { throw .noLabels(path: provenance.path, strays: provenance.strays) }
    return classes
  }

  /// Refuses a data set of attributes, for a purpose that a data set with labels is given for.
  ///
  /// - Throws: ``DatasetError/attributesOnly(path:names:)``.
  public func requireNoAttributes() throws(DatasetError) {
    if case .attributes(_, let names) = labels {
      throw .attributesOnly(path: provenance.path, names: names)
    }
  }

  /// The class of that name.
  ///
  /// - Parameter name: as in ``classNames``.
  /// - Returns: its index.
  /// - Throws: ``DatasetError`` if there are no labels, or no such class.
  public func classIndex(named name: String) throws(DatasetError) -> Int {
    _ = try requireClasses()
    guard let index = classNames.firstIndex(of: name) else { throw unknownClass(name) }
    return index
  }

  /// How many pictures each class has.
  ///
  /// - Returns: a count per entry of ``classNames``; empty without labels.
  public func classCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in classes ?? [] { counts[label] += 1 }
    return counts
  }

  /// The pictures of every other class; labels and class names stay as they are.
  ///
  /// A known class that has no pictures is without them already: that is no error.
  ///
  /// - Parameter class: an index into ``classNames``.
  /// - Returns: the positives, when that class is the one to forget.
  /// - Throws: ``DatasetError`` if there are no labels, no such class, or nothing else.
  public func without(class: Int) throws(DatasetError) -> Dataset {
    let classes = try requireClasses()
    guard classNames.indices.contains(`class`) else { throw unknownClass(String(`class`)) }
    let kept = classes.indices.filter { classes[$0] != `class` }
    guard !kept.isEmpty else { throw .empty(path: provenance.path) }
    return selecting(kept, "without class \(classNames[`class`])")
  }

  /// Equally many pictures of each class that has any: the first of each, as many as the rarest has.
  ///
  /// - Returns: the data set; labels and class names stay as they are.
  /// - Throws: ``DatasetError`` if there are no labels.
  public func balanced() throws(DatasetError) -> Dataset {
    let classes = try requireClasses()
    let each = classCounts().filter { $0 > 0 }.min() ?? 0
    var taken = [Int](repeating: 0, count: classNames.count)
    let kept = classes.indices.filter { index in
      taken[classes[index]] += 1
      return taken[classes[index]] <= each
    }
    return selecting(kept, "balanced to \(each) of each class")
  }

  private func unknownClass(_ name: String) -> DatasetError {
    let known = zip(classNames, classCounts()).filter { $0.1 > 0 }.map(\.0)
    return .unknownClass(
      name, known: known, path: provenance.path, areNumbered: !labels.areNamesRecorded)
  }

  /// The pictures in another size, rounded to bytes as an image library leaves them.
  ///
  /// Bilinear with half-pixel centres; shrinking averages over all source pixels (PyTorch's
  /// `antialias=True`), enlarging is plain bilinear.
  ///
  /// - Parameter size: rows and columns wanted.
  /// - Returns: the data set, in memory; itself if it has that size.
  /// - Throws: ``DatasetError`` if a picture can no longer be read.
  /// - Precondition: the size is positive.
  public func resized(to size: Int) throws(DatasetError) -> Dataset {
    precondition(size > 0, "pictures resized to \(size)")
    guard size != height || size != width else { return self }
    let result = Tensor.zeros([count, channels, size, size], scalarType: .uint8)
    // In groups, because floating point takes four times the memory.
    for start in stride(from: 0, to: count, by: 512) {
      let group = start..<min(start + 512, count)
      result.sliced(group).copyInPlace(
        PictureResizing.resized(try bytes(at: Array(group)), size: size, channels: channels))
    }
    var provenance = provenance
    provenance.changes.append("resized to \(size)")
    return Dataset(StoredPictures(result), labels: labels, provenance: provenance)
  }
}

/// The one way in which pictures change size and channels on their way into memory.
enum PictureResizing {
  /// Bytes in another size and with other channels, rounded once at the end.
  ///
  /// - Parameters:
  ///   - bytes: `uint8`, `[N, C, H, W]`.
  ///   - size: rows and columns wanted.
  ///   - channels: 1 or 3.
  /// - Returns: `uint8`, `[N, channels, size, size]`.
  static func resized(_ bytes: Tensor, size: Int, channels: Int) -> Tensor {
    let shape = bytes.shape
    guard shape != [shape[0], channels, size, size] else { return bytes }
    return rounded(
      sized(unrounded(bytes, channels), height: size, width: size), channels: channels)
  }

  /// Bytes in another width, not rounded: the first half of resizing them.
  ///
  /// - Parameters:
  ///   - bytes: `uint8`, `[N, C, H, W]`.
  ///   - width: columns wanted.
  ///   - channels: 1, or 3 for those of the bytes.
  /// - Returns: `float32`, `[N, 1 or C, H, width]`.
  static func narrowed(_ bytes: Tensor, width: Int, channels: Int) -> Tensor {
    sized(unrounded(bytes, channels), height: bytes.shape[2], width: width)
  }

  /// What is narrow in another height, rounded: the second half of resizing.
  ///
  /// - Parameters:
  ///   - picture: from ``narrowed(_:width:channels:)``.
  ///   - height: rows wanted.
  ///   - channels: 1 or 3.
  /// - Returns: `uint8`, `[N, channels, height, W]`.
  static func shortened(_ picture: Tensor, height: Int, channels: Int) -> Tensor {
    rounded(sized(picture, height: height, width: picture.shape[3]), channels: channels)
  }

  /// Grey first, colour last: the filter then runs over one channel.
  private static func unrounded(_ bytes: Tensor, _ channels: Int) -> Tensor {
    let picture = bytes.to(.float32)
    return channels == 1 ? picture.withPictureChannels(1) : picture
  }

  private static func sized(_ picture: Tensor, height: Int, width: Int) -> Tensor {
    let shape = picture.shape
    guard shape[2] != height || shape[3] != width else { return picture }
    return picture.resized(height: height, width: width, antialias: true)
  }

  private static func rounded(_ picture: Tensor, channels: Int) -> Tensor {
    (picture.clamped(0, 255) + 0.5).to(.uint8).withPictureChannels(channels)
  }
}
