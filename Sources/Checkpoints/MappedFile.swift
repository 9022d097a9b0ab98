import Files
import Foundation

/// A file's bytes, mapped into memory: read from the disk when they are looked at, and only then.
///
/// A mapping stays valid when the file is replaced by a rename, as Lethe's own writers do, or
/// deleted. A file that is written in place changes for its readers: see ``requireUnchanged()``.
final class MappedFile: @unchecked Sendable {
  // Sendable because nothing changes after init.
  let path: String
  let bytes: UnsafeRawBufferPointer
  private let descriptor: Int32
  private let version: Version
  /// The file that this one is a part of, and what the part is called.
  private let whole: (file: MappedFile, name: String)?

  /// What changes when a file is written to.
  private struct Version: Equatable {
    let count: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ facts: stat) {
      count = Int(facts.st_size)
      #if canImport(Darwin)
        let time = facts.st_mtimespec
      #else
        let time = facts.st_mtim
      #endif
      (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
    }
  }

  /// Maps a regular file that is not empty.
  init(_ url: URL) throws {
    let path = url.path
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? CheckpointError.missing(path: path)
        : CheckpointError.unreadable(path: path, reason: systemReason())
    }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw CheckpointError.unreadable(path: path, reason: systemReason())
    }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw Checkpoint.unpackedArchive(at: url).map {
        CheckpointError.unpackedArchive(path: path, folder: $0.lastPathComponent)
      } ?? .isFolder(path: path)
    default: throw CheckpointError.unreadable(path: path, reason: "it is not a regular file")
    }
    guard facts.st_size > 0 else { throw CheckpointError.empty(path: path) }
    let count = Int(facts.st_size)
    // Writable, because tensors are: what is written goes into a private copy of the page.
    let (protection, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE)
    guard let start = mmap(nil, count, protection, flags, descriptor, 0), start != MAP_FAILED
    else { throw CheckpointError.unreadable(path: path, reason: systemReason()) }
    isKept = true
    self.path = path
    self.descriptor = descriptor
    version = Version(facts)
    whole = nil
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// A part of a file that is a file by itself, such as a storage that Python pickled.
  ///
  /// - Precondition: the bytes are those of the file, and not none.
  init(_ bytes: UnsafeRawBufferPointer, of file: MappedFile, called name: String) {
    path = file.path
    self.bytes = bytes
    descriptor = file.descriptor
    version = file.version
    whole = (file, name)
  }

  deinit {
    guard whole == nil else { return }
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    close(descriptor)
  }

  /// Throws if the file has been written to since it was opened.
  func requireUnchanged() throws(CheckpointError) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, Version(facts) == version else {
      throw .changed(path: path)
    }
  }

  /// The number of bytes.
  var count: Int { bytes.count }

  /// The bytes of `range`; nil if the file does not hold them all.
  func slice(at offset: Int, count: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      return nil
    }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// The little-endian integer at `offset`; nil behind the end of the file.
  func integer<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value? {
    bytes.integer(at: offset, as: type)
  }

  func truncated(in part: String) -> CheckpointError {
    // The file goes on behind a part that does not hold what it should.
    whole.map { .damaged(path: path, part: $0.name, problem: "ends inside \(part)") }
      ?? .truncated(path: path, part: part)
  }

  func damaged(_ part: String, _ problem: String) -> CheckpointError {
    .damaged(path: path, part: whole.map { "\($0.name), \(part)" } ?? part, problem: problem)
  }

  func differsFromChecksum(_ part: String) -> CheckpointError {
    damaged(part, "does not have the checksum it was written with")
  }
}

/// The product of sizes times an element's bytes; nil when it is more than an `Int` holds.
func packedByteCount(of shape: [Int], elementBytes: Int) -> Int? {
  // A size of 0 makes the product 0, whatever the others are, and in whatever order.
  if shape.contains(0) { return 0 }
  var product = elementBytes
  for size in shape {
    let (value, overflow) = product.multipliedReportingOverflow(by: size)
    guard !overflow, value >= 0 else { return nil }
    product = value
  }
  return product
}
