import TestSupport
import Torch
import TorchNN

/// Weights that Scripts/fixtures computes from names and positions as well, so that no fixture holds them.
enum HashedWeights {
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
  static func tensor(_ name: String, shape: [Int]) -> Tensor {
    Tensor(values(name, count: shape.reduce(1, *)).map(Float.init), shape: shape)
  }

  /// The tensors of a network, as `fill` of make_resnet.py has them.
  static func tensors(of parameters: ParameterVector) -> StateDict {
    var result = StateDict()
    for parameter in parameters.parameters {
      let x = values(parameter.name, count: parameter.elementCount)
      let perOutput = parameter.elementCount / max(1, parameter.shape[0])
      let scaled: [Double] =
        if parameter.name.hasSuffix("running_var") {
          x.map { 1 + 0.5 * $0 }
        } else if parameter.shape.count == 1 && parameter.name.hasSuffix("weight") {
          x.map { 1 + 0.2 * $0 }
        } else if parameter.shape.count == 1 {
          x.map { 0.1 * $0 }
        } else {
          x.map { $0 * (3 / Double(perOutput)).squareRoot() }
        }
      result[parameter.name] = Tensor(scaled.map(Float.init), shape: parameter.shape)
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
