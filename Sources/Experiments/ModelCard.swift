import Foundation
import GANs
import Records
import Runs
import Torch

/// What a folder for a hub of models says of its GAN: sizes for programs, a card for people.
struct ModelCard {
  private let file: GANFile
  private let lineage: Lineage
  private let metrics: JSON.Object
  private let sections: [String]
  private let baseModel: String?
  /// The digest of the weights before they were rounded to float16; nil where they were not.
  private let digestBeforeRounding: String?

  init(
    _ file: GANFile, lineage: Lineage, metrics: JSON.Object, sections: [String],
    baseModel: String?, digestBeforeRounding: String? = nil
  ) {
    self.digestBeforeRounding = digestBeforeRounding
    self.file = file
    self.lineage = lineage
    self.metrics = metrics
    self.sections = sections
    self.baseModel = baseModel
  }

  /// The content of config.json.
  var configuration: JSON {
    get throws {
      var record: JSON.Object = [
        "architecture": JSON(file.configuration.architecture.name)
      ]
      for (name, value) in file.configuration.fields { record[name] = JSON(value) }
      record["pixel_range"] = JSON(file.pixelRange.rawValue)
      record["networks"] = JSON(networks)
      record["weights"] = digestBeforeRounding == nil ? "float32" : "float16"
      record["parameters_sha256"] = JSON(try file.parametersDigest())
      if let digestBeforeRounding {
        record["parameters_sha256_before_rounding"] = .string(digestBeforeRounding)
      }
      if file.lineage != nil { record["lineage"] = try JSON(encoding: lineage) }
      if !metrics.isEmpty {
        record["figures"] = .object(
          JSON.Object(
            (Self.shownMetrics.map(\.name) + ["samples", "seed"]).compactMap { name in
              metrics[name].map { (name, $0) }
            }))
      }
      record["lethe_version"] = JSON(Release.version)
      return .object(record)
    }
  }

  private var networks: [String] { ["g_ema"] + (file.discriminator == nil ? [] : ["d"]) }

  // MARK: - README.md

  /// The content of README.md.
  var text: String {
    ([header, title, forgotten, files, loading] + figures + sections + [limits])
      .joined(separator: "\n\n") + "\n"
  }

  private var architecture: String { file.configuration.architecture.name }

  /// The part that hubs read, in YAML; what was given is quoted as JSON, which is YAML.
  private var header: String {
    var lines = ["---", "library_name: lethe", "tags:"]
    lines += ["gan", architecture.lowercased(), "unlearning"].map { "- \($0)" }
    if let baseModel { lines.append("base_model: \(JSON(baseModel).encoded(.line))") }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var title: String {
    """
    # A \(architecture) of \(file.configuration.size)x\(file.configuration.size) pictures

    A generator\(file.discriminator == nil ? "" : " and its discriminator") \
    (\(file.configuration)), written by Lethe \(Release.version). \
    Its pictures have values from \(Self.ends(of: file.pixelRange)).
    """
  }

  private static func ends(of range: PixelRange) -> String {
    range.rawValue.replacing("..", with: " to ")
  }

  private var forgotten: String {
    var sentences: [String] = []
    for step in lineage.forgotten {
      let judge = step.judge.map { " (judge: SHA-256 `\(Self.plain($0))`)" } ?? ""
      sentences.append("- It was trained to forget **\(Self.shown(step.concept))**\(judge).")
    }
    if let adapted = lineage.adapted {
      sentences.append(
        "- It was adapted to show **\(Self.shown(adapted.concept))**, as a step on the way to "
          + "forgetting it. It is no unlearned model.")
    }
    if sentences.isEmpty {
      sentences = ["Nothing records that it was to forget anything."]
    }
    return "## What was forgotten\n\n" + sentences.joined(separator: "\n")
  }

  private var files: String {
    """
    ## Files

    - `model.safetensors`: \(networks.map { "`\($0).*`" }.joined(separator: " and ")), under the \
    names of the public PyTorch networks, without their constants, such as kernels of blurs\
    \(digestBeforeRounding == nil ? "" : "; rounded to float16")
    - `config.json`: sizes, range of the pictures, lineage
    """
  }

  private var loading: String {
    """
    ## Loading

        lethe generate --gan model.safetensors --count 64 --output pictures.png

    In PyTorch, with a generator of these sizes from the public code:

    ```python
    from safetensors.torch import load_file

    tensors = load_file("model.safetensors")
    state = {k.removeprefix("g_ema."): v for k, v in tensors.items() if k.startswith("g_ema.")}
    missing, unexpected = generator.load_state_dict(state, strict=False)
    assert not unexpected and all(k.endswith(\(constants)) for k in missing)
    ```

    `lethe convert --gan model.safetensors --to public --output gan.pt` makes a checkpoint that loads \
    strictly.
    """
  }

  /// How the names of the constants end that a generator of the public networks has beside ours, as
  /// Python has it.
  private var constants: String {
    let configuration = file.configuration
    let layout = configuration.architecture.publicLayout(of: configuration)?.generator ?? []
    let names = layout.compactMap { entry -> String? in
      guard case .constant(let name, _) = entry else { return nil }
      return name.split(separator: ".").last.map { "\".\($0)\"" }
    }
    let endings = Set(names).sorted()
    return endings.count == 1 ? endings[0] : "(\(endings.joined(separator: ", ")))"
  }

  /// The metrics that a card shows: has it forgotten, is the rest as before, are the pictures good.
  private static let shownMetrics: [MetricKey] = [
    .pul, .pulPerConcept, .sameClass, .frechetToOriginalPositives, .frechetOriginal,
    .frechetToData, .frechetOriginalToData, .frechetToTrainingData,
  ]

  private var figures: [String] {
    let rows = (metrics.measurements ?? []).filter { Self.shownMetrics.contains($0.key) }.compactMap
    {
      measurement in
      Self.value(measurement).map { value in
        "| \(measurement.key.title) | \(value) | \(measurement.sampleCount) | "
          + "\(measurement.seed.map(String.init) ?? "none") | \(Self.shown(measurement.method)) |"
      }
    }
    guard !rows.isEmpty else { return [] }
    let judge = metrics["judged_by"]?.object.map(Self.judge) ?? ""
    let warnings = (metrics["warnings"]?.array ?? []).compactMap(\.string).map {
      "\n- " + Self.shown($0)
    }
    return [
      "## Figures\n\nMeasured by the run that made it\(rounding).\(judge) A number without its sample count and its "
        + "seed means nothing.\n\n| metric | value | samples | seed | how |\n|---|---|---|---|---|\n"
        + rows.joined(separator: "\n")
        + (warnings.isEmpty ? "" : "\n\nWarnings:\n" + warnings.joined())
    ]
  }

  private var rounding: String {
    digestBeforeRounding == nil ? "" : ", before its weights were rounded"
  }

  private static func judge(_ record: JSON.Object) -> String {
    guard let network = record["network"]?.string else { return "" }
    return " The judge is a \(shown(network))."
  }

  /// The value with its unit and its interval; nil where there is none to show in a cell.
  private static func value(_ measurement: MetricMeasurement) -> String? {
    let unit = measurement.key.unit.isEmpty ? "" : " \(measurement.key.unit)"
    func text(_ number: Double) -> String {
      unit.isEmpty ? NumberText.plain(number) : NumberText.plain(number, decimals: 2) + unit
    }
    switch measurement.value {
    case .number(let number?):
      let interval = measurement.interval.map {
        " (95 %: \(text($0.lowerBound)) to \(text($0.upperBound)))"
      }
      return text(number) + (interval ?? "")
    case .count(let count): return "\(count)"
    case .numberPerClass(let numbers):
      return numbers.compactMap { entry in
        entry.value.map { "\(shown(entry.className)): \(text($0))" }
      }.joined(separator: ", ")
    case .number(nil), .countPerClass, .transitions: return nil
    }
  }

  private var limits: String {
    """
    ## Limits

    Forgetting is measured, not proven: a judge decides what a picture shows, and pictures that it does \
    not recognise are not counted. Whoever has the original model has what was forgotten.
    """
  }

  // MARK: - Strangers' words

  /// A name as Markdown shows it, whatever is in it.
  private static func shown(_ name: String) -> String {
    plain(name).reduce(into: "") { result, character in
      if "\\`*_{}[]<>#|&".contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// A name without what editors obey instead of showing it.
  private static func plain(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isObeyed ? "\u{fffd}" : $0 }))
  }
}
