import CTorch

/// Facts and settings of the engine as a whole.
public enum Torch {
  /// The version of libtorch in use, such as `2.13.0`.
  public static var version: String { String(cString: ct_libtorch_version()) }

  /// How many threads one operator may use, process-wide.
  ///
  /// Results depend on it in their last bits: sums are split among the threads.
  public static var threadCount: Int { Int(ct_thread_count()) }

  /// Sets how many threads one operator may use.
  ///
  /// - Parameter count: at least 1.
  /// - Throws: ``TorchError`` if libtorch refuses the count.
  public static func setThreadCount(_ count: Int) throws {
    try check(ct_set_thread_count(Int32(count)))
  }
}
