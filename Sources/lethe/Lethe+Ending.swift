import ArgumentParser
import Foundation
import Terminal

extension Lethe {
  /// Ends the process with what an error has to say: help on standard output, all else on standard
  /// error.
  ///
  /// It takes the place of ArgumentParser's own function, which loses help that cannot be written and
  /// ends the process by a trap where standard error cannot be.
  static func end(with error: any Error) -> Never {
    let isRefused = error is RefusedArguments
    let code = isRefused ? .validationFailure : exitCode(for: error)
    let text = isRefused ? "\(error)" : fullMessage(for: error)
    switch error {
    case let error as StandardOutputError where error.isReaderGone:
      // As shells see the end of other tools whose reader has gone.
      Foundation.exit(128 + SIGPIPE)
    case _ where code == .success:
      do {
        try StandardOutput.write(HelpText.shown(text) + "\n")
        Foundation.exit(code.rawValue)
      } catch {
        end(with: error)
      }
    case _ where code == .validationFailure:
      // Several lines: what was wrong, and how the command is used.
      StandardError.write(
        ShownText.page(quotingSafely(text)) + "\n", waitingMilliseconds: StandardError.patience)
    case _ where !text.isEmpty:
      StandardError.say(text)
    default:
      break
    }
    Foundation.exit(code.rawValue)
  }

  /// A text with the user's arguments in it, each as one word that is shown and not obeyed.
  private static func quotingSafely(_ text: String) -> String {
    let words = CommandLine.arguments.dropFirst().flatMap { argument in
      // The value of an option that is given as one word is quoted without the option.
      [argument] + argument.split(separator: "=", maxSplits: 1).dropFirst().map(String.init)
    }
    return words.reduce(text) { text, word in
      let shown = ShownText.name(word)
      return shown == word
        ? text : text.replacingOccurrences(of: word, with: shown, options: .literal)
    }
  }
}
