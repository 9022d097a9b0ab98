import ArgumentParser
import Experiments
import Torch

/// The GAN, the class to forget, and the judge.
struct SubjectArguments: ParsableArguments {
  @Option(
    help: "The GAN: a .safetensors, .pt or .pkl file, or a run directory.", completion: .file())
  var gan: String

  @Option(
    parsing: .upToNextOption,
    help: """
      The judge: a .safetensors or .pth file, or the run directory of its training. Further ones are \
      asked in feedback, too: a picture is a negative if any of them says so. For a class of a \
      conditional GAN, none is needed: one is trained on what it makes for each class.
      """, completion: .file())
  var judge: [String] = []

  @Option(
    parsing: .singleValue,
    help: """
      The class or attribute to forget, as the judge names it (7, Eyeglasses, Eyeglasses=absent); \
      several with commas between them, or the option once for each.
      """)
  var forget: [String]

  @Option(
    parsing: .unconditional,
    help: """
      The range of the GAN's pictures, -1..1 or 0..1 (default: the range in the file, otherwise \
      -1..1).
      """)
  var pixelRange: PixelRange?

  /// Reads the files; trains a judge where a conditional GAN needs none.
  ///
  /// - Parameters:
  ///   - destination: where the run goes; a judge that is trained lies beside it.
  ///   - context: device, observer, cancellation.
  /// - Returns: the subject.
  /// - Throws: what reading and training throw.
  func load(for destination: RunDestination, in context: ExperimentContext) throws -> Subject {
    guard let first = judge.first else {
      do {
        return try Subject(
          classesOf: gan, forgetting: forget, pixelRange: pixelRange, judgeIn: destination.parent,
          context: context)
      } catch ClassPicturesError.noClasses { throw MissingJudge(gan: gan) }
    }
    var subject = try Subject(
      gan: gan, judge: first, forgetting: forget, pixelRange: pixelRange, device: context.device)
    for other in judge.dropFirst() { try subject.ask(judge: other, device: context.device) }
    return subject
  }

  /// Nobody tells which pictures shall be forgotten.
  struct MissingJudge: Error, CustomStringConvertible {
    let gan: String

    var description: String {
      "no judge tells what shall be forgotten: name one with --judge; only a conditional GAN needs none, "
        + "and \(gan) is told no classes"
    }
  }
}
