extension Tensor {
  /// Pictures with other channels.
  ///
  /// Grey becomes three equal channels, colour becomes 0.2989 R + 0.587 G + 0.114 B (ITU-R 601, as
  /// torchvision rounds it).
  ///
  /// - Parameter count: 1 or 3.
  /// - Returns: `[N, count, H, W]`; the same tensor if it has as many channels.
  /// - Precondition: the tensor is `[N, 1 or 3, H, W]`, with black at 0; floating point, where colour
  ///   becomes grey.
  public func withPictureChannels(_ count: Int) -> Tensor {
    let shape = self.shape
    switch (shape[1], count) {
    case (1, 3):
      return expanded([shape[0], 3, shape[2], shape[3]]).contiguous()
    case (3, 1):
      let weights = Tensor([Float(0.2989), 0.587, 0.114], shape: [1, 3, 1, 1]).to(device)
      return (self * weights).sum([1], keepingDimensions: true)
    case (1, 1), (3, 3):
      return self
    default:
      preconditionFailure("\(self) with \(count) channels: only 1 and 3 are pictures")
    }
  }
}
