import Files
import Foundation
import Records
import Terminal

/// What a command says at its end beside the files that it wrote.
enum Conclusion {
  /// Prints a page; on standard error where a file's bytes have gone to standard output, as with
  /// `--output /dev/stdout`.
  ///
  /// Lines that end in `PoorResult.word` are in colour where people see colours.
  ///
  /// - Parameters:
  ///   - page: see `ShownText.page(_:)`.
  ///   - files: what was written.
  /// - Throws: `StandardOutputError`.
  static func print(_ page: String, beside files: [URL?] = []) throws {
    guard files.contains(where: { $0?.isStandardOutput ?? false }) else {
      return try StandardOutput.print(page, colouring: PoorResult.word)
    }
    StandardError.write(
      ShownText.page(page) + "\n", waitingMilliseconds: StandardError.patience)
  }
}
