public import Datasets

extension Dataset {
  /// The same pictures, of which only some attributes matter.
  ///
  /// - Parameter names: of the data set's attributes, in the order wanted.
  /// - Returns: the data set.
  /// - Throws: ``ClassifierError/unknownAttributes(names:known:source:)``.
  public func selecting(attributes names: [String]) throws(ClassifierError) -> Dataset {
    guard case .attributes(let rows, let known) = labels,
      Set(names).isSubset(of: known)
    else {
      throw .unknownAttributes(
        names: names.filter { !labels.names.contains($0) }, known: labels.names,
        source: provenance.path)
    }
    let columns = names.compactMap { known.firstIndex(of: $0) }
    return relabelled(
      .attributes(rows.map { row in columns.map { row[$0] } }, names: names))
  }
}
