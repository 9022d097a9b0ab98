import Checkpoints
public import Foundation
public import GANs
public import Torch

/// Latents that a user brings along: z, and for mixed pictures a second z and the layer where its
/// style takes over; or styles w, with noise maps where pictures had their own.
public struct LatentFile {
  /// `[N, inputSize]`; nil where there are styles.
  public let z: Tensor?
  /// `[N, styleCount, latentSize]`; nil where there are latents z.
  public let styles: Tensor?
  /// One map `[N or 1, 1, r, r]` for each of the network's, which belong to the styles; nil where the
  /// file has none.
  public let noise: [Tensor]?
  /// The second latents, `[N, inputSize]`, and the first layer that takes their styles.
  public let mix: (z: Tensor, inject: Int)?
  /// Tensors of the file that mean nothing here.
  public let ignored: [String]

  /// How many pictures they make.
  public var count: Int { (z ?? styles)?.shape[0] ?? 0 }

  /// Reads `z`, `z2` and `inject`, or `w` and `noise_0`, `noise_1` ..., and checks them against the network.
  ///
  /// - Parameters:
  ///   - url: a safetensors file, or anything else that checkpoints are read from.
  ///   - configuration: the network's sizes.
  /// - Throws: `CheckpointError`, ``LatentFileError``.
  public init(_ url: URL, for configuration: any GANConfiguration) throws {
    try self.init(Checkpoint.read(url), path: url.path, for: configuration)
  }

  init(_ checkpoint: Checkpoint, path: String, for configuration: any GANConfiguration) throws {
    let tensors = checkpoint.tensors
    guard let first = tensors["z"] else {
      guard let w = tensors["w"] else {
        throw LatentFileError.missing(file: path, found: tensors.keys)
      }
      let styles = try Self.styles(w, path, configuration)
      let names = configuration.noiseSizes.indices.map(Self.noiseName)
      (z, mix, self.styles) = (nil, nil, styles)
      noise = try Self.noise(tensors, names, count: styles.shape[0], path, configuration)
      ignored = tensors.keys.filter { $0 != "w" && !names.contains($0) }
      try checkpoint.requireUnchanged()
      return
    }
    (styles, noise) = (nil, nil)
    let z = try Self.latents(first, "z", path, configuration)
    self.z = z
    ignored = tensors.keys.filter { !["z", "z2", "inject"].contains($0) }
    let inject = try Self.inject(checkpoint, path)
    switch (tensors["z2"], inject) {
    case (nil, nil):
      mix = nil
    case (nil, _):
      throw LatentFileError.alone(file: path, name: "inject", other: "z2")
    case (_, nil):
      throw LatentFileError.alone(file: path, name: "z2", other: "inject")
    case (let second?, let inject?):
      let z2 = try Self.latents(second, "z2", path, configuration)
      guard z2.shape == z.shape else {
        throw LatentFileError.differentCounts(file: path, z: z.shape[0], z2: z2.shape[0])
      }
      let last = configuration.styleCount - 1
      guard (1...last).contains(inject) else {
        throw LatentFileError.injectOutOfRange(file: path, value: inject, last: last)
      }
      mix = (z2, inject)
    }
    try checkpoint.requireUnchanged()
  }

  /// The name of a noise map in such a file.
  static func noiseName(_ index: Int) -> String { "noise_\(index)" }

  /// Styles for each layer, from one for all or one for each.
  private static func styles(
    _ tensor: Tensor, _ path: String, _ configuration: any GANConfiguration
  ) throws -> Tensor {
    let (shape, layers, length) = (
      tensor.shape, configuration.styleCount, configuration.latentSize
    )
    guard let count = shape.first, count > 0, tensor.scalarType.isFloatingPoint,
      [[count, length], [count, 1, length], [count, layers, length]].contains(shape)
    else {
      throw LatentFileError.wrongStyles(
        file: path, found: "\(tensor)", layers: layers, latentSize: length)
    }
    let styles = try finite(tensor, "w", path)
    let layered = styles.reshaped([count, shape.count == 3 ? shape[1] : 1, length])
    return layered.expanded([count, layers, length]).contiguous()
  }

  /// All noise maps, or nil where the file has none.
  private static func noise(
    _ tensors: StateDict, _ names: [String], count: Int, _ path: String,
    _ configuration: any GANConfiguration
  ) throws -> [Tensor]? {
    guard names.contains(where: { tensors[$0] != nil }) else { return nil }
    return try zip(names, configuration.noiseSizes).map { name, side in
      let expected = "[\(count == 1 ? "1" : "\(count) or 1"), 1, \(side), \(side)]"
      guard let map = tensors[name] else {
        throw LatentFileError.wrongNoise(
          file: path, name: name, found: "missing", expected: expected)
      }
      guard map.scalarType.isFloatingPoint,
        [[count, 1, side, side], [1, 1, side, side]].contains(map.shape)
      else {
        throw LatentFileError.wrongNoise(
          file: path, name: name, found: "\(map)", expected: expected)
      }
      return try finite(map, name, path)
    }
  }

  /// A tensor of numbers, copied out of the file.
  private static func finite(_ tensor: Tensor, _ name: String, _ path: String) throws -> Tensor {
    guard tensor.isFinite().to(.uint8).min().item() == 1 else {
      throw LatentFileError.notFinite(file: path, name: name)
    }
    return tensor.scalarType == .float32 ? tensor.clone() : tensor.to(.float32)
  }

  /// Checked, and copied out of the file.
  private static func latents(
    _ tensor: Tensor, _ name: String, _ path: String, _ configuration: any GANConfiguration
  ) throws -> Tensor {
    guard tensor.rank == 2, tensor.shape[0] > 0, tensor.shape[1] == configuration.inputSize,
      tensor.scalarType.isFloatingPoint
    else {
      throw LatentFileError.wrongShape(
        file: path, name: name, found: "\(tensor)", latentSize: configuration.latentSize,
        classCount: configuration.classCount)
    }
    return try finite(tensor, name, path)
  }

  /// A tensor of one integer, or the same in the file's metadata.
  private static func inject(_ checkpoint: Checkpoint, _ path: String) throws -> Int? {
    if let tensor = checkpoint.tensors["inject"] {
      guard tensor.elementCount == 1, let value = Int(exactly: tensor.item()) else {
        throw LatentFileError.injectNotAnInteger(file: path, found: "\(tensor)")
      }
      return value
    }
    guard let value = checkpoint.value(at: "inject") else { return nil }
    guard let number = value.integer ?? value.text.flatMap({ Int($0) }) else {
      throw LatentFileError.injectNotAnInteger(file: path, found: "\(value)")
    }
    return number
  }
}

extension ScalarType {
  /// Whether elements may have a fraction.
  fileprivate var isFloatingPoint: Bool {
    [.float64, .float32, .float16, .bfloat16].contains(self)
  }
}

/// A file of latents that a network cannot take.
public enum LatentFileError: Error, Equatable, CustomStringConvertible {
  /// No latents.
  case missing(file: String, found: [String])
  /// Latents of another shape or type.
  case wrongShape(
    file: String, name: String, found: String, latentSize: Int, classCount: Int)
  /// Styles of another shape or type.
  case wrongStyles(file: String, found: String, layers: Int, latentSize: Int)
  /// A noise map that is not there, or of another shape or type.
  case wrongNoise(file: String, name: String, found: String, expected: String)
  /// Latents that are not numbers.
  case notFinite(file: String, name: String)
  /// A second latent without a layer, or a layer without a second latent.
  case alone(file: String, name: String, other: String)
  /// More first latents than second ones, or fewer.
  case differentCounts(file: String, z: Int, z2: Int)
  /// A layer that is no integer.
  case injectNotAnInteger(file: String, found: String)
  /// A layer that the network does not have.
  case injectOutOfRange(file: String, value: Int, last: Int)

  /// One sentence that names the file, the tensor and what was expected.
  public var description: String {
    switch self {
    case .missing(let file, let found):
      "\(file) has no tensor z or w; expected latents z [N, latent size] or styles w, found "
        + (found.isEmpty
          ? "no tensors"
          : found.prefix(5).joined(separator: ", ") + (found.count > 5 ? " and more" : ""))
    case .wrongShape(let file, let name, let found, let latentSize, let classCount):
      "\(file): \(name) is \(found), expected floating-point [N, \(latentSize + classCount)], the "
        + "network's latent size"
        + (classCount == 0
          ? ""
          : " and a number for each of its \(classCount) classes, the largest of which is told")
    case .wrongStyles(let file, let found, let layers, let latentSize):
      "\(file): w is \(found), expected floating-point [N, \(latentSize)], one style for all layers, or "
        + "[N, \(layers), \(latentSize)], one for each"
    case .wrongNoise(let file, let name, let found, let expected):
      "\(file): \(name) is \(found), expected floating-point \(expected): a file with styles has all noise "
        + "maps of the network or none"
    case .notFinite(let file, let name):
      "\(file): \(name) has elements that are infinite or not a number"
    case .alone(let file, let name, let other):
      "\(file) has \(name) but no \(other); mixed pictures need z2 and inject, the first layer that "
        + "takes z2's style"
    case .differentCounts(let file, let z, let z2):
      "\(file): \(z) latents z but \(z2) z2, expected as many"
    case .injectNotAnInteger(let file, let found):
      "\(file): inject is \(found), expected one integer"
    case .injectOutOfRange(let file, let value, let last):
      "\(file): inject is \(value), expected 1 to \(last), a layer of the network"
    }
  }
}
