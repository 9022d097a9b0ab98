import Datasets
import Files
public import Foundation
public import GANs
import Records
import Torch
import TorchNN

/// Pictures that belong together, in one: between generators, between latents, of mixed styles, along
/// directions; still, or as an animation.
public struct GridExperiment {
  /// What a grid shows.
  public enum Kind {
    /// The same latents from generators at points of the line through others (γ 0, their mean) and the GAN
    /// (γ 1).
    case interpolation(others: [GANFile], gammas: [Double], seeds: [UInt64])
    /// The coarse styles of rows, the fine ones of columns; nil mixes in the middle.
    case mixing(coarse: [UInt64], fine: [UInt64], crossover: Int?)
    /// What lies between seeds that follow one another.
    case walk(seeds: [UInt64], steps: Int, space: WalkSpace)
    /// Steps along some directions of the style space.
    case directions(DirectionFile, numbers: [Int], degree: Double, steps: Int, seeds: [UInt64])
  }

  /// Where it goes.
  public enum Destination {
    /// One PNG.
    case picture(URL)
    /// One animated PNG.
    case animation(URL, frames: Int, framesPerSecond: Int)
    /// A PNG for each direction, in a folder that does not exist.
    case folder(URL)

    /// The file or the folder.
    public var url: URL {
      switch self {
      case .picture(let url), .animation(let url, _, _), .folder(let url): url
      }
    }
  }

  /// What was made, in words.
  public struct Outcome: Sendable {
    /// Such as `5 x 3 pictures`.
    public let content: String
    /// What rows and columns are.
    public let caption: String
  }

  /// The GAN.
  public var file: GANFile
  /// What the grid shows.
  public var kind: Kind
  /// Where it goes.
  public var destination: Destination
  /// How far styles are from the mean: 1 leaves them, 0 makes all the mean.
  public var truncationPsi: Double
  /// Whether other generators are taken although their records say that they belong to another GAN.
  public var acceptsMismatch: Bool
  /// Seed of the mean style, device, observer, cancellation.
  public var context: ExperimentContext

  /// A grid.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - kind: what the grid shows.
  ///   - destination: where it goes.
  ///   - truncationPsi: how far styles are from the mean.
  ///   - acceptsMismatch: whether other generators are taken although their records say that they belong to
  ///     another GAN.
  ///   - context: device, observer, cancellation.
  public init(
    _ file: GANFile, _ kind: Kind, to destination: Destination, truncationPsi: Double = 1,
    acceptsMismatch: Bool = false, context: ExperimentContext = ExperimentContext()
  ) {
    self.file = file
    self.kind = kind
    self.destination = destination
    self.truncationPsi = truncationPsi
    self.acceptsMismatch = acceptsMismatch
    self.context = context
  }

  /// Makes the grid; what is written appears whole or not at all.
  ///
  /// - Returns: what was made, in words.
  /// - Throws: ``GridError``, `NetworkMismatch`, ``LineageError``, ``DirectionFileError``, ``Cancelled``; what the
  ///   disk refuses.
  public func run() throws -> Outcome {
    context.observer.noted(file, for: [.fixedNoise])
    if file.configuration.classCount > 0 {
      // Generators that are compared read their files whole, with all classes.
      let wayOut =
        if case .interpolation = kind { "" } else { ": choose one to make pictures of it alone" }
      context.observer.noted(
        "\(file.path) is told one of \(file.configuration.classCount) classes, and each seed is of one that "
          + "is drawn\(wayOut)")
    }
    let plan = try plan()
    try requireBounded(plan)
    let place = try generators()
    let (size, columns) = (file.configuration.size, plan.columns)
    switch destination {
    case .picture(let url):
      let grid = try image(of: plan, by: place, columns: columns)
      try grid.writePNG(to: url)
      return Outcome(content: "\(plan.rows) x \(columns) pictures", caption: plan.caption)
    case .folder(let url):
      guard case .directions(let file, let numbers, let degree, let steps, let seeds) = kind else {
        preconditionFailure("a folder for a single grid")
      }
      // From here on Ctrl-C is heard by the loop, and what was written is removed.
      context.observer.willOpenRun()
      try AtomicFile.createFolder(url) { folder in
        for number in numbers {
          let one = DirectionsGrid(
            directions: file.directions, numbers: [number], seeds: seeds, degree: degree,
            steps: steps)
          try image(of: one, by: place, columns: columns)
            .writePNG(to: folder.appending(path: "direction-\(number).png"))
        }
      }
      return Outcome(
        content: "\(numbers.count) grids of \(seeds.count) x \(columns) pictures",
        caption: plan.caption)
    case .animation(let url, let frames, let framesPerSecond):
      guard let moving = plan as? any MovingPlan else {
        preconditionFailure("a grid that cannot move")
      }
      // A single picture needs no frame around it.
      let layout = ImageGrid(
        columns: Self.frameColumns(moving.frameCells), padding: moving.frameCells == 1 ? 0 : 2)
      let empty = GridCanvas(
        layout, count: moving.frameCells, channels: 3, side: (size, size))
      context.observer.willOpenRun()
      let task = RunTask(.makingPictures, label: "frames", total: frames)
      try context.during(task) { progress in
        try AnimatedPNG.write(
          to: url, frameCount: frames, framesPerSecond: framesPerSecond
        ) { index in
          var canvas = empty
          let part = moving.frame(at: Double(index) / Double(frames))
          canvas.put(
            place.pictures(of: part), range: file.pixelRange, into: part.cells)
          try progress(index + 1)
          return canvas.image
        }
      }
      return Outcome(
        content: "\(frames) frames, \(framesPerSecond) per second", caption: moving.frameCaption)
    }
  }

  /// Pictures beside one another in a frame: as many as make it about square.
  static func frameColumns(_ cells: Int) -> Int {
    (1...max(1, cells)).first { $0 * $0 >= cells } ?? cells
  }

  private func image(
    of plan: any GridPlan, by generators: GridGenerators, columns: Int
  ) throws -> Image {
    let size = file.configuration.size
    var canvas = GridCanvas(
      ImageGrid(columns: columns), count: plan.rows * columns, channels: 3, side: (size, size))
    let parts = plan.parts
    try context.during(
      RunTask(
        .makingPictures, label: "pictures", total: parts.reduce(0) { $0 + $1.cells.count })
    ) { progress in
      var done = 0
      for part in parts {
        canvas.put(generators.pictures(of: part), range: file.pixelRange, into: part.cells)
        done += part.cells.count
        try progress(done)
      }
    }
    return canvas.image
  }

  /// What is shown, checked against the GAN.
  private func plan() throws -> any GridPlan {
    let configuration = file.configuration
    switch kind {
    case .interpolation(let others, let gammas, let seeds):
      for other in others {
        try other.configuration.requireSameNetworks(
          as: configuration, subject: other.path, reference: file.path)
      }
      return InterpolationGrid(seeds: seeds, gammas: gammas)
    case .mixing(let coarse, let fine, let crossover):
      let last = configuration.styleCount - 1
      let layer = crossover ?? (last + 1) / 2
      guard (1...last).contains(layer) else {
        throw GridError.noCrossover(gan: file.path, layer: layer, last: last)
      }
      return MixingGrid(coarse: coarse, fine: fine, crossover: layer)
    case .walk(let seeds, let steps, let space):
      guard seeds.count > 1 else { throw GridError.nowhereToGo }
      return WalkGrid(seeds: seeds, steps: steps, space: space)
    case .directions(let directions, let numbers, let degree, let steps, let seeds):
      try directions.requireDirections(numbers)
      return DirectionsGrid(
        directions: directions.directions, numbers: numbers, seeds: seeds, degree: degree,
        steps: steps)
    }
  }

  /// What memory holds must fit, and what is written must be readable.
  private func requireBounded(_ plan: any GridPlan) throws(GridError) {
    let size = file.configuration.size
    var (rows, columns) = (plan.rows, plan.columns)
    if case .animation = destination, let moving = plan as? any MovingPlan {
      columns = Self.frameColumns(moving.frameCells)
      rows = (moving.frameCells - 1) / columns + 1
    }
    if case .folder = destination, case .directions(_, _, _, _, let seeds) = kind {
      // A picture for each direction.
      rows = seeds.count
    }
    let most = Image.defaultPixelLimit
    // Divided rather than multiplied: counts may be as large as numbers are.
    guard rows <= most / (size * size), columns <= most / (size * size) / rows else {
      throw .tooLarge(rows: rows, columns: columns, size: size, mostPixels: most)
    }
    let whole = ImageGrid(columns: columns).size(
      of: rows * columns, height: size, width: size)
    guard whole.height * whole.width <= most, max(whole.height, whole.width) <= Image.sideLimit
    else { throw .tooLarge(rows: rows, columns: columns, size: size, mostPixels: most) }
  }

  private func generators() throws -> GridGenerators {
    var sweep: ExtrapolationSweep?
    if case .interpolation(let others, _, _) = kind {
      if !acceptsMismatch { try requireRelated(others) }
      sweep = try ExtrapolationSweep(file, adapted: others, device: context.device)
    }
    return try GridGenerators(
      file, sweep: sweep, truncationPsi: truncationPsi, context: context)
  }

  /// Refuses generators that come from another GAN, where their files say so.
  private func requireRelated(_ others: [GANFile]) throws {
    for other in others {
      let lineage = try Lineage(of: other)
      if lineage.adapted != nil {
        try LineageCheck.require([other], adaptedFrom: file, to: nil, acceptsMismatch: false)
      } else {
        try LineageCheck.require(other, unlearnedFrom: file, forgetting: [])
      }
    }
  }
}

/// Who fills the cells: one generator, or one that goes along a line.
private final class GridGenerators {
  private let file: GANFile
  private let sweep: ExtrapolationSweep?
  private let truncationPsi: Double
  private let context: ExperimentContext
  private var current: (gamma: Double?, styles: GridStyles)?

  init(
    _ file: GANFile, sweep: ExtrapolationSweep?, truncationPsi: Double, context: ExperimentContext
  ) throws {
    self.file = file
    self.sweep = sweep
    self.truncationPsi = truncationPsi
    self.context = context
    if sweep == nil { current = (nil, try styles(of: file.makeGenerator(device: context.device))) }
  }

  /// The pictures of a part, in host memory.
  func pictures(of part: GridPart) -> Tensor {
    let styles = styles(at: part.gamma)
    return styles.generator.pictures(part.styles(styles), noise: .fixed).to(.cpu)
  }

  private func styles(at gamma: Double?) -> GridStyles {
    if let current, current.gamma == gamma { return current.styles }
    guard let sweep, let gamma else { preconditionFailure("no generator at \(gamma ?? .nan)") }
    let styles = movedStyles(of: sweep.generator(gamma: gamma))
    current = (gamma, styles)
    return styles
  }

  /// Toward the mean style that the file records, else toward one of latents that are drawn.
  private func styles(of generator: any GeneratorNetwork) throws -> GridStyles {
    guard truncationPsi != 1, let mean = file.meanStyle else {
      return movedStyles(of: generator)
    }
    guard mean.hasOnlyFiniteElements else {
      throw ParameterError.notFinite(name: "the mean style", file: file.path)
    }
    return GridStyles(
      generator: generator,
      truncation: Truncation(
        psi: truncationPsi, toward: mean.to(.float32).to(context.device)))
  }

  /// A generator at a point of a line has a mean style of its own.
  private func movedStyles(of generator: any GeneratorNetwork) -> GridStyles {
    guard truncationPsi != 1 else { return GridStyles(generator: generator, truncation: nil) }
    return GridStyles(
      generator: generator,
      truncation: Truncation(
        psi: truncationPsi, of: generator,
        using: context.random.split("generate: mean style")))
  }
}

/// A grid that cannot be made.
public enum GridError: Error, Equatable, CustomStringConvertible {
  /// More pictures than memory, or a reader, can hold.
  case tooLarge(rows: Int, columns: Int, size: Int, mostPixels: Int)
  /// A layer at which no styles can be mixed.
  case noCrossover(gan: String, layer: Int, last: Int)
  /// A walk from one picture.
  case nowhereToGo

  /// One sentence that says what is wrong, and the way out.
  public var description: String {
    switch self {
    case .tooLarge(let rows, let columns, let size, let mostPixels):
      "\(rows) rows of \(columns) pictures of \(size)x\(size) are too many for one picture: expected at most "
        + "\(mostPixels) pixels, and \(Image.sideLimit) in a row or a column; take fewer seeds or steps"
    case .noCrossover(let gan, let layer, let last):
      "\(gan) cannot change styles at layer \(layer): expected 1 to \(last), the first layer that takes the "
        + "columns' styles"
    case .nowhereToGo:
      "a walk goes from one picture to another: name two seeds or more, such as 0-3"
    }
  }
}
