public import Foundation

extension URL {
  /// Why nothing new can be made in this folder; nil if something can.
  ///
  /// Rights alone do not tell: a disk may be full, a server may deny its client's root what the
  /// client would allow. So a folder of a name of its own is made, and removed again.
  public var refusalOfNewEntries: String? {
    let probe = appending(path: ".probe.\(getpid())-\(UUID().uuidString.prefix(8))")
    guard mkdir(probe.path, 0o700) == 0 else { return systemReason() }
    rmdir(probe.path)
    return nil
  }
}
