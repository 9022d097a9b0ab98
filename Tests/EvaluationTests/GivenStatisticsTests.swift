import Records
import TestSupport
import Testing
import Torch

@testable import Evaluation

/// Statistics that were taken before, as those of a file.
@Suite struct GivenStatisticsTests {
  private let features = DistributionFixture.dense(40, 6, 0, 0.1)
  private let others = DistributionFixture.dense(50, 6, 1, 0.15)

  private func given(_ count: Int?) throws -> FrechetStatistics {
    let taken = FrechetStatistics(of: features)
    return FrechetStatistics(
      mean: taken.mean, covariance: try taken.covariance(), count: count, source: "the file")
  }

  @Test func `they are at the distance of those that were taken, to the bit`() throws {
    let (taken, other) = (FrechetStatistics(of: features), FrechetStatistics(of: others))
    #expect(try given(40).distance(to: other) == taken.distance(to: other))
    #expect(try given(40).covariance().hasSameBits(as: taken.covariance()))
    #expect(try given(40).count == 40 && given(40).isCountKnown && given(40).warning == nil)
  }

  @Test func `vectors can be added to those whose number is known`() throws {
    var (file, taken) = (try given(40), FrechetStatistics(of: features))
    file.add(others)
    taken.add(others)
    #expect(file.count == 90)
    #expect(try file.covariance().relativeDifference(from: taken.covariance()) < 1e-12)
    #expect(file.mean.hasSameBits(as: taken.mean))
  }

  @Test func `an unknown number is a warning wherever a distance goes`() throws {
    let (file, other) = (try given(nil), FrechetStatistics(of: others, source: "the pictures"))
    #expect(!file.isCountKnown && file.count == 0)
    #expect(try file.distance(to: other) == FrechetStatistics(of: features).distance(to: other))
    let words =
      "the file do not say how many they are, nor whether their covariance is over N or N - 1: a "
      + "distance to them cannot be compared with one to a known number of pictures"
    #expect(file.warning == words)
    func warning(_ first: FrechetStatistics, _ second: FrechetStatistics) throws -> String? {
      try first.measurement(
        .frechetToData, to: second, of: LatentList(count: 50), judgeName: "LeNet5"
      ).warning
    }
    #expect(try warning(other, file) == words && warning(file, other) == words)
    let few = FrechetStatistics(of: others.sliced(0..<5), source: "the pictures")
    let both = try #require(try warning(few, file))
    #expect(both.hasPrefix("the pictures are 5, too few for 6 features") && both.hasSuffix(words))
  }
}
