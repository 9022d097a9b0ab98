import Experiments
import Testing
import Torch

/// Which adapted models are trained at the same time.
@Suite struct AdaptationGroupsTests {
  @Test func `as many as there are threads, where pictures are small and there are so many`() {
    let threads = Torch.threadCount
    let many = AdaptationGroups.groups(of: 2 * threads + 1, pictureSize: 64, on: .cpu)
    #expect(many.flatMap(\.self) == Array(1...2 * threads + 1))
    #expect(many.dropLast().allSatisfy { $0.count == threads } && many.last?.count == 1)
    let large = AdaptationGroups.groups(of: 3, pictureSize: 128, on: .cpu)
    #expect(large == [[1], [2], [3]])
    if threads > 1 {
      #expect(
        AdaptationGroups.groups(of: threads - 1, pictureSize: 8, on: .cpu).allSatisfy {
          $0.count == 1
        })
    }
  }
}
