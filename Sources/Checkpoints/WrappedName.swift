/// What programs put before, and between, the names of a network's tensors.
///
/// A network that is trained in parallel or compiled lies in another one, and scripts save it as
/// one entry among others. The network's own names are the same in all of these:
///
/// ```swift
/// WrappedName.bare("state_dict.module._orig_mod.fc.weight")  // "fc.weight"
/// ```
public enum WrappedName {
  /// The names of networks that only wrap another: parallel training, `torch.compile`, sharding.
  private static let wrappers: Set<Substring> = [
    "module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
  ]

  /// The entries under which scripts save a network.
  private static let places: Set<Substring> = [
    "state_dict", "model_state_dict", "model", "net", "modelState",
  ]

  /// A name without the networks that only wrap another, wherever they stand.
  ///
  /// - Parameter name: of a tensor or value in a file.
  /// - Returns: the name without these parts.
  public static func unwrapped(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    // The last part is the tensor itself.
    guard parts.dropLast().contains(where: wrappers.contains) else { return name }
    return (parts.dropLast().filter { !wrappers.contains($0) } + parts.suffix(1))
      .joined(separator: ".")
  }

  /// A name within the network alone.
  ///
  /// - Parameter name: of a tensor or value in a file.
  /// - Returns: the name without wrapping networks, and without the entries at its front.
  public static func bare(_ name: String) -> String { split(name).name }

  /// A name as the entry of the file that the network lies in, and the name within the network.
  ///
  /// - Parameter name: of a tensor or value in a file.
  /// - Returns: the place, empty at the top, and the name.
  public static func split(_ name: String) -> (place: String, name: String) {
    let parts = unwrapped(name).split(separator: ".", omittingEmptySubsequences: false)
    let count = parts.dropLast().prefix { places.contains($0) }.count
    return (
      parts.prefix(count).joined(separator: "."), parts.dropFirst(count).joined(separator: ".")
    )
  }
}
