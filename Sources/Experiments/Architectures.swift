public import GANs
import StyleGAN2

extension [any Architecture] {
  /// The architectures that a file may hold; a further one is a line more.
  public static var known: [any Architecture] { [.styleGAN2] }
}
