public import Judging
public import Torch

extension LPIPS: PictureDistance {
  /// -1..1.
  public var range: PixelRange { Self.range }

  /// Whether it is LPIPS of VGG16 with the published weights, network and heads: what the perceptual
  /// path length of StyleGAN and StyleGAN2 is defined by.
  public var definesPathLength: Bool {
    name == "LPIPS of VGG16" && network.publicFile != nil && heads.publicFile != nil
  }
}
