#if canImport(CommonCrypto)
  import CommonCrypto
#else
  import CCrypto
#endif

/// The hash of FIPS 180-4, fed piece by piece; the system's library computes it.
public struct SHA256: ~Copyable {
  #if canImport(CommonCrypto)
    private var context = CC_SHA256_CTX()

    /// A digest of nothing yet.
    public init() { CC_SHA256_Init(&context) }

    /// Takes in more bytes.
    ///
    /// - Parameter bytes: as they follow those before.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      CC_SHA256_Update(&context, bytes.baseAddress, CC_LONG(bytes.count))
    }

    private mutating func finish(into digest: inout [UInt8]) {
      CC_SHA256_Final(&digest, &context)
    }
  #else
    private let context: OpaquePointer

    /// A digest of nothing yet.
    public init() {
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      else { preconditionFailure("libcrypto does not compute SHA-256") }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes in more bytes.
    ///
    /// - Parameter bytes: as they follow those before.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      precondition(status == 1, "libcrypto did not take \(bytes.count) bytes")
    }

    private mutating func finish(into digest: inout [UInt8]) {
      let status = EVP_DigestFinal_ex(context, &digest, nil)
      precondition(status == 1, "libcrypto gave no digest")
    }
  #endif

  /// The hash in hexadecimal.
  ///
  /// - Returns: 64 lower-case digits.
  public consuming func finished() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    finish(into: &digest)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
