public import Checkpoints
public import Torch

/// A family of networks that a file may hold: how it is recognised, and what the method asks of it.
///
/// Whoever reads a file says which it may be (``GANFile/read(_:as:ofClass:)``); it is of the first that accepts
/// its tensors. A further family is a folder with networks, a configuration and an architecture, and
/// one line in the list of those that Lethe knows.
public protocol Architecture: Sendable {
  /// The family's name, such as `StyleGAN2`.
  var name: String { get }

  /// What a file of it holds, for those whose file holds something else; such as `a StyleGAN2 with
  /// tensors such as g_ema.style.1.weight`.
  var expectation: String { get }

  /// The programs beside Lethe that write such GANs; our own snapshots are read in any case.
  var sources: [any CheckpointSource] { get }

  /// Whether a file is of this family and of no other, whole or broken.
  ///
  /// A family whose files look like another's claims its own, so that their faults are told in its words.
  ///
  /// - Parameter checkpoint: any file.
  /// - Returns: whether only architectures that claim the file are asked for it.
  func claims(_ checkpoint: Checkpoint) -> Bool

  /// The networks of some sizes, to be trained from scratch.
  ///
  /// - Parameter sizes: the sizes.
  /// - Returns: their configuration, which may be invalid; nil for a family that such sizes do not
  ///   describe.
  func configuration(of sizes: NetworkSizes) -> (any GANConfiguration)?

  /// The sizes that a generator's tensors tell.
  ///
  /// - Parameters:
  ///   - tensors: a generator's, by their names within it.
  ///   - path: what to call the file in an error.
  /// - Returns: the configuration.
  /// - Throws: ``GANFileError/unknownArchitecture(file:architecture:reason:)`` if they are of another family.
  func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration

  /// Sizes that only the discriminator tells, added to those of its generator.
  ///
  /// - Parameters:
  ///   - configuration: what the generator's tensors tell.
  ///   - discriminator: a discriminator's tensors, by their names within it.
  /// - Returns: the configuration of both; the same where the discriminator fits no better one.
  func refined(
    _ configuration: any GANConfiguration, by discriminator: StateDict
  ) -> any GANConfiguration

  /// The side of the pictures that a discriminator's tensors tell.
  ///
  /// - Parameter tensors: a discriminator's, by their names within it.
  /// - Returns: the side in pixels; nil if they do not tell.
  func discriminatorSize(inferredFrom tensors: StateDict) -> Int?

  /// A generator that is told no class, and makes what a conditional one makes for one of its classes.
  ///
  /// - Parameters:
  ///   - tensors: the conditional generator's, by their names within it.
  ///   - ofClass: the number of the class, which there is.
  ///   - configuration: of the conditional generator.
  /// - Returns: its tensors; those of another shape than the configuration's as they are.
  func generator(
    _ tensors: StateDict, ofClass: Int, configuration: any GANConfiguration
  ) -> StateDict

  /// Whether elastic weight consolidation covers a parameter of the generator.
  ///
  /// - Parameter parameter: its name.
  /// - Returns: whether its Fisher information is estimated; that of others is zero.
  func isConsolidated(_ parameter: String) -> Bool

  /// Which of a picture's styles a parameter turns into the scales of a layer's channels.
  ///
  /// Directions of the latent space are found in these parameters (``StyleDirections``).
  ///
  /// - Parameter parameter: its name.
  /// - Returns: the style's number, from 0; nil if it modulates nothing, or only the colours of one
  ///   resolution.
  func modulatedStyle(of parameter: String) -> Int?

  /// The whole state of the networks of the public scripts, for those who write files for them.
  ///
  /// - Parameter configuration: the sizes.
  /// - Returns: nil if there are no public scripts, or the sizes are another architecture's.
  func publicLayout(of configuration: any GANConfiguration) -> PublicLayout?
}

extension Architecture {
  /// Claims none.
  ///
  /// - Parameter checkpoint: any file.
  /// - Returns: false.
  public func claims(_ checkpoint: Checkpoint) -> Bool { false }

  /// None: no such sizes describe the networks.
  ///
  /// - Parameter sizes: the sizes.
  /// - Returns: nil.
  public func configuration(of sizes: NetworkSizes) -> (any GANConfiguration)? { nil }

  /// The same: the generator's tensors tell all.
  ///
  /// - Parameters:
  ///   - configuration: what the generator's tensors tell.
  ///   - discriminator: a discriminator's tensors.
  /// - Returns: the configuration.
  public func refined(
    _ configuration: any GANConfiguration, by discriminator: StateDict
  ) -> any GANConfiguration { configuration }

  /// The same: no generator of the architecture is told a class.
  ///
  /// - Parameters:
  ///   - tensors: a generator's.
  ///   - ofClass: of no meaning for it.
  ///   - configuration: of the generator.
  /// - Returns: the tensors.
  public func generator(
    _ tensors: StateDict, ofClass: Int, configuration: any GANConfiguration
  ) -> StateDict { tensors }

  /// Does not tell.
  ///
  /// - Parameter tensors: a discriminator's.
  /// - Returns: nil.
  public func discriminatorSize(inferredFrom tensors: StateDict) -> Int? { nil }

  /// It modulates nothing.
  ///
  /// - Parameter parameter: of no meaning.
  /// - Returns: nil.
  public func modulatedStyle(of parameter: String) -> Int? { nil }

  /// There are no public scripts.
  ///
  /// - Parameter configuration: the sizes.
  /// - Returns: nil.
  public func publicLayout(of configuration: any GANConfiguration) -> PublicLayout? { nil }
}
