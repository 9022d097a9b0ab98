import CTorch

/// Where a tensor lives and its operators run.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  /// The kinds of device that libtorch builds offer.
  public enum Kind: String, Sendable, CaseIterable {
    /// The host's processor: always available.
    case cpu
    /// An NVIDIA GPU, with a CUDA build of libtorch.
    case cuda
    /// An Apple GPU, with a macOS build of libtorch.
    case mps
  }

  /// The kind of device.
  public let kind: Kind
  /// Which of several; 0 is the first.
  public let index: Int

  /// The host's processor.
  public static let cpu = Device(kind: .cpu, index: 0)

  /// A device, available or not.
  ///
  /// - Parameters:
  ///   - kind: the kind of device.
  ///   - index: which of several; 0 is the first.
  public init(kind: Kind, index: Int = 0) {
    self.kind = kind
    self.index = index
  }

  /// Reads `cpu`, `cuda`, `cuda:1` or `mps`; nil for anything else.
  ///
  /// - Parameter name: the spelling that PyTorch uses too.
  public init?(name: String) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.first, let kind = Kind(rawValue: String(first)), parts.count <= 2 else {
      return nil
    }
    guard parts.count == 2 else {
      self.init(kind: kind)
      return
    }
    guard let index = Int(parts[1]), index >= 0, kind == .cuda || index == 0 else { return nil }
    self.init(kind: kind, index: index)
  }

  /// `cpu`, `cuda:0`, `mps`.
  public var description: String { kind == .cuda ? "cuda:\(index)" : kind.rawValue }

  /// Throws unless the device can be used on this machine by this libtorch.
  ///
  /// - Throws: ``TorchError/deviceNotBuiltIn(_:)``, ``TorchError/noDevice(_:)`` or
  ///   ``TorchError/deviceIndexBeyond(_:count:)``.
  public func requireAvailable() throws(TorchError) {
    guard ct_device_is_built_in(raw.kind) else { throw .deviceNotBuiltIn(self) }
    let count = Int(ct_device_count(raw.kind))
    guard count > 0 else { throw .noDevice(self) }
    guard index < count else { throw .deviceIndexBeyond(self, count: count) }
  }

  init(_ raw: ct_device) {
    let kind: Kind =
      switch raw.kind {
      case ct_cuda: .cuda
      case ct_mps: .mps
      default: .cpu
      }
    self.init(kind: kind, index: Int(raw.index))
  }

  var raw: ct_device {
    let kind: ct_device_kind =
      switch kind {
      case .cpu: ct_cpu
      case .cuda: ct_cuda
      case .mps: ct_mps
      }
    return ct_device(kind: kind, index: Int32(index))
  }
}
