import Evaluation
import Foundation
import Testing
import Torch

/// The features of Scripts/fixtures/make_metrics.py, and the numbers that it expects of them.
struct DistributionFixture: Decodable {
  struct Kernel: Decodable {
    let unbiased: Double
    let mean: Double
    let deviation: Double
  }
  struct Sliced: Decodable {
    let meanSquare: Double
    let error: Double

    private enum CodingKeys: String, CodingKey {
      case meanSquare = "mean_square"
      case error
    }
  }
  struct Neighbours: Decodable {
    let precise: Int
    let recalled: Int
    let density: Double
    let covered: Int
  }
  struct Scores: Decodable {
    let distance: Double
    let mean: Double
    let entropy: Double
  }

  let frechet: [String: Double]
  let kernel: [String: Kernel]
  let sliced: [String: Sliced]
  let neighbours: [String: Neighbours]
  let scores: Scores

  /// What the script wrote.
  static func load() throws -> DistributionFixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
    return try JSONDecoder().decode(DistributionFixture.self, from: Data(contentsOf: url))
  }

  // MARK: - Features

  private static func matrix(
    _ count: Int, _ width: Int, _ element: (Int, Int) -> Double
  ) -> Tensor {
    Tensor((0..<count * width).map { element($0 / width, $0 % width) }, shape: [count, width])
  }

  private static func noise(_ i: Int, _ j: Int, _ phase: Double) -> Double {
    let wave = sin(12.9898 * Double(i + 1) + 78.233 * Double(j + 1) + phase) * 43758.5453
    return wave - wave.rounded(.down) - 0.5
  }

  static func noise(_ count: Int, _ width: Int, _ phase: Double) -> Tensor {
    matrix(count, width) { noise($0, $1, phase) }
  }

  /// Up to eight clusters.
  static func modes(_ count: Int, _ width: Int, _ phase: Double, _ modeCount: Int) -> Tensor {
    matrix(count, width) { i, j in
      cos(2 * .pi * Double(i % modeCount) / 8 + Double(j)) + 0.3 * noise(i, j, phase)
    }
  }

  /// A spectrum of eighteen decades.
  static func falling(_ count: Int, _ width: Int, _ phase: Double, _ shift: Double) -> Tensor {
    matrix(count, width) { i, j in
      pow(10, -9 * Double(j) / Double(width - 1)) * (10 * noise(i, j, phase) + shift)
    }
  }

  /// A falling spectrum in all directions, cut off at 0, as a network's features.
  static func dense(_ count: Int, _ width: Int, _ phase: Double, _ shift: Double) -> Tensor {
    let fall = matrix(width, width) { noise($0, $1, 9) / Double($0 + 1) }
    return (noise(count, width, phase).matmul(fall) + shift).relu()
  }

  static func sample(_ vectors: Tensor, _ source: String = "the sample") throws -> FeatureSample {
    try FeatureSample(vectors, source: source)
  }
}

/// Whether a number is another up to a share of it.
func isNear(_ value: Double, _ expected: Double, relative: Double = 1e-6) -> Bool {
  abs(value - expected) <= relative * abs(expected)
}
