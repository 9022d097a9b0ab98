import Datasets
import Judging

extension Dataset {
  /// The pictures that show none of the concepts, going by their labels.
  ///
  /// - Parameters:
  ///   - concepts: what shall be forgotten; the data set must know each.
  ///   - before: what was to be forgotten before; left out where the data set knows it.
  /// - Returns: the real positives.
  /// - Throws: `DatasetError` if there are no labels, no such class, or nothing else.
  func without(_ concepts: [Concept], before: [Concept] = []) throws -> Dataset {
    var result = self
    for concept in concepts + before.filter({ classNames.contains($0.name) }) {
      result = try result.without(class: result.classIndex(named: concept.name))
    }
    return result
  }
}
