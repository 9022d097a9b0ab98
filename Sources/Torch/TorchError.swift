package import CTorch

/// A failure of the tensor engine that comes from the world: a device, memory, bytes of a file.
///
/// Mistakes in code (a shape that does not fit another) trap instead, with the operation and the
/// message of libtorch, which names the shapes (Docs/Architecture.md, decision 4).
public enum TorchError: Error, Equatable, CustomStringConvertible {
  /// libtorch refused `operation`; `message` is its own sentence.
  case refused(operation: String, message: String)
  /// `operation` asked for more memory than there is.
  case outOfMemory(operation: String, message: String)
  /// This libtorch was built for other kinds of device.
  case deviceNotBuiltIn(Device)
  /// This machine has no visible device of that kind.
  case noDevice(Device)
  /// The index exceeds the number of devices of that kind.
  case deviceIndexBeyond(Device, count: Int)
  /// The device does not compute in this precision; `found` is the processor's vector instructions.
  case precisionUnavailable(Precision, device: Device, found: String)
  /// No graphs can be recorded on the device; `areBuiltIn` is whether this build could elsewhere.
  case graphsUnavailable(Device, areBuiltIn: Bool)

  /// One sentence that names the operation and the way out.
  public var description: String {
    switch self {
    case .refused(let operation, let message):
      "libtorch refused \(operation): \(message)"
    case .outOfMemory(let operation, let message):
      "out of memory in \(operation): a smaller batch needs less (\(message))"
    case .deviceNotBuiltIn(let device):
      "device \(device) is not available: libtorch \(Torch.version) was built without "
        + "\(device.kind.rawValue.uppercased()); "
        + (device.kind == .mps
          ? "that is for Apple's GPUs, with macOS; " : "link a build with it (README.md); ")
        + "the device cpu always works"
    case .noDevice(let device):
      "device \(device) is not available: libtorch \(Torch.version) finds no "
        + "\(device.kind.rawValue.uppercased()) device on this machine; check the driver"
        + (device.kind == .cuda ? " (nvidia-smi) and CUDA_VISIBLE_DEVICES" : "")
        + "; the device cpu always works"
    case .deviceIndexBeyond(let device, let count):
      "device \(device) is not available: this machine has "
        + (count == 1 ? "one such device, cuda:0" : "\(count), cuda:0 to cuda:\(count - 1)")
    case .precisionUnavailable(let precision, let device, let found):
      "precision \(precision.rawValue) is not available on \(device): "
        + Self.reason(precision, device, found: found) + "; fp32 always works"
    case .graphsUnavailable(let device, let areBuiltIn):
      "CUDA graphs are not available on \(device): "
        + (device.kind != .cuda
          ? "they are for the device cuda"
          : areBuiltIn
            ? "libtorch \(Torch.version) records none there"
            : "they need libtorch 2.13 or newer, and lethe was built with \(Torch.version)")
        + "; training works without them"
    }
  }
}

extension TorchError {
  /// Why a device does not compute in a precision, and what does.
  private static func reason(_ precision: Precision, _ device: Device, found: String) -> String {
    switch (precision, device.kind) {
    case (.fp16, _):
      "it is made for GPUs, and libtorch emulates it on processors; take the device cuda or mps, or bf16 where the processor has it"
    case (_, .cpu):
      "it needs a processor with AVX2 or AVX-512, and libtorch uses \(found) here"
    default:
      "it is made for processors, so take the device cpu, or fp16"
    }
  }
}

/// Throws the error of a failed C call.
package func check(_ status: ct_status, _ operation: String = #function) throws(TorchError) {
  guard status != 0 else { return }
  let message = String(cString: ct_last_error())
  throw status == 2
    ? .outOfMemory(operation: operation, message: message)
    : .refused(operation: operation, message: message)
}

/// Traps if a C call failed, because the mistake is in our code; memory that ran out goes to whom
/// ``Torch/onOutOfMemory(_:)`` named, because operators cannot throw.
package func must(_ status: ct_status, _ operation: String, _ operands: [Tensor] = []) {
  guard status != 0 else { return }
  if status == 2 { Torch.endOutOfMemory("the operator '\(operation)'") }
  let shapes = operands.map { "\($0.shape)" }.joined(separator: ", ")
  fatalError("\(operation)(\(shapes)): \(String(cString: ct_last_error()))")
}
