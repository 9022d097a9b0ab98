public import Torch
public import TorchNN

/// Weights that Scripts/fixtures computes from names and positions as well, so that no fixture holds them.
public enum HashedWeights {
  /// Numbers in -1..1 from a hash of the name and the position (splitmix64).
  private static func values(_ name: String, count: Int) -> [Double] {
    let start = UInt64(crc32(name)) << 32
    return (0..<UInt64(count)).map { position in
      var x = (start &+ position) &+ 0x9E37_79B9_7F4A_7C15
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      x ^= x >> 31
      return Double(x >> 40) / Double(1 << 23) - 1
    }
  }

  /// Numbers in -1..1, as `values` of make_resnet.py has them.
  ///
  /// - Parameters:
  ///   - name: what they are hashed from.
  ///   - shape: the sizes.
  /// - Returns: the numbers.
  public static func tensor(_ name: String, shape: [Int]) -> Tensor {
    Tensor(values(name, count: shape.reduce(1, *)).map(Float.init), shape: shape)
  }

  /// The tensors of a network, as `fill` of make_resnet.py has them.
  ///
  /// - Parameter parameters: the network's.
  /// - Returns: one tensor for each.
  public static func tensors(of parameters: ParameterVector) -> StateDict {
    tensors(of: parameters.parameters.map { ($0.name, $0.shape) })
  }

  /// Tensors of these names and sizes, as `fill` of make_resnet.py has them.
  ///
  /// - Parameter shapes: names and sizes, such as those of a `ParameterScope`.
  /// - Returns: one tensor for each.
  public static func tensors(of shapes: [(name: String, shape: [Int])]) -> StateDict {
    var result = StateDict()
    for (name, shape) in shapes {
      let count = shape.reduce(1, *)
      let x = values(name, count: count)
      let perOutput = count / max(1, shape.first ?? 1)
      let scaled: [Double] =
        if name.hasSuffix("running_var") {
          x.map { 1 + 0.5 * $0 }
        } else if shape.count == 1 && name.hasSuffix("weight") {
          x.map { 1 + 0.2 * $0 }
        } else if shape.count == 1 {
          x.map { 0.1 * $0 }
        } else {
          x.map { $0 * (3 / Double(perOutput)).squareRoot() }
        }
      result[name] = Tensor(scaled.map(Float.init), shape: shape)
    }
    return result
  }

  private static func crc32(_ text: String) -> UInt32 {
    var sum: UInt32 = ~0
    for byte in text.utf8 {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
