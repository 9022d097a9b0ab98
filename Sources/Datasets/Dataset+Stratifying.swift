public import Torch

extension Dataset {
  /// Divides the pictures at random in two parts that have nearly the same share of each class.
  ///
  /// Each class gives its share, rounded down; those with the largest remainders give one picture more,
  /// until the second part is as large as the share of all pictures. No class gives its last picture.
  /// Without classes, all pictures count as one.
  ///
  /// - Parameters:
  ///   - share: the share of the second part, above 0 and at most one half; it gets at least one picture.
  ///   - random: assigns each picture to a part.
  /// - Returns: both parts.
  /// - Throws: ``DatasetError/tooFewOfEachClass(path:count:)`` if no class has two pictures.
  /// - Precondition: the share is in that range.
  public func stratifiedSplit(
    holdingOut share: Double, using random: RandomGenerator
  ) throws(DatasetError) -> (kept: Dataset, held: Dataset) {
    precondition(share > 0 && share <= 0.5, "a share of \(share) held out")
    let order = random.permutation(count)
    // In the order of the draw, so that equal remainders favour no class.
    var names: [Int] = []
    var members: [Int: [Int]] = [:]
    for picture in order {
      let name = classes?[picture] ?? 0
      if members[name] == nil { names.append(name) }
      members[name, default: []].append(picture)
    }
    let strata = names.map { members[$0] ?? [] }
    let exact = strata.map { Double($0.count) * share }
    var quotas = exact.map { Int($0) }
    let wanted = max(1, Int((Double(count) * share).rounded()))
    let byRemainder = strata.indices.sorted {
      let (left, right) = (exact[$0] - Double(quotas[$0]), exact[$1] - Double(quotas[$1]))
      return left == right ? $0 < $1 : left > right
    }
    var missing = wanted - quotas.reduce(0, +)
    for index in byRemainder where missing > 0 && quotas[index] + 1 < strata[index].count {
      quotas[index] += 1
      missing -= 1
    }
    let held = Set(zip(strata, quotas).flatMap { $0.prefix($1) })
    guard !held.isEmpty else { throw .tooFewOfEachClass(path: provenance.path, count: count) }
    return (
      selecting(
        order.filter { !held.contains($0) }, "without \(held.count) pictures for validation"),
      selecting(order.filter(held.contains), "\(held.count) pictures for validation")
    )
  }
}
