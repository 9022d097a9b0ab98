import ArgumentParser
import Classifiers
import Datasets
import Experiments
import GANs
import Runs
import Torch
import Unlearning

/// An error of the library, and the options or commands that help.
///
/// The library says what is wrong and what would be right; only the command knows what its options are
/// called.
struct WayOut: Error, CustomStringConvertible {
  let error: any Error
  let words: [String]

  /// The error as it should be shown.
  ///
  /// - Parameters:
  ///   - error: what a command ended with.
  ///   - command: the command; nil before one was found.
  /// - Returns: the error, with the options that help if the command has any of them.
  static func beside(_ error: any Error, in command: (any ParsableCommand.Type)?) -> any Error {
    guard let command else { return error }
    if let error = error as? SettingError { return RefusedOption(error) }
    let words = words(error).filter { isKnown($0, to: command) }
    return words.isEmpty ? error : WayOut(error: error, words: words)
  }

  /// Whether words name an option that the command has, or another command.
  private static func isKnown(_ words: String, to command: any ParsableCommand.Type) -> Bool {
    guard let option = words.split(separator: " ").first(where: { $0.hasPrefix("--") }),
      !words.hasPrefix("lethe ")
    else { return true }
    return CommandDescription(of: command).argument(spelled: String(option)) != nil
  }

  var description: String { "\(error) (\(words.joined(separator: ", ")))" }

  private static func words(_ error: any Error) -> [String] {
    switch error {
    case RunError.alreadyExists: ["--resume", "--output", "--set output=FOLDER"]
    case RunError.cannotHoldRun: ["--output", "--set output=FOLDER"]
    // A run that is extended keeps the decay that it began with.
    case ResumeError.otherOption(_, let option, let former, _)
    where option.hasSuffix(".decay_iterations"):
      ["--decay-iterations \(former), to go on as it began", "--output"]
    case ResumeError.otherOption, ResumeError.otherFile: ["--output", "--set output=FOLDER"]
    case AuditError.otherSettings, AuditError.damaged: ["--output"]
    case AuditError.missing(let role, _, _), AuditError.changed(let role, _, _),
      AuditError.unrecorded(let role, _):
      [role == "gan" ? "--original" : "--\(role)"]
    case ResumeError.furtherThanAsked: ["--iterations", "--output"]
    case ResumeError.otherMachine(_, let option, _, _): ["--\(option)"]
    case ModelLocatorError.incomplete: ["--resume"]
    case TorchError.deviceNotBuiltIn, TorchError.noDevice, TorchError.deviceIndexBeyond:
      ["--device"]
    case TorchError.precisionUnavailable: ["--precision"]
    case TorchError.graphsUnavailable: ["--cuda-graphs"]
    case UnlearningError.noPositives(_, _, _, nil): []
    case UnlearningError.noPositives: ["--largest-doubt", "--feedback-samples"]
    case GenerationError.tooMany: ["--count", "--output FOLDER/"]
    case GridError.noCrossover: ["--crossover"]
    case DirectionFileError.noDirection: ["--apply"]
    case StyleDirectionsError.noLayer, StyleDirectionsError.nothingModulated: ["--layers"]
    case TrainingError.diverged: ["--learning-rate", "or a weaker repulsion: --gamma"]
    case GANFileError.noDiscriminator:
      [
        "or, for a bare generator, --discriminator new or --without-discriminator with --method redirect"
      ]
    case ClassPicturesError.otherPictures: ["--judge"]
    case GANFileError.classesUnknown: ["lethe export --class N"]
    case GANFileError.noGenerator, GANFileError.unexpectedTensor: ["lethe inspect"]
    case GANFileError.notAdam, GANFileError.otherOptimiser, GANFileError.unfitMoment:
      ["lethe export --without-optimisers"]
    case UnlearningError.tooFewNegatives(let found, _, _, _) where found > 0:
      ["--negatives", "--set adaptation.negative_count=FEWER"]
    case ClassifierError.batchTooLarge: ["--batch"]
    case DatasetError.tooFewOfEachClass: ["--validation"]
    case DatasetError.tooFewNames(source: "given", _, _, _), DatasetError.alreadyNamed:
      ["--class-names"]
    case UnlearningError.tooRare: ["--negatives", "--set adaptation.negative_count=FEWER"]
    case LineageError.malformed: []
    case is LineageError: ["--accept-mismatch"]
    case UnlearningError.adaptedEqualsOriginal: ["lethe adapt"]
    default: []
    }
  }
}

extension WayOut {
  /// What the user may lower when there is no memory for a command.
  static func lessMemory(for command: any ParsableCommand) -> String? {
    let options: String? =
      switch command {
      case is TrainGAN: "--batch, --size, --channel-cap or --threads"
      case is Adapt, is Unlearn, is TrainClassifier: "--batch or --threads"
      case is Generate: "--count or --threads"
      case is RunRecipe, is Sweep: "training.batch_size of both stages by --set, or --threads"
      case is Project, is GridInterpolation, is GridMixing, is GridWalk, is GridDirections:
        "--threads"
      case is Demo, is Evaluate, is Extrapolate, is JudgeCommand: "--threads"
      case is BenchIteration: "--batch, --size, --channel-cap or --threads"
      case is BenchSampling, is BenchFisher, is BenchEvaluation: "--samples or --threads"
      case is BenchKernels: "--batch, --channels or --side"
      default: nil
      }
    return options.map { "lower \($0), or let the process have more memory" }
  }
}
