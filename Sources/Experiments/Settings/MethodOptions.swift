public import Torch
public import Unlearning

/// The constants of both stages, from a preset and a method.
public struct MethodOptions: Equatable, Sendable {
  /// Whose constants the others start from.
  public let preset: MethodPreset
  /// How the GAN forgets.
  public let method: MethodName
  /// Of both stages' convolutions; nil leaves it to each stage.
  public var precision: Precision?
  /// The constants of stage one; nil for a method that needs no adapted models.
  public var adaptation: AdaptationOptions?
  /// The constants of stage two.
  public var unlearning: UnlearningOptions

  /// The constants of a preset and a method.
  ///
  /// - Parameters:
  ///   - preset: whose constants.
  ///   - method: how the GAN forgets; nil for the preset's own way.
  public init(preset: MethodPreset = .lethe, method: MethodName? = nil) {
    self.preset = preset
    self.method = method ?? MethodName(type: preset.method)
    let type = self.method.type
    adaptation = type.usesAdapted ? preset.adaptation : nil
    var options = preset.unlearning ?? type.defaults
    options.repulsion = type.repels ? options.repulsion ?? RepulsionOptions() : nil
    unlearning = type.fitted(options)
  }

  /// Whether γ of the reference's code is what the paper calls α.
  ///
  /// The reference's EL2 is `100 exp(-γ d²)`, the paper's `γ exp(-α d²)`.
  public var gammaIsAlpha: Bool {
    preset == .reference && unlearning.repulsion?.loss is ExponentialL2
  }
}
