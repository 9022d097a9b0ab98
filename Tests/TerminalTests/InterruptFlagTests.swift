import Foundation
import Terminal
import Testing

@Suite(.serialized) struct InterruptFlagTests {
  @Test(arguments: InterruptFlag.signals)
  func `X05 a signal raises the flag and the process goes on`(number: Int32) {
    InterruptFlag.reset()
    // A test runner in the background may have been started with signals ignored.
    signal(number, SIG_DFL)
    InterruptFlag.install()
    defer {
      signal(number, SIG_DFL)
      InterruptFlag.reset()
    }
    #expect(!InterruptFlag.isRaised)
    #expect(InterruptFlag.exitCode == nil)
    send(number)
    #expect(InterruptFlag.isRaised)
    #expect(InterruptFlag.exitCode == 128 + number)
  }

  @Test func `what nohup ignores stays ignored`() {
    InterruptFlag.reset()
    signal(SIGTERM, SIG_IGN)
    defer { signal(SIGTERM, SIG_DFL) }
    InterruptFlag.install()
    send(SIGTERM)
    #expect(!InterruptFlag.isRaised)
    signal(SIGINT, SIG_DFL)
  }

  @Test func `X05 a terminal may say twice that it has gone`() {
    InterruptFlag.reset()
    signal(SIGHUP, SIG_DFL)
    InterruptFlag.install()
    defer {
      for number in InterruptFlag.signals { signal(number, SIG_DFL) }
      InterruptFlag.reset()
    }
    for _ in 0..<2 { send(SIGHUP) }
    usleep(20_000)
    #expect(InterruptFlag.exitCode == 129)
  }

  /// Sends to the process, as a terminal does, and waits a little: the main thread takes it, since the
  /// threads that tests run on block signals.
  private func send(_ number: Int32) {
    kill(getpid(), number)
    for _ in 0..<100 where !InterruptFlag.isRaised { usleep(2000) }
  }
}
