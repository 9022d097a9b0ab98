public import Torch

/// How many pictures are drawn, made and held at once, wherever pictures are made.
///
/// Every number about it is here. Those that say how many are *drawn* at once decide bits: a random
/// stream gives z and noise map by map for a whole batch. The others decide memory and speed alone, and,
/// for how many are *made* at once, the last bits of a picture.
public struct PictureBatching: Sendable {
  /// The division of pictures among threads: each thread makes its own, or all share each operator.
  enum Threads { case own, shared }

  /// Pictures that feedback and lists of latents draw at once; decides bits.
  public static let drawn = 64

  private let pixels: Int

  /// The numbers for one size of picture.
  ///
  /// - Parameter size: the side of the pictures in pixels.
  public init(size: Int) { pixels = size * size }

  /// Pictures that memory holds at once beside the network that makes them: as many pixels as 64 of
  /// 256x256 have, at least 4 pictures.
  public var held: Int { max(4, Self.drawn * 256 * 256 / pixels) }

  /// Pictures for which a ``PictureMaker`` draws noise at once: ``drawn``, or fewer where memory does
  /// not hold these; decides bits.
  public var drawnWithNoise: Int { min(Self.drawn, held) }

  /// Batches of ``drawn`` latents that are judged together: 8 up to 32x32, so that every thread has
  /// some, fewer of larger pictures.
  public var groupedBatches: Int { max(1, min(8, 8 * 32 * 32 / pixels)) }

  /// The number of pictures made at once, and their division among threads.
  ///
  /// Measured on two cores: 16, 32 and 64 pictures of 32x32 at a time are made equally fast; own threads
  /// are 1.1 times as fast as shared ones at 32x32 and 64x64, 1.2 times at 256x256. Above, the feature
  /// maps of one picture for each of many threads might not fit into memory. The number does not depend
  /// on how many threads there are, and so bits do not.
  ///
  /// - Parameter device: where they are made.
  /// - Returns: the number, at least 1, and the threads.
  func made(on device: Device) -> (atOnce: Int, threads: Threads) {
    guard device == .cpu else { return (min(64, max(4, 64 * 128 * 128 / pixels)), .shared) }
    return pixels <= 256 * 256 ? (max(1, 32 * 32 * 32 / pixels), .own) : (1, .shared)
  }

  /// Pictures whose gradients by their latents are computed at once, and whether each thread does so
  /// alone.
  ///
  /// They are half as many as are made at once, so that a few dozen keep several threads busy. A graph
  /// keeps all feature maps, so above 128x128 the threads share one picture. As in `made(on:)`, the
  /// number does not depend on how many threads there are.
  ///
  /// - Parameter device: where they are made.
  /// - Returns: the number, at least 1, and whether each thread has pictures of its own.
  public func differentiated(on device: Device) -> (atOnce: Int, isConcurrent: Bool) {
    guard device == .cpu else { return (min(64, max(1, 16 * 128 * 128 / pixels)), false) }
    return (max(1, 16 * 32 * 32 / pixels), pixels <= 128 * 128)
  }
}
