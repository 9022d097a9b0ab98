import Foundation
import Testing
import Torch

@Suite struct TorchErrorTests {
  @Test func `a device that is missing is named with the way out`() {
    #expect(
      TorchError.deviceUnavailable(Device(kind: .cuda, index: 1)).description
        == "device cuda:1 is not available: this machine has none, or libtorch \(Torch.version) was "
        + "built without it; --device cpu always works")
    #expect(throws: Never.self) { try Device.cpu.requireAvailable() }
  }

  @Test func `memory that runs out is an error of its own`() {
    let bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect {
      _ = try Tensor(bytes: bytes, scalarType: .float32, shape: [1 << 50])
    } throws: { error in
      guard case TorchError.outOfMemory(let operation, _) = error else { return false }
      return operation == "Tensor.init(bytes:)"
        && "\(error)".hasPrefix(
          "out of memory in Tensor.init(bytes:): a smaller --batch needs less (")
    }
  }

  @Test func `bytes that do not fill the shape are refused with both counts`() throws {
    let error = #expect(throws: TorchError.self) {
      try [UInt8](repeating: 0, count: 7).withUnsafeBytes {
        _ = try Tensor(bytes: $0, scalarType: .float32, shape: [2])
      }
    }
    #expect(
      try #require(error).description
        == "libtorch refused Tensor.init(bytes:): the shape holds 8 bytes, given were 7")
  }

  @Test func `a shape too large to count is refused`() {
    let bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(throws: TorchError.self) {
      _ = try Tensor(bytes: bytes, scalarType: .float64, shape: [.max, .max])
    }
  }

  @Test func `shapes that do not fit trap with the operation and the shapes`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.zeros([2]) + Tensor.zeros([3])
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("+([2], [3]): The size of tensor a (2) must match"))
  }

  @Test(arguments: [
    ("cpu", "cpu"), ("cuda", "cuda:0"), ("cuda:2", "cuda:2"), ("mps", "mps"), ("mps:0", "mps"),
  ])
  func `names of devices are read`(name: String, description: String) {
    #expect(Device(name: name)?.description == description)
  }

  @Test(arguments: ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cpu:1", "cuda:0:0", "CPU"])
  func `other names of devices are nothing`(name: String) {
    #expect(Device(name: name) == nil)
  }
}
