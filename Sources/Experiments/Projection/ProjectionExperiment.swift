import Checkpoints
import Datasets
public import Extractors
import Files
public import Foundation
public import GANs
import Judging
import Records
import Runs
import Torch
import TorchNN

/// Pictures as a generator would make them: the styles whose pictures are most like files of a user.
public struct ProjectionExperiment {
  /// What became of a picture.
  public struct Projected: Sendable {
    /// The file.
    public let file: String
    /// The name of its projection in the folder.
    public let name: String
    /// What was done to the picture before, in words; nil for nothing.
    public let changes: String?
    /// The error at the mean style.
    public let before: ProjectionError
    /// The error of the projection.
    public let after: ProjectionError
  }

  /// What a projection leaves behind.
  public struct Outcome: Sendable {
    /// The folder.
    public let folder: URL
    /// What became of each picture, in the order given.
    public let pictures: [Projected]
    /// What was made smaller, in a few words.
    public let loss: String
    /// How long a picture took.
    public let secondsPerPicture: Double
  }

  /// The GAN.
  public var file: GANFile
  /// The pictures, PNG or JPEG.
  public var pictures: [URL]
  /// The folder for everything that is written; it must not exist.
  public var output: URL
  /// How styles are searched for.
  public var settings: ProjectionSettings
  /// What is made smaller; nil for the mean squared difference of pixels.
  public var distance: LPIPS?
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// A projection.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - pictures: PNG or JPEG files, at least one.
  ///   - output: the folder for everything that is written, in a folder that exists.
  ///   - settings: how styles are searched for.
  ///   - distance: what is made smaller; nil for the mean squared difference of pixels.
  ///   - context: seed, device, observer, cancellation.
  /// - Throws: ``OutputFileError`` for a folder that cannot be made.
  public init(
    _ file: GANFile, pictures: [URL], output: String,
    settings: ProjectionSettings = ProjectionSettings(), distance: LPIPS? = nil,
    context: ExperimentContext = ExperimentContext()
  ) throws {
    self.file = file
    self.pictures = pictures
    self.output = try OutputFile.check(output)
    if self.output.isStream { throw OutputFileError.alreadyExists(path: output) }
    self.settings = settings
    self.distance = distance
    self.context = context
  }

  /// Projects the pictures and writes the folder, whole or not at all.
  ///
  /// - Returns: what became of each picture.
  /// - Throws: ``ProjectionFailure``, `DatasetError` for a picture that cannot be read, ``Cancelled``, what the
  ///   disk refuses.
  public func run() throws -> Outcome {
    let names = try fileNames()
    try requireFit()
    let squares = try pictures.map { try SquarePicture($0, size: size) }
    for (url, square) in zip(pictures, squares) {
      if let changes = square.changes {
        context.observer.noted("\(url.path) is \(changes), as pictures of a data set are")
      }
    }
    let generator = try file.makeGenerator(device: context.device)
    if settings.noise == .fixed { context.observer.noted(file, for: [.fixedNoise]) }
    let targets = PixelRange.minusOneToOne.picture(
      fromBytes: .concatenated(squares.map(\.bytes)))
    let start = ContinuousClock.now
    let projector = try Projector(
      generator, settings, distance: distance, using: context.random)
    let results = try project(targets, by: projector)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let (before, after) = (results.flatMap(\.before), results.flatMap(\.after))
    let projected = pictures.indices.map { index in
      Projected(
        file: pictures[index].path, name: names[index], changes: squares[index].changes,
        before: before[index], after: after[index])
    }
    let outcome = Outcome(
      folder: output, pictures: projected, loss: loss,
      secondsPerPicture: seconds / Double(pictures.count))
    try write(results, of: targets, outcome, deviation: projector.styleDeviation)
    return outcome
  }

  private var size: Int { file.configuration.size }

  /// What is made smaller, in a few words.
  private var loss: String { distance?.name ?? "mean squared difference of pixels" }

  /// The name of each picture's projection.
  private func fileNames() throws(ProjectionFailure) -> [String] {
    let names = pictures.map { $0.deletingPathExtension().lastPathComponent + ".png" }
    for (index, name) in names.enumerated() {
      if pictures[index].fileKind == .folder { throw .folder(path: pictures[index].path) }
      // Some file systems do not tell cases apart.
      if let other = names[..<index].firstIndex(where: { $0.lowercased() == name.lowercased() }) {
        throw .sameName(name: name, files: [pictures[other].path, pictures[index].path])
      }
    }
    return names
  }

  private func requireFit() throws(ProjectionFailure) {
    if let distance, size < distance.smallestSize {
      throw .tooSmall(
        gan: file.path, size: size, distance: distance.name, smallest: distance.smallestSize)
    }
    guard pictures.count <= Image.defaultPixelLimit / (size * size) else {
      throw .tooMany(
        count: pictures.count, size: size, mostPixels: Image.defaultPixelLimit)
    }
  }

  /// Projects all pictures, as many at once as memory holds.
  private func project(_ targets: Tensor, by projector: Projector) throws -> [Projector.Result] {
    let (count, atOnce) = (pictures.count, projector.pictureCountAtOnce)
    let groups = stride(from: 0, to: count, by: atOnce).map { $0..<min($0 + atOnce, count) }
    let task = RunTask(
      .makingPictures, label: "project", total: groups.count * settings.steps)
    return try context.during(task) { progress in
      try groups.enumerated().map { index, group in
        try projector.project(targets.sliced(group)) { step in
          try progress(index * settings.steps + step)
        }
      }
    }
  }

  private func write(
    _ results: [Projector.Result], of targets: Tensor, _ outcome: Outcome, deviation: Double
  ) throws {
    var tensors: StateDict = ["w": .concatenated(results.map(\.styles))]
    for index in results[0].noise.indices {
      tensors[LatentFile.noiseName(index)] = .concatenated(results.map { $0.noise[index] })
    }
    let record = JSON.object(try record(outcome, deviation: deviation)).encoded()
    let made = Tensor.concatenated(results.map(\.pictures))
    try AtomicFile.createFolder(output) { folder in
      let single = folder.appending(path: "pictures")
      try FileManager.default.createDirectory(at: single, withIntermediateDirectories: false)
      for (index, picture) in outcome.pictures.enumerated() {
        try Image(made.sliced(index..<index + 1), range: .minusOneToOne)
          .writePNG(to: single.appending(path: picture.name))
      }
      try AtomicFile.write(grid(targets, made), to: folder.appending(path: "grid.png"))
      try SafetensorsFile(tensors: tensors, metadata: ["lethe.projection": record])
        .write(to: folder.appending(path: "projection.safetensors"))
      try AtomicFile.write(record + "\n", to: folder.appending(path: "projection.json"))
    }
  }

  /// Each picture beside its projection, one pair in a row, or four where there are many.
  private func grid(_ targets: Tensor, _ made: Tensor) throws -> Data {
    let count = targets.shape[0]
    let layout = ImageGrid(columns: count > 8 ? 8 : 2)
    var canvas = GridCanvas(layout, count: 2 * count, channels: 3, side: (size, size))
    for index in 0..<count {
      let pair = Tensor.concatenated([targets, made].map { $0.sliced(index..<index + 1) })
      canvas.add(pair, range: .minusOneToOne)
    }
    return try canvas.image.pngData()
  }

  private func record(_ outcome: Outcome, deviation: Double) throws -> JSON.Object {
    [
      "gan": JSON(file.path), "parameters_sha256": JSON(try file.parametersDigest()),
      "pixel_range": JSON(file.pixelRange.rawValue),
      "space": JSON(settings.space.rawValue), "steps": JSON(settings.steps),
      "learning_rate": JSON(ProjectionSettings.learningRate),
      "noise": JSON(settings.noise.rawValue),
      "noise_weight": settings.noise == .fixed ? .null : JSON(ProjectionSettings.noiseWeight),
      "style_count": JSON(ProjectionSettings.styleCount), "style_deviation": JSON(deviation),
      "loss": JSON(outcome.loss), "distance": distance?.json ?? .null,
      "seed": JSON(context.seed), "device": JSON("\(context.device)"),
      "threads": JSON(Torch.threadCount), "version": JSON(Release.version),
      "seconds_per_picture": JSON(outcome.secondsPerPicture),
      "pictures": .array(
        outcome.pictures.map { picture in
          [
            "file": JSON(picture.file), "name": JSON(picture.name),
            "changes": JSON(picture.changes),
            "error_before": JSON(picture.before.pixels), "error": JSON(picture.after.pixels),
            "distance_before": JSON(picture.before.distance),
            "distance": JSON(picture.after.distance),
          ]
        }),
    ]
  }
}
