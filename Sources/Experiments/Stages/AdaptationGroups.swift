package import Torch

/// Which adapted models are trained at the same time.
package enum AdaptationGroups {
  /// The groups, one after another: those of a group are trained at the same time, each on one thread.
  ///
  /// Where pictures are small, two threads that work on one model hardly do more than one thread
  /// does, and each has a model of its own instead (Docs/Architecture.md, "Side by side"). The same
  /// run has the same groups however often it stops: threads are recorded.
  ///
  /// - Parameters:
  ///   - count: of the models.
  ///   - size: the side of their pictures in pixels.
  ///   - device: where they are trained.
  /// - Returns: the numbers of the models from 1 on, in order.
  package static func groups(of count: Int, pictureSize size: Int, on device: Device) -> [[Int]] {
    // Every thread has a model, pictures are small, and memory is the processor's.
    let areSideBySide = device == .cpu && count >= Torch.threadCount && size <= 64
    let together = areSideBySide ? Torch.threadCount : 1
    return stride(from: 1, through: count, by: together).map {
      Array($0..<min($0 + together, count + 1))
    }
  }
}
