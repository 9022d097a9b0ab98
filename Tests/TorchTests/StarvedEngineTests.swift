#if os(Linux)
  import Foundation
  import TestSupport
  import Testing
  import Torch

  @Suite struct StarvedEngineTests {
    @Test func `R03 an operator that is refused memory ends as the command decides`() async {
      await #expect(processExitsWith: .exitCode(7)) {
        Torch.onOutOfMemory { operation in exit(operation.contains("zeros") ? 7 : 8) }
        _ = Tensor.zeros([1 << 50])
      }
    }

    @Test func `R03 an operator on a thread of the team does, too`() async {
      await #expect(processExitsWith: .exitCode(7)) {
        Torch.onOutOfMemory { _ in _exit(7) }
        try Torch.setThreadCount(2)
        Torch.concurrently(2) { _ in _ = Tensor.zeros([1 << 50]) }
      }
    }

    @Test func `R03 an exception that nothing catches on a thread of the team does, too`() async {
      await #expect(processExitsWith: .exitCode(7)) {
        Torch.onOutOfMemory { _ in _exit(7) }
        try Torch.setThreadCount(2)
        // What C++ calls where an allocation of its own is refused.
        let name = "_ZSt17__throw_bad_allocv"
        typealias Thrower = @convention(c) () -> Void
        let throwing = unsafeBitCast(
          try #require(dlsym(dlopen(nil, RTLD_NOW), name)), to: Thrower.self)
        Torch.concurrently(2) { _ in throwing() }
      }
    }

    @Test func `R03 in a library it is a trap that names the operation`() async throws {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { _ = Tensor.zeros([1 << 50]) }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(text.contains("zeros") && text.contains("out of memory"))
    }

    @Test func `R01 threads that the system refuses are done without`() async {
      await #expect(processExitsWith: .success) {
        try Torch.setThreadCount(64)
        // Each thread asks for a stack of some MiB.
        try AddressSpace.limit(toFurtherBytes: 64 << 20)
        let wanted = try Torch.startThreads()
        precondition(wanted == 64 && Torch.threadCount < 64, "\(Torch.threadCount)")
        let parts = Torch.concurrently(100) { $0 }
        precondition(parts == Array(0..<100))
      }
    }

    @Test func `R01 threads that there are enough of stay as many`() async {
      await #expect(processExitsWith: .success) {
        try Torch.setThreadCount(3)
        let wanted = try Torch.startThreads()
        precondition(wanted == nil && Torch.threadCount == 3)
      }
    }
  }
#endif
