#if os(Linux)
  import Foundation

  /// The addresses that this process may use.
  public enum AddressSpace {
    /// Lets the process have little more than it has, for good: only for processes that end soon.
    ///
    /// - Parameter bytes: how much more.
    /// - Throws: if the process cannot learn how much it has, or may not change it.
    public static func limit(toFurtherBytes bytes: Int) throws {
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).prefix {
        $0 != " "
      }
      guard let pages = Int(pages) else { throw POSIXError(.EIO) }
      let limit = rlim_t(pages * Int(getpagesize()) + bytes)
      var limits = rlimit(rlim_cur: limit, rlim_max: limit)
      guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0 else {
        throw POSIXError(.EPERM)
      }
    }
  }
#endif
