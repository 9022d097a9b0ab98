import ArgumentParser
import Experiments
import Foundation
import GANs
import Records
import Runs
import Terminal

/// Finding directions of the style space.
struct Directions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the directions of the style space along which pictures change most.",
    discussion: """
      The closed-form factorisation (SeFa, arXiv 2007.06600) needs no pictures: the directions are the \
      right singular vectors of the layers' modulation weights, one below the other, without those of the \
      ToRGB layers from 8x8 on, as the public scripts take them. The file holds directions [K, latent size], \
      unit vectors, those that change most first; singular_values [K]; and layers, the styles that they \
      were found for and move. 'lethe grid directions' shows them.
      """
        + HelpText.examples(
          "lethe directions --gan F.pt --output directions.safetensors",
          "lethe directions --gan F.pt --layers 0-3 --output coarse.safetensors"))

  @Option(help: "A snapshot, a run directory or a public checkpoint.", completion: .file())
  var gan: String

  @Option(
    parsing: .unconditional,
    help: "The layers that count, from 0, such as 0-3: coarse ones first (default: all).")
  var layers: String?

  @Option(
    help: "A safetensors file for the directions, which must not exist yet.",
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Flag(help: "Print the singular values as JSON.")
  var json = false

  func validate() throws {
    _ = try chosenLayers()
  }

  func run() throws {
    try MachineOptions.startThreads()
    let file = try OutputFile.check(
      output, ending: "safetensors", content: "directions are written as safetensors")
    let result = try DirectionsExperiment(
      ModelLocator.gan(gan), layers: chosenLayers(), output: file
    ).run()
    let record: JSON.Object = [
      "directions": JSON(output), "layers": JSON(result.layers),
      "singular_values": JSON(result.singularValues),
    ]
    try Conclusion.print(
      json ? JSON.object(record).encoded() : Self.text(result, output: output), beside: [file])
  }

  private func chosenLayers() throws -> [Int]? {
    try layers.map { try SeedList.indices(in: $0, option: "--layers", noun: "layer") }
  }

  private static func text(_ result: StyleDirections, output: String) -> String {
    let shown = result.singularValues.prefix(8).map { NumberText.plain($0) }
    let more = result.singularValues.count > shown.count ? " ..." : ""
    return """
      singular values: \(shown.joined(separator: ", "))\(more)
      \(result.singularValues.count) directions: \(output)
      """
  }
}
