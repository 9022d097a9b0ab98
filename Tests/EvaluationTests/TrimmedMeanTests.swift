import Evaluation
import Foundation
import Testing

/// Means between percentiles against NumPy (Scripts/fixtures/make_path_length.py).
@Suite struct TrimmedMeanTests {
  private struct Expected: Decodable {
    let mean: Double
    let error: Double
    let count: Int
  }

  /// The numbers of the script's `noise`.
  private func noise(_ count: Int, _ phase: Double) -> [Double] {
    (0..<count).map { i in
      let wave = sin(12.9898 * Double(i + 1) + 78.233 + phase) * 43758.5453
      return wave - wave.rounded(.down)
    }
  }

  @Test func `means and errors are NumPy's`() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/trimmed", withExtension: "json"))
    let cases = try JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: url))
    #expect(cases.count == 10)
    for (name, expected) in cases {
      let values =
        Int(name).map { noise($0, 0).map { exp(3 * $0) } }
        ?? noise(500, 1).map { (4 * $0).rounded(.toNearestOrEven) }
      let found = TrimmedMean(of: values.shuffled())
      #expect(isNear(found.value, expected.mean, relative: 1e-12), "\(name)")
      #expect(isNear(found.standardError, expected.error, relative: 1e-9), "\(name)")
      #expect(found.count == expected.count, "\(name)")
      #expect(found.count + found.droppedCount == values.count, "\(name)")
    }
  }
}
