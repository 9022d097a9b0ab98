import Testing
import Unlearning

@Suite struct ClosedLoopTests {
  private let longest = ClosedLoop.Options().stepShare

  private func loop(_ change: (inout ClosedLoop.Options) -> Void = { _ in }) -> ClosedLoop {
    var options = ClosedLoop.Options()
    change(&options)
    return ClosedLoop(options)
  }

  @Test func `a loop starts with nothing forgotten and the longest push`() {
    #expect(loop().remaining == 1)
    #expect(loop().push == longest)
  }

  @Test func `a measurement renews its share of what remains`() {
    var loop = loop()
    loop.observe(0, iteration: 0)
    #expect(abs(loop.remaining - 0.9) < 1e-15)
    loop.observe(1.4, iteration: 0)
    #expect(abs(loop.remaining - 0.95) < 1e-15)
  }

  @Test func `the push never exceeds the first`() {
    var loop = loop()
    for _ in 0..<1000 { loop.observe(1, iteration: 0) }
    #expect(loop.push == longest)
  }

  @Test func `the push halves in 35 iterations where no negative is left`() {
    var loop = loop { $0.renewal = 1 }
    for _ in 0..<35 { loop.observe(0, iteration: 0) }
    #expect((0.48...0.52).contains(loop.push / longest))
  }

  @Test func `at the target the push stays as it is`() {
    var loop = loop { $0.renewal = 1 }
    loop.observe(0, iteration: 0)
    let before = loop.push
    for _ in 0..<50 { loop.observe(loop.options.target, iteration: 0) }
    #expect(loop.push < longest)
    #expect(abs(loop.push / before - 1) < 1e-12)
  }

  @Test func `the push comes back with the negatives, doubling in 140 iterations`() {
    var loop = loop { $0.renewal = 1 }
    for _ in 0..<200 { loop.observe(0, iteration: 0) }
    let asleep = loop.push
    for _ in 0..<140 { loop.observe(1, iteration: 0) }
    #expect(asleep < 0.001)
    #expect((2.0...2.03).contains(loop.push / asleep))
  }

  @Test func `the push fades to nothing in a straight line, and stays there`() {
    var loop = loop { $0.fadeIterations = 100 }
    loop.observe(1, iteration: 24)
    #expect(abs(loop.push / longest - 0.75) < 1e-12)
    loop.observe(1, iteration: 98)
    #expect(abs(loop.push / longest - 0.01) < 1e-12)
    for iteration in 99..<300 { loop.observe(1, iteration: iteration) }
    #expect(loop.push == 0)
  }

  @Test(arguments: [0, -3]) func `a fade takes an iteration at least`(value: Int) {
    var options = ClosedLoop.Options()
    options.fadeIterations = value
    let error = #expect(throws: UnlearningError.self) { try options.validate() }
    #expect(error?.description == "fade_iterations is \(value), expected at least 1")
  }

  @Test(arguments: [0, -0.1, 1.5, Double.nan])
  func `constants outside their range are refused`(value: Double) {
    for (field, path) in [
      ("step_share", \ClosedLoop.Options.stepShare), ("target", \.target), ("renewal", \.renewal),
    ] as [(String, WritableKeyPath<ClosedLoop.Options, Double>)] {
      var options = ClosedLoop.Options()
      options[keyPath: path] = value
      let error = #expect(throws: UnlearningError.self) { try options.validate() }
      #expect(error?.description == "\(field) is \(value), expected above 0 and at most 1")
    }
  }
}
