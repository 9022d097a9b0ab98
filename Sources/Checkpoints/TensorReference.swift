import Torch

/// A storage that a pickle names: a run of elements elsewhere in the file.
struct StorageReference {
  /// Its name in the file.
  let key: String
  let type: ElementType
  /// The number of elements of the whole storage.
  let elementCount: Int
  /// Old files name a part of another storage: where that part starts, in elements.
  var viewOffset = 0
  /// The number of elements of the part; of the whole storage otherwise.
  var viewCount: Int

  /// A storage; nil when its sizes are not possible.
  init?(key: String, type: ElementType, elementCount: Int) {
    guard packedByteCount(of: [elementCount], elementBytes: type.byteCount) != nil,
      elementCount >= 0
    else { return nil }
    self.key = key
    self.type = type
    self.elementCount = elementCount
    viewCount = elementCount
  }

  /// The part of this storage; nil when it reaches beyond.
  func view(offset: Int, count: Int) -> StorageReference? {
    guard offset >= 0, count >= 0, offset <= elementCount, count <= elementCount - offset else {
      return nil
    }
    var view = self
    view.viewOffset = offset
    view.viewCount = count
    return view
  }

  /// The number of bytes of the whole storage.
  var byteCount: Int { elementCount * type.byteCount }
}

/// A tensor that a pickle describes: where its elements lie, and in what order.
///
/// Checked when it is made, so that every element lies inside the storage.
final class TensorReference {
  /// What is wrong with a description.
  struct Problem: Error {
    let text: String
  }

  let storage: StorageReference
  let type: ElementType
  let shape: [Int]
  /// Distances between neighbours along each dimension, in elements.
  let strides: [Int]
  /// The first element's distance from the start of the whole storage, in bytes.
  let byteOffset: Int
  /// Whether the tensor's elements are those of the storage with their signs changed.
  let isNegated: Bool

  init(
    storage: StorageReference, type: ElementType, offset: Int, shape: [Int], strides: [Int],
    isNegated: Bool = false
  ) throws {
    guard shape.count == strides.count, shape.count <= 64 else {
      throw Problem(text: "has \(shape.count) sizes and \(strides.count) strides")
    }
    guard offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else {
      throw Problem(text: "has a negative size, stride or offset")
    }
    guard packedByteCount(of: shape, elementBytes: type.byteCount) != nil else {
      throw Problem(text: "has impossible sizes \(shape)")
    }
    guard !isNegated || type.name != "bool" else {
      throw Problem(text: "holds truth values, which have no sign to change")
    }
    let capacity = storage.viewCount * storage.type.byteCount / type.byteCount
    guard let needed = Self.elementSpan(shape: shape, strides: strides),
      offset <= capacity, needed <= capacity - offset
    else {
      throw Problem(
        text: "of shape \(shape), strides \(strides) and offset \(offset) reaches beyond the "
          + "storage's \(capacity) elements")
    }
    self.storage = storage
    self.type = type
    self.shape = shape
    self.strides = strides
    byteOffset = storage.viewOffset * storage.type.byteCount + offset * type.byteCount
    self.isNegated = isNegated
  }

  /// The distance from the first element to behind the last; nil when an `Int` cannot hold it.
  private static func elementSpan(shape: [Int], strides: [Int]) -> Int? {
    if shape.contains(0) { return 0 }
    var span = 1
    for (size, stride) in zip(shape, strides) {
      let (distance, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = span.addingReportingOverflow(distance)
      guard !tooFar, !overflow else { return nil }
      span = sum
    }
    return span
  }

  /// The bytes of the tensor once its elements lie side by side.
  var byteCount: Int { packedByteCount(of: shape, elementBytes: type.byteCount) ?? 0 }

  /// Whether the elements lie row-major and side by side.
  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected *= size
    }
    return true
  }

  /// The tensor, from the bytes of its whole storage; it may go on using them.
  ///
  /// - Precondition: there are as many bytes as the storage says, and Lethe has the type.
  func tensor(from content: FileBytes, scalarType: ScalarType) throws -> Tensor {
    let stored = try storedTensor(from: content, scalarType: scalarType)
    return isNegated ? -stored : stored
  }

  private func storedTensor(from content: FileBytes, scalarType: ScalarType) throws -> Tensor {
    let bytes = content.bytes
    precondition(bytes.count >= storage.byteCount, "\(bytes.count) < \(storage.byteCount) bytes")
    if byteCount == 0 || isContiguous {
      let start = byteCount == 0 ? 0 : byteOffset
      let elements = UnsafeRawBufferPointer(rebasing: bytes[start..<start + byteCount])
      return try Tensor.fromFile(
        FileBytes(bytes: elements, owner: content.owner), scalarType: scalarType, shape: shape)
    }
    let gathered = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    defer { gathered.deallocate() }
    switch type.byteCount {
    case 1: gather(UInt8.self, from: bytes, into: gathered)
    case 2: gather(UInt16.self, from: bytes, into: gathered)
    case 4: gather(UInt32.self, from: bytes, into: gathered)
    default: gather(UInt64.self, from: bytes, into: gathered)
    }
    return try Tensor.fromFile(
      FileBytes(bytes: UnsafeRawBufferPointer(gathered), owner: nil), scalarType: scalarType,
      shape: shape)
  }

  /// Copies the elements, row-major: the last dimension in a plain loop, the others like an odometer.
  private func gather<Element: FixedWidthInteger>(
    _ type: Element.Type, from bytes: UnsafeRawBufferPointer,
    into result: UnsafeMutableRawBufferPointer
  ) {
    let size = MemoryLayout<Element>.size
    let (width, step) = (shape[shape.count - 1], strides[strides.count - 1] * size)
    var index = [Int](repeating: 0, count: shape.count - 1)
    var (source, target) = (byteOffset, 0)
    while true {
      for column in 0..<width {
        let element = bytes.loadUnaligned(fromByteOffset: source + column * step, as: type)
        result.storeBytes(of: element, toByteOffset: target, as: type)
        target += size
      }
      var dimension = index.count - 1
      while dimension >= 0 {
        index[dimension] += 1
        source += strides[dimension] * size
        if index[dimension] < shape[dimension] { break }
        source -= shape[dimension] * strides[dimension] * size
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return }
    }
  }
}
