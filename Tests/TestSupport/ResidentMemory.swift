import Foundation

/// The memory of this process that is in use, under Linux.
public enum ResidentMemory {
  /// Megabytes that are resident now.
  ///
  /// - Returns: what the system counts.
  /// - Throws: if it does not tell.
  public static func megabytes() throws -> Double {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      .split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return Double(pages * Int(getpagesize())) / 1_048_576
  }
}
