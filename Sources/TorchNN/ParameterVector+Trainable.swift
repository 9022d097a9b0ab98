import Torch

extension ParameterVector {
  /// Lets only some parameters be trained; the others are frozen.
  ///
  /// Frozen parameters record no graph, and neither ``Adam`` nor ``keepingFrozenValues(_:)`` changes
  /// them. Their elements in ``gradients`` may be anything.
  ///
  /// ```swift
  /// generator.parameters.setTrainable { $0.name.hasPrefix("to_rgbs.") }
  /// ```
  ///
  /// - Parameter isTrainable: whether a parameter is to be trained.
  /// - Precondition: at least one is.
  public func setTrainable(_ isTrainable: (Parameter) -> Bool) {
    trainable = parameters.map(isTrainable)
    precondition(trainable.contains(true), "a network without a parameter to train")
  }

  /// The parts of the vector that are trained, gaps between neighbours included.
  ///
  /// It is one range over the whole vector unless some parameters are frozen.
  public var trainableRanges: [Range<Int>] { parts(where: true) }

  /// Does something to ``values``, and gives the frozen ones back the values that they had.
  ///
  /// - Parameter body: what may change any of the values.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; frozen values are given back then, too.
  public func keepingFrozenValues<Result>(_ body: () throws -> Result) rethrows -> Result {
    let frozen = parts(where: false)
    let former = frozen.map { values.sliced($0).clone() }
    defer {
      for (range, kept) in zip(frozen, former) { values.sliced(range).copyInPlace(kept) }
    }
    return try body()
  }

  /// Neighbours of one kind as one range, which reaches to the next of the other kind.
  private func parts(where isTrainable: Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, range) in ranges.enumerated() where trainable[index] == isTrainable {
      let end = index + 1 < ranges.count ? ranges[index + 1].lowerBound : length
      if let last = result.last, last.upperBound == range.lowerBound {
        result[result.count - 1] = last.lowerBound..<end
      } else {
        result.append(range.lowerBound..<end)
      }
    }
    return result
  }
}
