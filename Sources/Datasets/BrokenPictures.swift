/// The pictures of a set that cannot be read, collected so that one answer names all of them.
struct BrokenPictures {
  /// How many are named.
  private static let namedCount = 10

  private let root: String
  private var first: [String] = []
  private var count = 0
  private var only: DatasetError?

  /// Nothing is broken.
  ///
  /// - Parameter root: the data set's folder; pictures are named by their paths in it.
  init(of root: String) { self.root = root }

  /// Whether nothing is broken.
  var isEmpty: Bool { count == 0 }

  /// Adds a picture, or those of a part of the set.
  ///
  /// - Parameter error: what reading threw.
  /// - Throws: an error that is of no picture, at once.
  mutating func add(_ error: DatasetError) throws(DatasetError) {
    if case .brokenPictures(_, let count, let first) = error {
      return add(first, count: count)
    }
    guard let fault = PictureFault(error, in: root) else { throw error }
    only = error
    add(["\(fault.name) (\(fault.reason))"], count: 1)
  }

  private mutating func add(_ names: [String], count: Int) {
    first.append(contentsOf: names.prefix(max(0, Self.namedCount - first.count)))
    self.count += count
  }

  /// Throws an error that names all of them, if there are any.
  ///
  /// - Throws: the picture's own error if it is one; ``DatasetError/brokenPictures(path:count:first:)``.
  func throwIfAny() throws(DatasetError) {
    guard count > 0 else { return }
    if count == 1, let only { throw only }
    throw .brokenPictures(path: root, count: count, first: first)
  }
}
