import Foundation
public import Torch

/// Eight equal Gaussians in the plane, on a circle: the data of the paper's toy.
///
/// Component k lies at k times 45 degrees, so that 0 is at (2, 0) and 5 at (-1.41, -1.41). A component
/// stands for what a judge tells apart in pictures: a point belongs to the nearest centre.
public struct GaussianMixture: Sendable, Equatable {
  /// How many components there are.
  public static let componentCount = 8
  /// How far the centres are from the origin.
  public static let radius = 2.0

  /// Of each component, along both axes.
  public let standardDeviation: Double

  /// A mixture.
  ///
  /// - Parameter standardDeviation: of each component, along both axes; above 0.
  public init(standardDeviation: Double) { self.standardDeviation = standardDeviation }

  /// The centres, in the order of their numbers.
  public static let centres: [(x: Double, y: Double)] = (0..<componentCount).map {
    let angle = 2 * Double.pi * Double($0) / Double(componentCount)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// The centres as a tensor.
  private static func centreTensor(_ device: Device) -> Tensor {
    Tensor(
      centres.flatMap { [Float($0.x), Float($0.y)] }, shape: [componentCount, 2]
    ).to(device)
  }

  /// Points of the mixture.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - random: where they come from.
  /// - Returns: `[count, 2]`.
  public func points(_ count: Int, using random: RandomGenerator) -> Tensor {
    let numbers = random.indices(count, below: Self.componentCount)
    return Self.centreTensor(random.device).gathered(numbers)
      + random.normal([count, 2]) * standardDeviation
  }

  /// To which component each point belongs, and how far it is from its centre.
  ///
  /// - Parameter points: `[N, 2]`.
  /// - Returns: the numbers, and the distances in standard deviations.
  public func components(of points: Tensor) -> (numbers: [Int], distances: [Double]) {
    withoutGradients {
      let centres = Self.centreTensor(points.device).reshaped([1, Self.componentCount, 2])
      let squares = (points.reshaped([points.shape[0], 1, 2]) - centres).square().sum([2])
      return (
        (-squares).argmax(1).array(of: Int64.self).map(Int.init),
        squares.min([1]).array(of: Double.self).map { $0.squareRoot() / standardDeviation }
      )
    }
  }
}

extension RandomGenerator {
  /// Uniform integers, with repetitions.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - limit: above all of them.
  /// - Returns: `[count]`, `int64`.
  func indices(_ count: Int, below limit: Int) -> Tensor {
    // The product may be rounded up to the limit itself.
    (uniform([count]) * Double(limit)).to(.int64).to(.float32)
      .clamped(0, Double(limit - 1)).to(.int64)
  }
}
