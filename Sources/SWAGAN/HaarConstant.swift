import GANs
import StyleGAN2
import Torch

/// A wavelet that the networks of the public scripts keep as a constant: 2x2 halves with signs.
struct HaarConstant {
  /// The wavelets' names, in the order of the coefficients.
  static let names = ["ll", "lh", "hl", "hh"]

  /// The four numbers, row by row.
  let values: [Float]

  /// The constant of a name such as `to_rgbs.0.iwt.lh`; nil for other names.
  ///
  /// The scripts filter with a kernel that is turned around. They keep it before it is turned, so that
  /// LH and HL of a forward transform (`dwt`) have the signs of ours turned, and those of an inverse one
  /// (`iwt`) ours.
  init?(name: String) {
    let parts = name.split(separator: ".").suffix(2).map(String.init)
    guard parts.count == 2, ["dwt", "iwt"].contains(parts[0]),
      let index = Self.names.firstIndex(of: parts[1])
    else { return nil }
    let sign: Float = parts[0] == "dwt" && (index == 1 || index == 2) ? -0.5 : 0.5
    let signs: [[Float]] = [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]
    values = signs[index].map { $0 * sign }
  }

  /// Whether a tensor holds the numbers, up to the rounding of half precision.
  func isEqual(to tensor: Tensor) -> Bool {
    guard tensor.elementCount == values.count else { return false }
    return zip(tensor.array(of: Double.self), values).allSatisfy { abs($0 - Double($1)) < 1e-3 }
  }
}

extension PublicConstant {
  /// Wavelets.
  static let wavelet = PublicConstant(
    hasName: { HaarConstant(name: $0) != nil }, reason: "constant: a Haar wavelet, verified",
    isRight: { tensor, name in HaarConstant(name: name)?.isEqual(to: tensor) ?? false },
    refusal: { .foreignWavelet(file: $0, key: $1) })
}

extension PublicLayout {
  /// The four constants of a transform, such as `to_rgbs.0.iwt`.
  static func wavelets(_ transform: String) -> [Entry] {
    HaarConstant.names.compactMap { wavelet in
      let name = "\(transform).\(wavelet)"
      return HaarConstant(name: name).map {
        .constant(name, Tensor($0.values, shape: [2, 2]))
      }
    }
  }
}
