package import CTorch

/// An n-dimensional array of libtorch, with a reference to the graph that made it.
///
/// Operators are differentiable and never change their operands; the few that work in place end in
/// `InPlace` and record no graph. A shape that does not fit is a mistake in code and traps with the
/// operation and the shapes. Pictures are `[N, C, H, W]`.
///
/// ```swift
/// let x = Tensor([1, 2, 3], shape: [3])
/// (x * x).sum().item()  // 14.0
/// ```
public final class Tensor: @unchecked Sendable {
  // A reference to an at::Tensor, which libtorch counts. Sendable because Lethe never changes a
  // tensor on two threads at once: background writers get copies (`clone`).
  package let handle: ct_tensor

  init(owning handle: ct_tensor) { self.handle = handle }

  deinit { ct_tensor_free(handle) }

  /// Runs a C call that makes one tensor; traps with the operation's name when it fails.
  package static func make(
    _ operation: String, _ operands: [Tensor] = [],
    _ body: (UnsafeMutablePointer<ct_tensor>) -> ct_status
  ) -> Tensor {
    var result = ct_tensor(ref: nil)
    must(body(&result), operation, operands)
    return Tensor(owning: result)
  }

  /// Runs a C call that makes one tensor and may fail for reasons of the world.
  static func makeOrThrow(
    _ operation: String, _ body: (UnsafeMutablePointer<ct_tensor>) -> ct_status
  ) throws(TorchError) -> Tensor {
    var result = ct_tensor(ref: nil)
    try check(body(&result), operation)
    return Tensor(owning: result)
  }
}

// MARK: - Making

extension Tensor {
  /// A tensor of Swift values, in host memory.
  ///
  /// - Parameters:
  ///   - values: the elements, row-major.
  ///   - shape: the sizes; their product is the number of values.
  /// - Precondition: the counts agree.
  public convenience init<Element: TensorElement>(_ values: [Element], shape: [Int]) {
    let tensor = values.withUnsafeBytes { bytes in
      Tensor.make("Tensor.init") {
        ct_tensor_from_bytes(
          $0, bytes.baseAddress, bytes.count, Element.scalarType.raw, shape.int64, shape.count)
      }
    }
    self.init(sharing: tensor)
  }

  /// A vector of Swift values, in host memory.
  ///
  /// - Parameter values: the elements.
  public convenience init<Element: TensorElement>(_ values: [Element]) {
    self.init(values, shape: [values.count])
  }

  /// A tensor of bytes that a file holds, in host memory.
  ///
  /// - Parameters:
  ///   - bytes: the elements, row-major, little-endian; copied.
  ///   - scalarType: their type.
  ///   - shape: the sizes.
  /// - Throws: ``TorchError`` if the byte count is not that of the shape, or memory runs out.
  public convenience init(
    bytes: UnsafeRawBufferPointer, scalarType: ScalarType, shape: [Int]
  ) throws(TorchError) {
    let tensor = try Tensor.makeOrThrow("Tensor.init(bytes:)") {
      ct_tensor_from_bytes(
        $0, bytes.baseAddress, bytes.count, scalarType.raw, shape.int64, shape.count)
    }
    self.init(sharing: tensor)
  }

  /// Another reference to the same elements and graph.
  private convenience init(sharing other: Tensor) {
    var result = ct_tensor(ref: nil)
    must(
      ct_tensor_to(&result, other.handle, other.scalarType.raw, other.device.raw, false),
      "Tensor.init")
    self.init(owning: result)
  }

  /// A tensor with every element equal to `value`.
  ///
  /// - Parameters:
  ///   - value: the element.
  ///   - shape: the sizes; none for a scalar.
  ///   - scalarType: the elements' type.
  ///   - device: where it lives.
  /// - Returns: the tensor.
  public static func full(
    _ value: Double, shape: [Int], scalarType: ScalarType = .float32, device: Device = .cpu
  ) -> Tensor {
    make("full") {
      ct_tensor_full($0, value, scalarType.raw, device.raw, shape.int64, shape.count)
    }
  }

  /// A tensor of zeros.
  ///
  /// A large one takes no memory before it is written.
  ///
  /// - Parameters:
  ///   - shape: the sizes; none for a scalar.
  ///   - scalarType: the elements' type.
  ///   - device: where it lives.
  /// - Returns: the tensor.
  public static func zeros(
    _ shape: [Int], scalarType: ScalarType = .float32, device: Device = .cpu
  ) -> Tensor {
    make("zeros") { ct_tensor_zeros($0, scalarType.raw, device.raw, shape.int64, shape.count) }
  }

  /// The integers `0 ..< count`, `int64`.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - device: where it lives.
  /// - Returns: the vector.
  public static func range(_ count: Int, device: Device = .cpu) -> Tensor {
    make("range") { ct_tensor_arange($0, Int64(count), device.raw) }
  }
}

// MARK: - Facts

extension Tensor: CustomStringConvertible {
  /// The number of dimensions.
  public var rank: Int { ct_tensor_rank(handle) }

  /// The size of every dimension.
  public var shape: [Int] {
    [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
      count = rank
      if let base = buffer.baseAddress { ct_tensor_shape(handle, base) }
    }.map(Int.init)
  }

  /// The product of the sizes.
  public var elementCount: Int { Int(ct_tensor_element_count(handle)) }

  /// The type of the elements.
  ///
  /// - Precondition: not one that ``ScalarType`` lacks; Lethe makes and reads no such tensor.
  public var scalarType: ScalarType {
    guard let type = ScalarType(rawValue: ct_tensor_scalar_type(handle)) else {
      preconditionFailure("a tensor of a type that Lethe does not use")
    }
    return type
  }

  /// Where the tensor lives.
  public var device: Device { Device(ct_tensor_device(handle)) }

  /// The size of the elements in bytes.
  public var byteCount: Int { elementCount * scalarType.byteCount }

  /// Type and shape, such as `float32[2, 3]`; not the elements.
  public var description: String { "\(scalarType)\(shape)" }
}

// MARK: - Reading

extension Tensor {
  /// The only element.
  ///
  /// - Returns: its value.
  /// - Precondition: there is exactly one element.
  public func item() -> Double {
    var value = 0.0
    must(ct_tensor_item(&value, handle), "item", [self])
    return value
  }

  /// The elements, row-major, converted to `Element` if they are of another type.
  ///
  /// - Parameter type: the Swift type wanted.
  /// - Returns: a copy.
  public func array<Element: TensorElement>(of type: Element.Type) -> [Element] {
    let source = scalarType == Element.scalarType ? self : to(Element.scalarType)
    let count = elementCount
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      must(
        ct_tensor_copy_bytes(
          source.handle, bytes.baseAddress, count * MemoryLayout<Element>.stride),
        "array", [self])
      initialized = count
    }
  }

  /// Calls `body` with the elements' bytes, row-major, without a copy where the layout allows.
  ///
  /// - Parameter body: reads the bytes; they are valid for the call only.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let host = to(.cpu).contiguous()
    return try withExtendedLifetime(host) { host throws(Failure) in
      try body(
        UnsafeRawBufferPointer(start: ct_tensor_host_pointer(host.handle), count: byteCount))
    }
  }
}

extension [Int] {
  /// As the C face takes sizes.
  var int64: [Int64] { map(Int64.init) }
}
