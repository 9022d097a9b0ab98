import Runs

/// Options as people read them: a title for each key of options.json, and for each stage a section.
enum OptionTitle {
  /// The parts of a run with options of their own, and what their section is called.
  static let stages = [
    (key: "network", heading: "Network"), (key: "training", heading: "Settings of the training"),
    (key: "adaptation", heading: "Settings of the adaptation"),
    (key: "unlearning", heading: "Settings of the unlearning"),
    (key: "evaluation", heading: "Settings of the evaluation"),
  ]

  /// The title of an option.
  ///
  /// - Parameter key: the last part of its dotted name.
  /// - Returns: what it is, with its unit; the key's own words for options that nothing is known of.
  static func title(_ key: String) -> String { titles[key] ?? FieldName.words(key) }

  private static let titles = [
    "gan": "GAN", "judge": "Judge", "forget": "Class to forget", "adapted": "Adapted models",
    "data": "Data set", "data_digest": "Fingerprint of the data set",
    "balance_classes": "As many pictures of each class", "pixel_range": "Range of pixel values",
    "architecture": "Architecture", "gammas": "Values of gamma", "method": "Method",
    "accept_mismatch": "Files taken although their records contradict",
    "samples": "Latents that are judged",
    // Networks.
    "size": "Side of the pictures (pixels)", "latent_size": "Length of the latent",
    "mapping_depth": "Layers of the mapping network",
    "channel_multiplier": "Factor of the feature maps at 64x64 and above",
    "channel_cap": "Most feature maps of a layer",
    // The toy of Gaussians.
    "standard_deviation": "Standard deviation of a component",
    "normals": "Normal numbers of a latent", "coins": "Coins of a latent",
    "width": "Units of a hidden layer", "hidden_layers": "Hidden layers of each network",
    "average_decay": "What the moving average keeps in an iteration",
    "decay_start": "Share of the iterations before the learning rate falls",
    "consolidation": "Strength of elastic weight consolidation (λ)",
    // Training.
    "iterations": "Iterations", "epochs": "Passes over the data set",
    "batch": "Pictures per iteration",
    "batch_size": "Pictures per iteration", "learning_rate": "Adam’s learning rate",
    "keeps_optimiser_constants": "Adam’s constants are those of the GAN’s file",
    "r1_weight": "Weight of R1", "r1_interval": "Iterations from one R1 to the next",
    "path_length_weight": "Weight of the path length penalty",
    "path_length_interval": "Iterations from one path length penalty to the next",
    "path_length_batch_shrink": "Pictures of a batch for each of the path length penalty",
    "path_length_decay": "Step of the mean path length",
    "mixing_probability": "Probability that a batch mixes two styles",
    "ema_half_life_kimg": "Half-life of the moving average (thousand pictures)",
    "ema_ramp_up": "Half-life of the moving average, at most this share of the training so far",
    "precision": "Precision of the convolutions",
    "uses_graphs": "Kernels are recorded and replayed",
    "order": "Order of the pictures", "start": "Generator that training starts from",
    // Stage one.
    "model_count": "Adapted models (K)", "negative_count": "Negatives for each model",
    "look_factor": "Pictures looked at for each negative, at most",
    "fisher_samples": "Pictures for the Fisher information",
    "ewc_strength": "Strength of elastic weight consolidation (λ)",
    // Stage two.
    "feedback_samples": "Pictures that positives are selected from",
    "largest_doubt": "Largest probability of the class in a positive",
    "loss": "Repulsion loss", "distance": "Distance between parameters",
    "gamma": "Weight of the repulsion loss (γ)", "alpha": "Steepness of EL2 (α)",
    "step_share": "First and largest push, as a share of the way from adapted to original",
    "target": "Share of the class that may remain",
    "renewal": "Weight of the newest count of negatives",
    "fade_iterations": "Iteration from which there is no push",
  ]

  /// Options as rows, those of options within options among them.
  static func facts(_ options: JSON.Object) -> [Report.Fact] {
    options.flatMap { key, value -> [Report.Fact] in
      if let inner = value.object { return facts(inner) }
      return [FieldName.fact(title(key), value)]
    }
  }
}
