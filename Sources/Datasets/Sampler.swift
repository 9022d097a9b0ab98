public import Torch

/// An endless stream of positions in a data set, with a state that can be saved.
///
/// Every position appears once per epoch. A batch may cross the end of an epoch, or hold several
/// epochs. A sampler restored from a saved state goes on with the same positions as one that was
/// never interrupted.
public final class Sampler {
  /// In which order the positions of an epoch appear.
  public enum Order: String, Sendable, CaseIterable, Codable {
    /// A new random order in each epoch.
    case shuffled
    /// 0, 1, 2 ...: what the reference does with its positives.
    case sequential
  }

  /// The number of positions.
  public let count: Int
  /// In which order they appear.
  public let order: Order
  /// Epochs begun before the one the next position belongs to.
  public private(set) var epoch = 0
  private var position = 0
  private var permutation: [Int]
  private let generator: RandomGenerator

  /// A stream at its start.
  ///
  /// - Parameters:
  ///   - count: the number of positions.
  ///   - order: in which order they appear.
  ///   - generator: shuffles, and is part of the state: give the sampler one of its own, such as
  ///     `generator.split("shuffling")`. A sequential sampler draws nothing from it.
  ///   - path: what errors call the data set.
  /// - Throws: ``DatasetError/empty(path:)`` if there are no positions.
  public init(
    count: Int, order: Order = .shuffled, using generator: RandomGenerator,
    path: String = "the data set"
  ) throws(DatasetError) {
    guard count > 0 else { throw .empty(path: path) }
    self.count = count
    self.order = order
    self.generator = generator
    permutation = order == .shuffled ? generator.permutation(count) : Array(0..<count)
  }

  /// The next positions.
  ///
  /// - Parameter batchSize: how many; may exceed ``count``.
  /// - Returns: that many positions.
  /// - Precondition: the size is not negative.
  public func next(_ batchSize: Int) -> [Int] {
    precondition(batchSize >= 0, "a batch of \(batchSize)")
    var batch: [Int] = []
    batch.reserveCapacity(batchSize)
    while batch.count < batchSize {
      if position == count {
        position = 0
        epoch += 1
        if order == .shuffled { permutation = generator.permutation(count) }
      }
      let end = min(count, position + batchSize - batch.count)
      batch.append(contentsOf: permutation[position..<end])
      position = end
    }
    return batch
  }
}

// MARK: - State

extension Sampler {
  /// Writes the complete state: permutation, position and random state.
  ///
  /// - Parameters:
  ///   - state: gets the entries.
  ///   - prefix: precedes their names, with a dot.
  public func save(to state: inout StateDict, prefix: String) {
    state["\(prefix).position"] = Tensor([Int64(count), Int64(position), Int64(epoch)])
    guard order == .shuffled else { return }
    state["\(prefix).permutation"] = Tensor(permutation.map(Int64.init))
    state["\(prefix).generator"] = generator.state
  }

  /// Goes on where ``save(to:prefix:)`` was called.
  ///
  /// - Parameters:
  ///   - state: has the entries.
  ///   - prefix: precedes their names, with a dot.
  /// - Throws: ``DatasetError/samplerState(key:expected:found:)`` if an entry is missing or is of a
  ///   data set of another size or of another order; the sampler is unchanged then.
  public func restore(from state: StateDict, prefix: String) throws(DatasetError) {
    func values(_ name: String, count: Int) throws(DatasetError) -> [Int] {
      let key = "\(prefix).\(name)"
      guard let tensor = state[key], tensor.shape == [count], tensor.scalarType == .int64 else {
        throw .samplerState(
          key: key, expected: "int64[\(count)]", found: state[key].map { "\($0)" } ?? "missing")
      }
      return tensor.array(of: Int64.self).map(Int.init)
    }
    let saved = try values("position", count: 3)
    guard saved[0] == count else {
      throw .samplerState(
        key: "\(prefix).position", expected: "of \(count) pictures", found: "of \(saved[0])")
    }
    guard (0...count).contains(saved[1]), saved[2] >= 0 else {
      throw .samplerState(
        key: "\(prefix).position", expected: "0 to \(count) in an epoch from 0",
        found: "\(saved[1]) in epoch \(saved[2])")
    }
    let hasPermutation = state["\(prefix).permutation"] != nil
    guard hasPermutation == (order == .shuffled) else {
      throw .samplerState(
        key: "\(prefix).permutation", expected: order == .shuffled ? "there" : "absent",
        found: hasPermutation ? "there" : "missing")
    }
    guard order == .shuffled else {
      (position, epoch) = (saved[1], saved[2])
      return
    }
    let order = try values("permutation", count: count)
    guard order.sorted() == Array(0..<count) else {
      throw .samplerState(
        key: "\(prefix).permutation", expected: "every position once", found: "something else")
    }
    let key = "\(prefix).generator"
    guard let random = state[key] else {
      throw .samplerState(key: key, expected: "a random state", found: "missing")
    }
    do {
      try generator.restore(random)
    } catch {
      throw .samplerState(key: key, expected: "a random state", found: "\(random)")
    }
    (position, epoch, permutation) = (saved[1], saved[2], order)
  }
}
