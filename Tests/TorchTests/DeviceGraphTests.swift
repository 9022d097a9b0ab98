import TestSupport
import Testing
import Torch

@Suite struct DeviceGraphTests {
  @Test func `a processor records no graphs and says so`() {
    let error = #expect(throws: TorchError.self) { try DeviceGraph.requireAvailable(on: .cpu) }
    #expect(
      error?.description
        == "CUDA graphs are not available on cpu: they are for the device cuda; training works without them"
    )
  }

  @Test func `a build or a libtorch without graphs is named`() {
    let device = Device(kind: .cuda)
    #expect(
      TorchError.graphsUnavailable(device, areBuiltIn: false).description
        == "CUDA graphs are not available on cuda:0: they need libtorch 2.13 or newer, and lethe was "
        + "built with \(Torch.version); training works without them")
    #expect(
      TorchError.graphsUnavailable(device, areBuiltIn: true).description
        == "CUDA graphs are not available on cuda:0: libtorch \(Torch.version) records none there; "
        + "training works without them")
  }

  /// Counts what is asked of it; replaying runs the body again.
  private final class Rerun: Recording {
    var body: () -> [Tensor] = { [] }
    var outputs: [Tensor] = []

    func record(_ body: @escaping () -> [Tensor]) -> [Tensor] {
      self.body = body
      outputs = body().map { Tensor.zeros($0.shape) }
      return outputs
    }

    func replay() {
      for (output, fresh) in zip(outputs, body()) { output.copyInPlace(fresh) }
    }
  }

  @Test func `a computation is run three times, then recorded once and replayed`() {
    var (recordings, bodies) = (0, 0)
    let square = RecordedComputation(
      by: {
        recordings += 1
        return Rerun()
      },
      { inputs in
        bodies += 1
        return [inputs[0].square()]
      })
    var results: [Double] = []
    for number in 1...6 {
      let input = Tensor.full(Double(number), shape: [])
      results.append(square([input])[0].item())
      #expect(recordings == (number > 3 ? 1 : 0))
      // What the caller does with its tensor afterwards is its own affair.
      input.fillInPlace(100)
    }
    #expect(results == [1, 4, 9, 16, 25, 36])
    // The recording's own call beside one a run.
    #expect(bodies == 7)
  }

  @Test func `uploading to where a tensor is gives the tensor`() {
    let x = Tensor([1, 2, 3])
    #expect(x.uploaded(to: .cpu).hasSameBits(as: x))
  }

  @Test func `what is not finite is replaced in place`() {
    let x = Tensor([Float(1), .nan, .infinity, -.infinity])
    x.replaceNonFiniteInPlace(limit: 1e5)
    #expect(x.array(of: Float.self) == [1, 0, 1e5, -1e5])
  }
}
