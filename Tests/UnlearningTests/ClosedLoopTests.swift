import Foundation
import Testing
import Unlearning

@Suite struct ClosedLoopTests {
  private func loop(target: Double = 0.03, renewal: Double = 1) -> ClosedLoop {
    var options = ClosedLoop.Options()
    options.target = target
    options.renewal = renewal
    return ClosedLoop(options)
  }

  @Test func `a loop starts with everything remaining and the first push`() {
    let loop = loop()
    #expect(loop.remaining == 1)
    #expect(loop.stepShare == 0.01)
  }

  @Test func `a measurement renews its share of what remains`() {
    var loop = loop(renewal: 0.1)
    loop.observe(0)
    #expect(abs(loop.remaining - 0.9) < 1e-15)
    loop.observe(1.4)
    #expect(abs(loop.remaining - 0.95) < 1e-15)
  }

  @Test func `while much remains the push grows, up to the longest`() {
    var loop = loop()
    for iteration in 1...300 {
      loop.observe(1)
      let expected = min(0.03, 0.01 * exp(0.005 * Double(iteration)))
      #expect(abs(loop.stepShare / expected - 1) < 1e-12)
    }
    #expect(loop.stepShare == 0.03)
  }

  @Test func `growth is slower near the target, and ends there`() {
    for (excess, change) in [(0.3, 0.005), (0.2, 0.005), (0.1, 0.0025), (0.02, 0.0005), (0, 0)] {
      var loop = loop(target: 0.25)
      loop.observe(0.25 + excess)
      #expect(abs(log(loop.stepShare / 0.01) - change) < 1e-12, "\(excess)")
    }
  }

  @Test func `below the target the push shrinks in proportion`() {
    for (share, change) in [(0.125, -0.01), (0.05, -0.016), (0, -0.02)] {
      var loop = loop(target: 0.25)
      loop.observe(share)
      #expect(abs(log(loop.stepShare / 0.01) - change) < 1e-12, "\(share)")
    }
  }

  @Test func `the push dies where no negatives are left, and comes back with them`() {
    var loop = loop()
    for _ in 0..<500 { loop.observe(0) }
    #expect(loop.stepShare < 1e-6)
    let least = loop.stepShare
    for _ in 0..<100 { loop.observe(1) }
    #expect(loop.stepShare > least * 1.6)
  }

  @Test(arguments: [0, -0.1, 1.5, Double.nan])
  func `constants outside their range are refused`(value: Double) {
    for (field, path) in [
      ("step-share", \ClosedLoop.Options.stepShare), ("largest-step-share", \.largestStepShare),
      ("target", \.target), ("renewal", \.renewal),
    ] as [(String, WritableKeyPath<ClosedLoop.Options, Double>)] {
      var options = ClosedLoop.Options()
      options[keyPath: path] = value
      let error = #expect(throws: UnlearningError.self) { try options.validate() }
      #expect(error?.description == "\(field) is \(value), expected above 0 and at most 1")
    }
  }

  @Test func `the first push is not longer than the longest`() {
    var options = ClosedLoop.Options()
    options.stepShare = 0.05
    let error = #expect(throws: UnlearningError.self) { try options.validate() }
    #expect(error?.description == "step-share is 0.05, expected at most the largest, 0.03")
    options.largestStepShare = 0.05
    #expect(throws: Never.self) { try options.validate() }
  }
}
