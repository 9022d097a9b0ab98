import ArgumentParser
import Experiments
import Foundation
import GANs
import Records
import Reports
import Runs
import Terminal
import Torch

/// Writing a GAN for other programs.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a GAN in a format of the ecosystem, without loss unless told otherwise.",
    discussion: """
      lethe: a snapshot (.safetensors) with everything that the source holds. public: the training \
      checkpoint of the public StyleGAN2 scripts (.pt) with g, d, g_ema, g_optim and d_optim, which \
      loads strictly. g_ema: the averaged generator alone, as the public converters write it: a \
      dictionary with the one entry g_ema (.pt), or its tensors under their bare names \
      (.safetensors). hub: a folder with model.safetensors, config.json and a model card, README.md, \
      with figures, verdict, audits and commands of the run where --gan is a run directory. What a format has no place for is \
      said in a note.
      """
        + HelpText.examples(
          "lethe convert --gan RUN --to public --output gan.pt",
          "lethe convert --gan F.pt --to lethe --output gan.safetensors",
          "lethe convert --gan RUN --to hub --base-model me/faces --output hub"))

  @Option(
    help: "The GAN: a snapshot, a run directory or a public checkpoint.", completion: .file())
  var gan: String

  @Option(
    help: "The format: \(names).", completion: .list(GANFormat.allCases.map(\.rawValue)))
  var to: String

  @Option(
    help: "The file or, of hub, the folder to write, which must not exist yet.",
    completion: .file(extensions: ["safetensors", "pt"]))
  var output: String

  @Option(
    help: "The model that it was made from, as the hub names it (hub only).")
  var baseModel: String?

  @Flag(help: "Store weights as float16 (hub only).")
  var half = false

  @Option(
    parsing: .unconditional,
    help: """
      The range of its pictures, -1..1 or 0..1 (default: what the file records, else \
      -1..1).
      """)
  var pixelRange: PixelRange?

  private static var names: String {
    let names = GANFormat.allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")"
  }

  /// The format that is asked for.
  private var format: GANFormat {
    get throws {
      guard let format = GANFormat(rawValue: to) else {
        throw ValidationError(
          "--to is '\(to)', expected \(Self.names)"
            + NearestNames.question(for: to, among: GANFormat.allCases.map(\.rawValue)))
      }
      return format
    }
  }

  func validate() throws {
    _ = try format
    if let baseModel, baseModel.allSatisfy(\.isWhitespace) {
      throw ValidationError("--base-model is empty, expected a name such as owner/model")
    }
  }

  func run() throws {
    let format = try format
    try MachineOptions.startThreads()
    let output = try format.check(output: output)
    var conversion = GANConversion(
      try ModelLocator.gan(gan, pixelRange: pixelRange), to: format, baseModel: baseModel)
    conversion.isHalfPrecision = half
    if format == .hub, let run = try ModelLocator.measuredRun(gan) {
      conversion.metrics = try run.readMetrics()
      conversion.sections = try CardSections.markdown(of: run)
    }
    try conversion.write(to: output)
    for note in conversion.notes { StandardError.say("note: \(note)") }
    try Conclusion.print(
      ShownText.sentence("\(output.path): \(conversion.file.configuration)"), beside: [output])
  }
}
