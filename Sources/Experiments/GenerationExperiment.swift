import Checkpoints
import Datasets
public import Evaluation
import Files
public import Foundation
public import GANs
public import Judging
import Records
public import Torch
import TorchNN

/// Pictures of one GAN: as a grid, as files of their own, or as tensors for further computation.
///
/// They are made a few at a time and go where they belong at once, so that memory does not grow with
/// files of single pictures. A grid and tensors are held until the end; their size is bounded before
/// any work.
public struct GenerationExperiment {
  /// Which noise maps the pictures have.
  public enum NoiseSource {
    /// Those of the checkpoint, the same for every picture.
    case fixed
    /// Fresh ones.
    case random
  }

  /// The GAN.
  public var file: GANFile
  /// Where the latents come from.
  public var latents: LatentSource
  /// Where pictures go; nil for nowhere.
  public var pictures: PictureDestination?
  /// Where styles, pictures and logits go as tensors; nil for nowhere.
  public var tensors: URL?
  /// Which noise maps the pictures have.
  public var noise: NoiseSource
  /// How far styles are from the mean: 1 leaves them, 0 makes all the mean.
  public var truncationPsi: Double
  /// Who keeps pictures back, for which further latents are drawn; or nobody.
  public var filter: LatentFilter?
  /// Of the networks' convolutions.
  public var precision: Precision
  /// Seed, device, observer.
  public var context: ExperimentContext

  /// As many pixels as a grid or tensors may have together: the largest picture that can be read again.
  public static let mostPixels = Image.defaultPixelLimit

  /// A generation.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - latents: where the latents come from.
  ///   - pictures: where pictures go.
  ///   - tensors: where styles, pictures and logits go.
  ///   - noise: which noise maps the pictures have.
  ///   - truncationPsi: how far styles are from the mean.
  ///   - precision: of the networks' convolutions.
  ///   - context: seed, device, observer.
  public init(
    _ file: GANFile, latents: LatentSource, pictures: PictureDestination? = nil,
    tensors: URL? = nil,
    noise: NoiseSource = .fixed, truncationPsi: Double = 1, precision: Precision = .fp32,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.file = file
    self.latents = latents
    self.pictures = pictures
    self.tensors = tensors
    self.noise = noise
    self.truncationPsi = truncationPsi
    self.precision = precision
    self.context = context
  }

  /// Makes the pictures.
  ///
  /// - Throws: ``GenerationError`` for more than memory or a folder can take, or a filter that lets hardly
  ///   any picture through; what the disk refuses.
  /// - Precondition: latents are drawn where there is a filter.
  public func run() throws {
    precondition(filter == nil || latents.areDrawn, "a filter of latents that are given")
    if noise == .fixed { context.observer.noted(file, for: [.fixedNoise]) }
    if file.configuration.classCount > 0, !latents.areGiven {
      context.observer.noted(
        "\(file.path) is told one of \(file.configuration.classCount) classes, and each picture is of "
          + "one that is drawn: choose one to make pictures of it alone")
    }
    try requireBounded()
    if case .folder(let folder)? = pictures { try open(folder) }
    let generator = try file.makeGenerator(device: context.device)
    try make(
      GenerationBatches(
        generator, latents: latents, noise: noise, truncation: try truncation(of: generator),
        filter: filter, precision: precision, context: context))
  }

  /// Toward the mean style that the file records, else toward one of latents that are drawn.
  private func truncation(of generator: any GeneratorNetwork) throws -> Truncation? {
    guard truncationPsi != 1 else { return nil }
    guard let mean = file.meanStyle else {
      return Truncation(
        psi: truncationPsi, of: generator, using: context.random.split("generate: mean style"))
    }
    guard mean.hasOnlyFiniteElements else {
      throw ParameterError.notFinite(name: "the mean style", file: file.path)
    }
    return Truncation(psi: truncationPsi, toward: mean.to(.float32).to(context.device))
  }

  private var size: Int { file.configuration.size }

  /// What is held until the end must fit.
  private func requireBounded() throws(GenerationError) {
    // Divided rather than multiplied: a count may be as large as numbers are.
    let isBounded = latents.count <= Self.mostPixels / (size * size)
    if tensors != nil, !isBounded {
      throw .tooMany(count: latents.count, size: size, place: .tensors, mostPixels: Self.mostPixels)
    }
    guard case .grid(_, let columns)? = pictures else { return }
    let whole =
      isBounded
      ? ImageGrid(columns: columns).size(of: latents.count, height: size, width: size) : nil
    guard let whole, max(whole.height, whole.width) <= Image.sideLimit,
      whole.height * whole.width <= Self.mostPixels
    else {
      throw .tooMany(count: latents.count, size: size, place: .grid, mostPixels: Self.mostPixels)
    }
  }

  /// The folder, made if it is not there, with none of the files in it.
  private func open(_ folder: URL) throws {
    switch folder.fileKind {
    case .missing:
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    case .file:
      throw OutputFileError.unfitFolder(path: folder.path, reason: "it is a file")
    case .folder:
      AtomicFile.removeLeftovers(in: folder)
      let present = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      if let taken = latents.firstFile(among: present) {
        throw GenerationError.pictureExists(path: folder.appending(path: taken).path)
      }
    }
  }

  private func make(_ batches: GenerationBatches) throws {
    let count = latents.count
    var canvas: GridCanvas?
    if case .grid(_, let columns)? = pictures {
      canvas = GridCanvas(
        ImageGrid(columns: columns), count: count, channels: 3, side: (size, size))
    }
    let styles = tensors.map { _ in Tensor.zeros([count] + styleShape) }
    let made = tensors.map { _ in Tensor.zeros([count, 3, size, size]) }
    try batches.forEach { range, batch in
      canvas?.add(batch.pictures, range: file.pixelRange)
      styles?.sliced(range).copyInPlace(batch.w)
      made?.sliced(range).copyInPlace(batch.pictures)
      if case .folder(let folder)? = pictures {
        for index in range {
          let place = index - range.lowerBound
          try Image(batch.pictures.sliced(place..<place + 1), range: file.pixelRange)
            .writePNG(to: folder.appending(path: latents.fileName(index)))
        }
      }
    }
    if let tensors, let styles, let made { try write(styles, made, to: tensors) }
    if case .grid(let url, _)? = pictures { try canvas?.image.writePNG(to: url) }
  }

  /// One style for all layers; of styles that were given, one for each.
  private var styleShape: [Int] {
    let length = file.configuration.latentSize
    guard case .file(let latents) = latents, latents.styles != nil else { return [length] }
    return [file.configuration.styleCount, length]
  }

  private func write(_ w: Tensor, _ pictures: Tensor, to url: URL) throws {
    var result: StateDict = ["w": w, "image": pictures]
    if let discriminator = try file.makeDiscriminator(device: context.device) {
      // Logits depend on the batch: the standard deviation over groups of 4 is part of them.
      let count = pictures.shape[0]
      if count <= 4 || count % 4 == 0 {
        result["logit"] = discriminator.logits(
          of: pictures, atOnce: PictureBatching(size: size).drawnWithNoise, precision: precision)
      } else {
        context.observer.noted(
          "no logit: minibatch statistics need at most 4 pictures or a multiple of 4, not \(count)")
      }
    }
    try SafetensorsFile(tensors: result).write(to: url)
  }
}

/// Pictures that cannot be made as asked.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// What would be held in memory until the end.
  public enum Place: String, Sendable {
    /// One picture with all of them.
    case grid = "one grid"
    /// One file with all of them.
    case tensors = "one file of tensors"
  }

  /// More pictures than one grid or one file of tensors can hold.
  case tooMany(count: Int, size: Int, place: Place, mostPixels: Int)
  /// A picture that is there already.
  case pictureExists(path: String)
  /// A filter that lets hardly any picture through.
  case nothingPasses([Concept], passed: Int, drawn: Int)

  /// One sentence that says what is too much, and the way out.
  public var description: String {
    switch self {
    case .tooMany(let count, let size, let place, let mostPixels):
      "\(count) pictures of \(size)x\(size) are too many for \(place.rawValue), which memory must hold: "
        + "expected at most \(mostPixels) pixels"
        + (place == .grid ? ", and \(Image.sideLimit) in a row or a column" : "")
        + "; make fewer at a time, or a file for each picture, in a folder"
    case .nothingPasses(let concepts, let passed, let drawn):
      "the filter let \(passed) of \(drawn) pictures through, and saw "
        + concepts.map { "'\($0.name)'" }.joined(separator: " or ")
        + " in the others: expected at least one in \(LatentFilter.mostDraws): ask it for fewer classes, or see "
        + "without it whether judge and pixel range fit this generator"
    case .pictureExists(let path):
      "\(path) already exists, and lethe never overwrites anything: name another folder or remove it"
    }
  }
}
