import Foundation
import Testing
import Torch

@Suite struct TorchErrorTests {
  @Test func `a device that cannot be used is named with the way out`() {
    let (cuda, version) = (Device(kind: .cuda, index: 1), Torch.version)
    #expect(
      TorchError.deviceNotBuiltIn(cuda).description
        == "device cuda:1 is not available: libtorch \(version) was built without CUDA; link a build "
        + "with it (README.md); the device cpu always works")
    #expect(
      TorchError.deviceNotBuiltIn(Device(kind: .mps)).description
        == "device mps is not available: libtorch \(version) was built without MPS; that is for "
        + "Apple's GPUs, with macOS; the device cpu always works")
    #expect(
      TorchError.noDevice(cuda).description
        == "device cuda:1 is not available: libtorch \(version) finds no CUDA device on this machine; "
        + "check the driver (nvidia-smi) and CUDA_VISIBLE_DEVICES; the device cpu always works")
    #expect(
      TorchError.deviceIndexBeyond(Device(kind: .cuda, index: 9), count: 2).description
        == "device cuda:9 is not available: this machine has 2, cuda:0 to cuda:1")
    #expect(
      TorchError.deviceIndexBeyond(cuda, count: 1).description
        == "device cuda:1 is not available: this machine has one such device, cuda:0")
    #expect(throws: Never.self) { try Device.cpu.requireAvailable() }
    // No machine has that many.
    #expect(throws: TorchError.self) { try Device(kind: .cuda, index: 4096).requireAvailable() }
  }

  @Test func `memory that runs out is an error of its own`() {
    let bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect {
      _ = try Tensor(bytes: bytes, scalarType: .float32, shape: [1 << 50])
    } throws: { error in
      guard case TorchError.outOfMemory(let operation, _) = error else { return false }
      return operation == "Tensor.init(bytes:)"
        && "\(error)".hasPrefix(
          "out of memory in Tensor.init(bytes:): a smaller batch needs less (")
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
