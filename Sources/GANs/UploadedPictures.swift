import Torch

/// Another source's pictures on a device: the next batch is made and uploaded while the device works.
///
/// They are the same pictures in the same order. ``state`` does not include a prepared batch, which
/// counts as not drawn.
final class UploadedPictures: ImageSource {
  private let source: any ImageSource
  private let device: Device
  private var ready: (pictures: Tensor, stateBefore: StateDict)?

  /// - Parameters:
  ///   - source: of pictures anywhere; asked by nobody else.
  ///   - device: where they are wanted.
  init(_ source: any ImageSource, device: Device) {
    self.source = source
    self.device = device
  }

  func next(_ count: Int) throws -> Tensor {
    guard let ready else { return try source.next(count).uploaded(to: device) }
    precondition(
      ready.pictures.shape[0] == count, "\(count) pictures, prepared \(ready.pictures.shape)")
    self.ready = nil
    return ready.pictures
  }

  func prepare(_ count: Int) throws {
    guard ready == nil else { return }
    let state = source.state
    ready = (try source.next(count).uploaded(to: device), state)
  }

  var state: StateDict { ready?.stateBefore ?? source.state }

  func restore(_ state: StateDict) throws {
    ready = nil
    try source.restore(state)
  }
}
