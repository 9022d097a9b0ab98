import Testing
import Unlearning

@Suite struct ClosedLoopTests {
  private func loop(fadeBelow: Double = 0.2, renewal: Double = 0.1) -> ClosedLoop {
    var options = ClosedLoop.Options()
    options.fadeBelow = fadeBelow
    options.renewal = renewal
    return ClosedLoop(options)
  }

  @Test func `a loop starts at full strength`() {
    #expect(loop().remaining == 1)
    #expect(loop().strength == 1)
  }

  @Test func `a measurement renews its share of what remains`() {
    var loop = loop()
    loop.observe(0)
    #expect(abs(loop.remaining - 0.9) < 1e-15)
    loop.observe(1.4)
    #expect(abs(loop.remaining - 0.95) < 1e-15)
  }

  @Test func `strength fades in proportion below the target`() {
    var loop = loop(fadeBelow: 0.25, renewal: 1)
    for (share, strength) in [(0.5, 1), (0.25, 1), (0.125, 0.5), (0.05, 0.2), (0, 0), (2, 1)] {
      loop.observe(share)
      #expect(abs(loop.strength - strength) < 1e-15)
    }
  }

  @Test func `strength comes back with the negatives`() {
    var loop = loop()
    for _ in 0..<100 { loop.observe(0) }
    #expect(loop.strength < 1e-3)
    for _ in 0..<100 { loop.observe(1) }
    #expect(loop.strength == 1)
  }

  @Test(arguments: [0, -0.1, 1.5, Double.nan])
  func `constants outside their range are refused`(value: Double) {
    for (field, path) in [
      ("step-share", \ClosedLoop.Options.stepShare), ("fade-below", \.fadeBelow),
      ("renewal", \.renewal),
    ] as [(String, WritableKeyPath<ClosedLoop.Options, Double>)] {
      var options = ClosedLoop.Options()
      options[keyPath: path] = value
      let error = #expect(throws: UnlearningError.self) { try options.validate() }
      #expect(error?.description == "\(field) is \(value), expected above 0 and at most 1")
    }
  }
}
