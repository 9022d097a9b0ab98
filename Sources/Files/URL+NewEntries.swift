public import Foundation

extension URL {
  /// Why nothing new can be made in this folder; nil if something can.
  ///
  /// Rights alone do not tell: a disk may be full, a server may deny its client's root what the
  /// client would allow. So something is made. Under Linux it is a file without a name, of which a
  /// killed process leaves nothing; where there are none, a folder that is removed again
  /// (``AtomicFile/removeLeftovers(in:isOwned:)`` knows it).
  public var refusalOfNewEntries: String? {
    #if os(Linux)
      // O_TMPFILE, a macro that Swift does not see.
      let descriptor = open(path, 0o20_000_000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o600)
      if descriptor >= 0 {
        close(descriptor)
        return nil
      }
    #endif
    let probe = AtomicFile.partialFile(for: appending(path: AtomicFile.probeName))
    guard mkdir(probe.path, 0o700) == 0 else { return systemReason() }
    rmdir(probe.path)
    return nil
  }
}
