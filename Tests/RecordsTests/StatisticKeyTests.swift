import Records
import Testing

@Suite struct StatisticKeyTests {
  @Test func `every statistic has a name of its own, in snake_case, and a title`() {
    #expect(Set(StatisticKey.all).count == StatisticKey.all.count)
    for key in StatisticKey.all {
      #expect(key.name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(key.name)")
      #expect(!key.title.isEmpty && !key.group.title.isEmpty)
      #expect(StatisticKey.named(key.name).title == key.title)
    }
  }

  @Test func `a name that nobody knows is titled by its words, in a chart of its own`() {
    let key = StatisticKey.named("gradient_norm")
    #expect(key.title == "Gradient norm" && key.group.title == "Gradient norm")
    #expect(key.name == "gradient_norm")
  }
}
