import Testing
import Torch

@Suite struct PrecisionTests {
  @Test func `single precision is available everywhere`() {
    for kind in Device.Kind.allCases {
      #expect(throws: Never.self) { try Precision.fp32.requireAvailable(on: Device(kind: kind)) }
    }
  }

  @Test func `fp16 is for other devices than processors and says so`() {
    for kind in Device.Kind.allCases where kind != .cpu {
      #expect(throws: Never.self) { try Precision.fp16.requireAvailable(on: Device(kind: kind)) }
    }
    let error = #expect(throws: TorchError.self) { try Precision.fp16.requireAvailable(on: .cpu) }
    #expect(
      error?.description
        == "precision fp16 is not available on cpu: it is made for GPUs, and libtorch emulates it on "
        + "processors; take the device cuda or mps, or bf16 where the processor has it; "
        + "fp32 always works")
  }

  @Test func `bf16 is for processors and says so`() {
    let device = Device(kind: .cuda, index: 1)
    let error = #expect(throws: TorchError.self) {
      try Precision.bf16.requireAvailable(on: device)
    }
    #expect(
      error?.description
        == "precision bf16 is not available on cuda:1: it is made for processors, "
        + "so take the device cpu, or fp16; fp32 always works")
  }

  @Test func `a processor that cannot is refused with what was found`() {
    #expect(
      TorchError.precisionUnavailable(.bf16, device: .cpu, found: "DEFAULT").description
        == "precision bf16 is not available on cpu: it needs a processor with AVX2 or AVX-512, "
        + "and libtorch uses DEFAULT here; fp32 always works")
  }
}
