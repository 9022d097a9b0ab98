import CTorch

/// How precisely a network's convolutions, and the activations between them, are computed.
///
/// A choice of speed. What is trained, what is averaged and what is measured stays `float32`
/// (Docs/Architecture.md, "Mixed precision").
public enum Precision: String, Sendable, CaseIterable, Codable {
  /// `float32` throughout.
  case fp32
  /// `bfloat16`: activations take half the memory, convolutions less time on processors.
  case bf16
  /// `float16` where pictures are large: half the memory there, and fast on GPUs.
  case fp16

  /// Whether libtorch's own convolutions on this processor are no slower in this precision than in fp32.
  public var isFastInLibtorch: Bool {
    switch self {
    case .fp32: true
    case .bf16: ct_cpu_multiplies_bfloat16_faster()
    case .fp16: false
    }
  }

  /// Throws unless networks can be computed in this precision on the device.
  ///
  /// - Parameter device: where the networks live.
  /// - Throws: ``TorchError/precisionUnavailable(_:device:found:)``.
  public func requireAvailable(on device: Device) throws(TorchError) {
    let isAvailable =
      switch self {
      case .fp32: true
      case .bf16: device.kind == .cpu && ct_cpu_computes_bfloat16()
      case .fp16: device.kind != .cpu
      }
    guard isAvailable else {
      throw .precisionUnavailable(
        self, device: device, found: String(cString: ct_cpu_capability()))
    }
  }
}
