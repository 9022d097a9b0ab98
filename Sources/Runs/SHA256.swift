import CChecksum

/// The hash of FIPS 180-4, fed piece by piece.
///
///     var digest = SHA256()
///     digest.update("abc".utf8)
///     digest.finished()  // "ba7816bf..."
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// A digest of nothing yet.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let taken: Void? = bytes.withContiguousStorageIfAvailable {
      update(UnsafeRawBufferPointer($0)[...])
    }
    if taken == nil { Array(bytes).withUnsafeBytes { update($0[...]) } }
  }

  /// Takes in more bytes from memory.
  public mutating func update(_ bytes: Slice<UnsafeRawBufferPointer>) {
    byteCount += UInt64(bytes.count)
    var rest = bytes
    if !pending.isEmpty {
      let missing = rest.prefix(64 - pending.count)
      pending += missing
      rest = rest.dropFirst(missing.count)
      guard pending.count == 64 else { return }
      let block = pending
      block.withUnsafeBytes { compress($0[...]) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    compress(rest.prefix(whole))
    pending += rest.dropFirst(whole)
  }

  /// Pads, and gives the hash in hexadecimal.
  ///
  /// - Returns: 64 lower-case digits.
  public consuming func finished() -> String {
    let bitCount = byteCount &* 8
    let zeros = (55 - pending.count + 64) % 64
    var tail: [UInt8] = [0x80] + [UInt8](repeating: 0, count: zeros)
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    update(tail)
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func compress(_ blocks: Slice<UnsafeRawBufferPointer>) {
    let source = UnsafeRawBufferPointer(rebasing: blocks)
    state.withUnsafeMutableBufferPointer { state in
      guard let state = state.baseAddress else { return }
      cc_sha256(state, source.baseAddress, source.count / 64)
    }
  }
}
