import CTorch

/// Tensors over foreign memory, and copies that do not change with the original.
extension Tensor {
  /// A tensor over existing bytes in host memory, without a copy.
  ///
  /// - Parameters:
  ///   - bytes: the elements, row-major, little-endian, aligned to their type; they may be written.
  ///   - owner: keeps the bytes as long as it lives; held until no tensor uses them.
  ///   - scalarType: the elements' type.
  ///   - shape: the sizes.
  /// - Throws: ``TorchError`` if the byte count is not that of the shape.
  /// - Precondition: there are bytes, and they are aligned.
  public convenience init(
    borrowing bytes: UnsafeMutableRawBufferPointer, keptBy owner: AnyObject,
    scalarType: ScalarType, shape: [Int]
  ) throws(TorchError) {
    guard let base = bytes.baseAddress, Int(bitPattern: base) % scalarType.byteCount == 0 else {
      preconditionFailure("\(scalarType) elements at \(String(describing: bytes.baseAddress))")
    }
    let context = Unmanaged.passRetained(owner)
    var result = ct_tensor(ref: nil)
    do throws(TorchError) {
      try check(
        ct_tensor_borrow(
          &result, base, bytes.count, scalarType.raw, shape.int64, shape.count,
          { context in context.map { Unmanaged<AnyObject>.fromOpaque($0).release() } },
          context.toOpaque()),
        "Tensor.init(borrowing:)")
    } catch {
      context.release()
      throw error
    }
    self.init(owning: result)
  }

  /// This tensor on a device; for CUDA, the host does not wait for the copy.
  ///
  /// - Parameter device: where operators need it next; those asked for later find it there.
  /// - Returns: a copy, or the receiver where it is there already.
  public func uploaded(to device: Device) -> Tensor {
    Tensor.make("uploaded", [self]) { ct_tensor_upload($0, handle, device.raw) }
  }

  /// A copy in host memory, outside of any graph.
  ///
  /// - Returns: the copy, row-major.
  public func copiedToHost() -> Tensor {
    let copy = Tensor.zeros(shape, scalarType: scalarType)
    copy.copyInPlace(self)
    return copy
  }

  /// Whether no element is infinite or undefined.
  public var hasOnlyFiniteElements: Bool {
    var result = false
    must(ct_tensor_all_finite(&result, handle), "hasOnlyFiniteElements", [self])
    return result
  }
}
