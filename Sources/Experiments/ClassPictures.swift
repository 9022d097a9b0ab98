import Datasets
import GANs
import Records
import Torch

/// Pictures that a conditional generator makes for each of its classes: labelled data without a data set.
struct ClassPictures {
  /// The conditional GAN.
  let file: GANFile
  /// Pictures of each class.
  let count: Int

  /// - Parameters:
  ///   - file: a GAN.
  ///   - count: pictures of each class.
  /// - Throws: as ``check(_:)``.
  init(of file: GANFile, count: Int) throws {
    try Self.check(file)
    self.file = file
    self.count = count
  }

  /// Refuses a GAN that makes no pictures of classes.
  ///
  /// - Throws: ``ClassPicturesError`` if the GAN is told no class, or makes other pictures for one by now;
  ///   ``LineageError``.
  static func check(_ file: GANFile) throws {
    guard file.configuration.classCount > 1 else {
      throw ClassPicturesError.noClasses(
        file: file.path, count: file.configuration.classCount)
    }
    let lineage = try Lineage(of: file)
    let steps = lineage.forgotten + [lineage.adapted].compactMap(\.self)
    guard steps.isEmpty else {
      throw ClassPicturesError.otherPictures(file: file.path, concepts: steps.map(\.concept))
    }
  }

  /// Makes the pictures, as a network will see them that takes pictures of a size.
  ///
  /// - Parameters:
  ///   - size: rows and columns.
  ///   - channels: 1 or 3.
  ///   - context: seed, device, observer.
  /// - Returns: `count` pictures of class 0, then of class 1, and so on.
  /// - Throws: what reading the GAN throws; ``Cancelled``.
  func dataset(size: Int, channels: Int, in context: ExperimentContext) throws -> Dataset {
    let (classCount, range) = (file.configuration.classCount, file.pixelRange)
    let most = PictureBatching(size: file.configuration.size).drawnWithNoise
    let maker = PictureMaker(
      try file.makeGenerator(device: context.device),
      noise: .random(context.random.split("class pictures: noise")))
    let latentRandom = RandomGenerator(seed: context.seed).split("class pictures: latents")
    var parts: [Tensor] = []
    try context.during(
      RunTask(.makingPictures, label: "pictures", total: classCount * count)
    ) { progress in
      for told in 0..<classCount {
        let numbers = (0..<count * classCount).map { Float($0 % classCount == told ? 1 : 0) }
        let inputs = Tensor.concatenated(
          [
            latentRandom.normal([count, file.configuration.latentSize]),
            Tensor(numbers, shape: [count, classCount]),
          ], dimension: 1)
        for start in stride(from: 0, to: count, by: most) {
          let some = start..<min(start + most, count)
          var pictures = range.convert(maker.make(inputs.sliced(some)).pictures, to: .zeroToOne)
            .clamped(0, 1).withPictureChannels(channels)
          if pictures.shape[2] != size {
            pictures = pictures.contiguous().resized(height: size, width: size)
          }
          parts.append(PixelRange.zeroToOne.bytes(from: pictures))
          try progress(told * count + some.upperBound)
        }
      }
    }
    let names = (0..<classCount).map(String.init)
    return Dataset(
      images: .concatenated(parts).contiguous(),
      labels: .classes(
        (0..<classCount * count).map { $0 / count }, names: names, areRecorded: false),
      path: file.path)
  }
}

/// A GAN that makes no pictures of classes.
public enum ClassPicturesError: Error, Equatable, CustomStringConvertible {
  /// Its generator is told no class, or there is nothing to tell apart.
  case noClasses(file: String, count: Int)
  /// It was adapted to a class or made to forget one, so that it makes other pictures for a class.
  case otherPictures(file: String, concepts: [String])

  /// One sentence that names the file and the way out.
  public var description: String {
    switch self {
    case .noClasses(let file, let count):
      "\(file) is told "
        + (count == 0 ? "no classes" : "a single class, from which there is nothing to tell it")
        + ": a judge learns from labelled pictures then, and not from the generator's own"
    case .otherPictures(let file, let concepts):
      "\(file) was trained on for \(concepts.map { "'\($0)'" }.joined(separator: ", ")), and no longer "
        + "makes the pictures of every class that it is told: take the judge of the GAN that it was made "
        + "from"
    }
  }
}
