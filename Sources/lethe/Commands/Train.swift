import ArgumentParser

/// Training from scratch.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a GAN or a classifier from scratch.",
    subcommands: [TrainGAN.self, TrainClassifier.self])
}
