import Kernels
import Testing
import Torch

extension Kernel {
  /// Whether a route with it computes with vector instructions of its own.
  private static let vectorRoutes: [KernelRoute] = [.portable, .avx2, .avx512]

  /// Runs operators and expects that the kernel was among them, with the instructions of the route in use;
  /// on a route without it, that it was not.
  ///
  /// - Parameters:
  ///   - sourceLocation: where a failure is reported.
  ///   - body: what shall take it, on this thread.
  /// - Returns: what `body` returns.
  func expected<Result>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
  ) rethrows -> Result {
    let route = KernelRoute.current
    let former = runsOnThisThread
    let formerLoops = Self.vectorRoutes.map(\.loopsOnThisThread)
    let result = try body()
    let isUsed = isUsed(on: route)
    #expect(
      (runsOnThisThread > former) == isUsed, "\(self) on the route \(route)",
      sourceLocation: sourceLocation)
    guard isUsed else { return result }
    let instructions = route == .avx512BFloat16 ? .avx512 : route
    for (other, formerLoops) in zip(Self.vectorRoutes, formerLoops) {
      #expect(
        (other.loopsOnThisThread > formerLoops) == (other == instructions),
        "loops of \(other) on the route \(route)", sourceLocation: sourceLocation)
    }
    return result
  }

  /// Runs operators and expects that no kernel was among them.
  ///
  /// - Parameters:
  ///   - sourceLocation: where a failure is reported.
  ///   - body: what libtorch shall compute, on this thread.
  /// - Returns: what `body` returns.
  static func noneExpected<Result>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
  ) rethrows -> Result {
    let former = allCases.map(\.runsOnThisThread)
    let result = try body()
    #expect(allCases.map(\.runsOnThisThread) == former, sourceLocation: sourceLocation)
    return result
  }
}
