import Foundation
import Torch
/// Temporary.
public struct Checkpoint {
  /// t
  public var tensors: StateDict
  /// m
  public var metadata: [String: String]
  /// n
  public func number(_ path: String) -> Double? { nil }
  /// r
  public static func read(_ url: URL) throws -> Checkpoint {
    let f = try SafetensorsFile.read(url)
    return Checkpoint(tensors: f.tensors, metadata: f.metadata)
  }
}
