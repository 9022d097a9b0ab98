import Testing
import Unlearning

@Suite struct ClosedLoopTests {
  private func loop(_ change: (inout ClosedLoop.Options) -> Void = { _ in }) -> ClosedLoop {
    var options = ClosedLoop.Options()
    change(&options)
    return ClosedLoop(options)
  }

  @Test func `a loop starts with nothing forgotten and the first push`() {
    #expect(loop().remaining == 1)
    #expect(loop().stepShare == ClosedLoop.Options().stepShare)
  }

  @Test func `a measurement renews its share of what remains`() {
    var loop = loop()
    loop.observe(0)
    #expect(abs(loop.remaining - 0.9) < 1e-15)
    loop.observe(1.4)
    #expect(abs(loop.remaining - 0.95) < 1e-15)
  }

  @Test func `the push doubles in 140 iterations where nothing is forgotten`() {
    var loop = loop { $0.largestStepShare = 1 }
    for _ in 0..<140 { loop.observe(1) }
    #expect((0.0199...0.0203).contains(loop.stepShare))
  }

  @Test func `the push never exceeds its largest`() {
    var loop = loop()
    for _ in 0..<1000 { loop.observe(1) }
    #expect(loop.stepShare == ClosedLoop.Options().largestStepShare)
  }

  @Test func `the push halves in 35 iterations where no negative is left`() {
    var loop = loop { $0.renewal = 1 }
    for _ in 0..<35 { loop.observe(0) }
    #expect((0.0048...0.0052).contains(loop.stepShare))
  }

  @Test func `at the target the push stays as it is`() {
    var loop = loop { $0.renewal = 1 }
    for _ in 0..<50 { loop.observe(ClosedLoop.Options().target) }
    #expect(abs(loop.stepShare - ClosedLoop.Options().stepShare) < 1e-12)
  }

  @Test func `the push comes back with the negatives`() {
    var loop = loop()
    for _ in 0..<200 { loop.observe(0) }
    let asleep = loop.stepShare
    for _ in 0..<100 { loop.observe(1) }
    #expect(asleep < 0.001)
    #expect(loop.stepShare > 1.4 * asleep)
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

  @Test func `a first push above the largest is refused`() {
    var options = ClosedLoop.Options()
    options.stepShare = 0.5
    let error = #expect(throws: UnlearningError.self) { try options.validate() }
    #expect(error?.description == "step-share is 0.5, expected at most the largest, 0.03")
  }
}
