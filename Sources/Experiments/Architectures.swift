public import GANs
import StyleGAN2
import SWAGAN

extension [any Architecture] {
  /// The architectures that a file may hold; a further one is a line more.
  public static var known: [any Architecture] { [.styleGAN2, .swagan] }

  /// Those that can be trained from scratch, the usual one first.
  public static var trainable: [any Architecture] {
    known.filter { $0.configuration(of: NetworkSizes()) != nil }
  }

  /// The architecture of a name, whatever its capitals.
  ///
  /// - Parameter name: such as `stylegan2`.
  /// - Returns: nil if there is none.
  public func named(_ name: String) -> (any Architecture)? {
    first { $0.optionName == name.lowercased() }
  }
}

extension Architecture {
  /// The family's name as options, recipes and records have it, such as `stylegan2`.
  public var optionName: String { name.lowercased() }
}
