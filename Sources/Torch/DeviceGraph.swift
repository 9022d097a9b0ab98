import CTorch

/// A recorder that remembers the operators of a computation and runs them again.
///
/// ``DeviceGraph`` is the one of libtorch; tests have another, which computes on any device.
public protocol Recording: AnyObject {
  /// Calls `body` once, and remembers what it asks of the device; nothing need be computed yet.
  ///
  /// - Parameter body: makes its results from tensors that stay, without reading any on the host.
  /// - Returns: its results, which ``replay()`` fills.
  func record(_ body: @escaping () -> [Tensor]) -> [Tensor]

  /// Computes the results anew, in place, from what is in the tensors that were read.
  func replay()
}

/// The kernels of a computation, recorded by the device and launched as a whole (CUDA graphs).
///
/// The host then launches one graph instead of many kernels; for small networks on fast devices,
/// those launches dominate the time. It keeps the memory of the computation as long as it lives.
public final class DeviceGraph: Recording {
  private let device: Device
  private let handle: ct_graph

  /// An empty graph.
  ///
  /// - Parameter device: where its tensors live.
  /// - Precondition: ``requireAvailable(on:)`` does not throw, and ``useOwnStream(on:)`` was called.
  public init(device: Device) {
    var handle = ct_graph(ref: nil)
    must(ct_graph_create(&handle, device.raw), "DeviceGraph.init")
    self.handle = handle
    self.device = device
  }

  deinit { ct_graph_free(handle) }

  /// Throws unless graphs can be recorded on a device.
  ///
  /// - Parameter device: available.
  /// - Throws: ``TorchError/graphsUnavailable(_:areBuiltIn:)``.
  public static func requireAvailable(on device: Device) throws(TorchError) {
    guard device.kind == .cuda, ct_graphs_are_available(device.raw) else {
      throw .graphsUnavailable(device, areBuiltIn: ct_graphs_are_built_in())
    }
  }

  /// Moves the work of this thread off the device's default stream, which cannot be recorded.
  ///
  /// - Parameter device: where graphs shall be recorded.
  public static func useOwnStream(on device: Device) {
    must(ct_use_own_stream(device.raw), "DeviceGraph.useOwnStream")
  }

  /// Records `body`, without computing it.
  ///
  /// - Parameter body: makes its results from tensors that stay.
  /// - Returns: its results, undefined before the first ``replay()``.
  public func record(_ body: @escaping () -> [Tensor]) -> [Tensor] {
    must(ct_graph_begin(handle, device.raw), "DeviceGraph.record")
    let results = body()
    must(ct_graph_end(handle), "DeviceGraph.record")
    return results
  }

  /// Launches what was recorded.
  public func replay() { must(ct_graph_replay(handle), "DeviceGraph.replay") }
}

/// A computation that runs normally a few times, is then recorded, and is replayed from then on.
///
/// The first runs allocate what is needed only once, such as workspaces of libraries; these
/// allocations must not be recorded.
public final class RecordedComputation {
  /// Runs before the recording; CUDA's own advice is three.
  public static let warmUpCount = 3

  private let body: ([Tensor]) -> [Tensor]
  private let makeRecording: () -> any Recording
  private var runs = 0
  private var recorded: (recording: any Recording, inputs: [Tensor], outputs: [Tensor])?

  /// A computation that has not run yet.
  ///
  /// - Parameters:
  ///   - makeRecording: an empty recording.
  ///   - body: makes outputs, outside of every graph of derivatives, from inputs of the same shapes
  ///     every time; it reads none on the host and draws no random number.
  public init(
    by makeRecording: @escaping () -> any Recording, _ body: @escaping ([Tensor]) -> [Tensor]
  ) {
    self.makeRecording = makeRecording
    self.body = body
  }

  /// Computes.
  ///
  /// - Parameter inputs: copied, once it is recorded.
  /// - Returns: the outputs; the next call may overwrite them.
  public func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
    if let recorded {
      for (own, input) in zip(recorded.inputs, inputs) { own.copyInPlace(input) }
      recorded.recording.replay()
      return recorded.outputs
    }
    runs += 1
    guard runs > Self.warmUpCount else { return body(inputs) }
    let (recording, own, body) = (makeRecording(), inputs.map { $0.clone() }, body)
    let outputs = recording.record { body(own) }
    recorded = (recording, own, outputs)
    recording.replay()
    return outputs
  }
}
