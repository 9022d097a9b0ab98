import Files
import Foundation
import Terminal

/// What a command says at its end beside the files that it wrote.
enum Conclusion {
  /// Prints a page; on standard error where a file's bytes have gone to standard output, as with
  /// `--output /dev/stdout`.
  ///
  /// - Parameters:
  ///   - page: see `ShownText.page(_:)`.
  ///   - files: what was written.
  /// - Throws: `StandardOutputError`.
  static func print(_ page: String, beside files: [URL?]) throws {
    guard files.contains(where: { $0?.isStandardOutput ?? false }) else {
      return try StandardOutput.print(page)
    }
    StandardError.write(
      ShownText.page(page) + "\n", waitingMilliseconds: StandardError.patience)
  }
}
