import Foundation
import Terminal

/// The frame of a program that runs experiments.
public enum Program {
  /// Runs a program's work; an error is printed as the sentence that it is, and ends the program.
  ///
  /// A `try` at the top of a program would end it with a trap instead.
  ///
  /// - Parameter body: the work. If it throws, the program ends with 1, or as shells expect after Ctrl-C.
  public static func run(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      StandardError.say("Error: \(error)")
      exit(InterruptFlag.exitCode ?? EXIT_FAILURE)
    }
  }
}
