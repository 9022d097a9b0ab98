import Experiments

/// An option that cannot be followed with the files and the other options that were given.
///
/// The library calls options as records and recipes do; only the command knows its flags.
struct RefusedOption: Error, CustomStringConvertible {
  let error: SettingError

  init(_ error: SettingError) { self.error = error }

  var description: String {
    "\(Self.flag(error.field)) \(error.problem(calling: Self.flag))"
  }

  /// The flag that sets an option of options.json.
  static func flag(_ name: String) -> String {
    var words = name.split(separator: ".").map(String.init)
    for part in ["adaptation", "unlearning", "training"] where words.first == part {
      words.removeFirst()
    }
    let inner = words.joined(separator: ".")
    return "--" + (otherNames[inner] ?? words.last ?? name).replacing("_", with: "-")
  }

  /// The flags that are called otherwise than the options.
  private static let otherNames = [
    "batch_size": "batch", "mixing_probability": "mixing", "r1_weight": "r1",
    "path_length_weight": "path_length", "model_count": "models", "negative_count": "negatives",
    "ewc_strength": "ewc", "patience_target": "target", "uses_graphs": "cuda_graphs",
    "new_discriminator_steps": "discriminator_steps", "retention.weight": "retention",
    "retention.largest_doubt": "retention_doubt", "redirection.weight": "redirection",
    "redirection.target": "redirect_to", "redirection.margin": "redirection_margin",
    "redirection.allowed_remainder": "target", "augmentation": "augment",
    "augmentation.preset": "augment", "augmentation.probability": "augment_p",
    "augmentation.target": "augment_target", "augmentation.length": "augment_length",
  ]
}
