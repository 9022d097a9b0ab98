public import Unlearning

/// Whose constants.
public enum MethodPreset: String, Sendable, CaseIterable, Codable {
  /// Ours: found by experiment, for any network.
  case lethe
  /// The paper's formulas, with the reference's constants: the paper prints none.
  case paper
  /// Those of the method's reference code.
  case reference

  /// The constants of stage one.
  public var adaptation: AdaptationOptions {
    self == .lethe ? AdaptationOptions() : .reference
  }

  /// The constants of stage two; nil for those of the method.
  public var unlearning: UnlearningOptions? {
    guard self != .lethe else { return nil }
    var options = UnlearningOptions.reference
    if self == .paper { options.repulsion?.distance = .paper }
    return options
  }

  /// The method, unless somebody asks for another.
  public var method: any UnlearningMethod.Type {
    self == .lethe ? UnlearningMethods.all[0] : AdaptThenUnlearn.self
  }
}
