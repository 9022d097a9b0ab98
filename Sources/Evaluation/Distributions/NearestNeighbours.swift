/// Which vector of a set is called the k-th neighbour of one of its own.
public enum NeighbourCounting: String, Sendable, CaseIterable {
  /// The k-th nearest among the others.
  ///
  /// So do the implementations of NVIDIA, torch-fidelity and prdc, which take the k + 1-th smallest
  /// distance of a list that holds the vector's own, 0.
  case others
  /// The k-th nearest, with the vector itself as the first.
  ///
  /// A literal reading of the papers; its k-th is the k - 1-th of ``others``.
  case withItself = "with itself"
}

/// Whether a ball holds what lies exactly on its surface.
public enum BallBoundary: String, Sendable, CaseIterable {
  /// It does: distances up to the radius, as in equation (1) of Kynkäänniemi et al.
  case closed
  /// It does not: distances below the radius, as prdc compares.
  case open
}
