/// Temporary.
public enum PixelRange: String, Sendable, Codable {
  /// a
  case minusOneToOne
  /// b
  case zeroToOne
  /// c
  public func converted(_ x: Tensor, to: PixelRange) -> Tensor {
    self == to ? x : self == .minusOneToOne ? (x + 1) * 0.5 : x * 2 - 1
  }
}
