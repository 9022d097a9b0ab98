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
      asked in feedback, too: a picture is a negative if any of them says so.
      """, completion: .file())
  var judge: [String]

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

  /// Reads the files.
  func load(device: Device) throws -> Subject {
    var subject = try Subject(
      gan: gan, judge: judge[0], forgetting: forget, pixelRange: pixelRange, device: device)
    for other in judge.dropFirst() { try subject.ask(judge: other, device: device) }
    return subject
  }
}
