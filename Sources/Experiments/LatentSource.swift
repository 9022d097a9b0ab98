import GANs
import Torch

/// Where the latents of pictures come from.
public enum LatentSource {
  /// So many, drawn one after another from the seed of the experiment.
  case drawn(count: Int)
  /// One for each seed: a picture depends on its own seed, and not on the others.
  case seeds([UInt64])
  /// Those of a file.
  case file(LatentFile)

  /// How many pictures they make.
  public var count: Int {
    switch self {
    case .drawn(let count): count
    case .seeds(let seeds): seeds.count
    case .file(let file): file.count
    }
  }

  /// The random numbers of a seed's latents: on the CPU, so that a seed means the same pictures on every
  /// device.
  static func random(_ seed: UInt64) -> RandomGenerator {
    RandomGenerator(seed: seed).split("generate: latents")
  }

  /// The latents of seeds, as every command draws them.
  ///
  /// - Parameters:
  ///   - seeds: at least one.
  ///   - length: of each latent.
  /// - Returns: `[N, length]`.
  static func latents(ofSeeds seeds: [UInt64], length: Int) -> Tensor {
    .concatenated(seeds.map { random($0).normal([1, length]) })
  }

  /// Whether further ones can be drawn.
  var areDrawn: Bool { if case .drawn = self { true } else { false } }

  /// Whether they are brought along, and not drawn.
  var areGiven: Bool { if case .file = self { true } else { false } }

  /// What the file of a single picture is called: its seed, or its number where all have one seed.
  ///
  /// - Parameter index: the picture's.
  /// - Returns: such as `seed0007.png` or `000007.png`; a name does not depend on the other pictures.
  func fileName(_ index: Int) -> String {
    guard case .seeds(let seeds) = self else { return Self.padded(index, to: 6) + ".png" }
    return "seed" + Self.padded(seeds[index], to: 4) + ".png"
  }

  /// The first of some names that one of the pictures would have as well.
  func firstFile(among names: [String]) -> String? {
    guard case .seeds(let seeds) = self else {
      return names.first { name in
        Int(name.dropLast(4)).map { (0..<count).contains($0) && fileName($0) == name } ?? false
      }
    }
    let own = Set(seeds.indices.map(fileName))
    return names.first(where: own.contains)
  }

  private static func padded(_ number: some BinaryInteger, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
