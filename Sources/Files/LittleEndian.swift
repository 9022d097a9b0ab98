// Zip archives, PyTorch's files, pickles, safetensors and LMDBs all hold integers with the least byte first,
// wherever they happen to lie.

extension UnsafeRawBufferPointer {
  /// The little-endian integer at a place.
  ///
  /// - Parameters:
  ///   - offset: where it begins; any number, also one that a damaged file says.
  ///   - type: its type.
  /// - Returns: the integer; nil where it is not all there.
  @inlinable public func integer<Value: FixedWidthInteger>(
    at offset: Int, as type: Value.Type
  ) -> Value? {
    guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
    return Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension [UInt8] {
  /// The little-endian integer at a place.
  ///
  /// - Parameters:
  ///   - offset: where it begins; any number, also one that a damaged file says.
  ///   - type: its type.
  /// - Returns: the integer; nil where it is not all there.
  @inlinable public func integer<Value: FixedWidthInteger>(
    at offset: Int, as type: Value.Type
  ) -> Value? {
    withUnsafeBytes { $0.integer(at: offset, as: type) }
  }
}
