import Torch

extension Dataset {
  /// The class of that name.
  ///
  /// - Parameter name: as in ``classNames``.
  /// - Returns: its index.
  /// - Throws: ``DatasetError`` if there are no labels, or no such class.
  public func classIndex(named name: String) throws(DatasetError) -> Int {
    guard classes != nil else { throw .noLabels(path: provenance.path) }
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
    guard let classes else { throw .noLabels(path: provenance.path) }
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
    guard let classes else { throw .noLabels(path: provenance.path) }
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
    return .unknownClass(name, known: known, path: provenance.path)
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
    var picture = bytes.to(.float32)
    // Grey first, colour last: the filter then runs over one channel.
    if channels == 1 { picture = picture.withPictureChannels(1) }
    if shape[2] != size || shape[3] != size {
      picture = picture.resized(height: size, width: size, antialias: true)
    }
    let rounded = (picture.clamped(0, 255) + 0.5).to(.uint8)
    return rounded.withPictureChannels(channels)
  }
}
