/// How strong repulsion is.
public enum RepulsionStrength: Sendable, Equatable {
  /// The paper's: `γ L(d²)` is part of the loss that Adam minimises (``RepulsionTerm``).
  case fixed(gamma: Double)
  /// A step outside Adam, calibrated by the way from θ_N to θ_G and held by the judge
  /// (``ClosedLoopPush``).
  case closedLoop(ClosedLoop.Options)
}

/// How stage two keeps away from the adapted generators: which loss, which distance, how strongly.
public struct RepulsionOptions: Sendable {
  /// The curve.
  ///
  /// NL2, because in a closed loop the others only add a second fade.
  public var loss: any RepulsionLoss = .negativeL2
  /// What far means.
  ///
  /// Effective weights, because the raw norm is mostly about layers that hardly matter.
  public var distance = ParameterDistance.effective
  /// How strong it is.
  ///
  /// A closed loop, because a good γ depends on the network, the distance and the scale of the weights.
  public var strength = RepulsionStrength.closedLoop(ClosedLoop.Options())

  /// The defaults.
  public init() {}

  /// The constants of the closed loop; nil where γ is fixed.
  public var closedLoop: ClosedLoop.Options? {
    get { if case .closedLoop(let options) = strength { options } else { nil } }
    set { if let newValue { strength = .closedLoop(newValue) } }
  }

  /// Throws unless repulsion can push with these.
  ///
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)`` or `ConfigurationError`, naming the
  ///   field as records do.
  public func validate() throws {
    var constants = (loss as? ExponentialL2)?.alpha.map { [("alpha", $0)] } ?? []
    if case .fixed(let gamma) = strength { constants.append(("gamma", gamma)) }
    for (field, value) in constants where !(value > 0 && value.isFinite) {
      throw UnlearningError.outOfRange(field: field, value: "\(value)", expected: "above 0")
    }
    try OptionField.inside("closed_loop") { try closedLoop?.validate() }
  }
}

extension RepulsionOptions: Equatable {
  /// Whether both push in the same way.
  public static func == (left: RepulsionOptions, right: RepulsionOptions) -> Bool {
    left.loss.isEqual(to: right.loss) && left.distance == right.distance
      && left.strength == right.strength
  }
}

extension RepulsionOptions: Codable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  /// Writes the loss by its name with its constants, the distance, and γ or the closed loop.
  ///
  /// A constant that the network's own scale decides is written as null.
  ///
  /// - Parameter encoder: the encoder.
  /// - Throws: what encoding throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(loss.name, forKey: Key("loss"))
    for (name, value) in loss.constants { try values.encode(value, forKey: Key(name)) }
    try values.encode(distance, forKey: Key("distance"))
    switch strength {
    case .fixed(let gamma): try values.encode(gamma, forKey: Key("gamma"))
    case .closedLoop(let options): try values.encode(options, forKey: Key("closedLoop"))
    }
  }

  /// Reads what ``encode(to:)`` writes, for the known losses.
  ///
  /// - Parameter decoder: the decoder.
  /// - Throws: what decoding throws, as for a loss of an unknown name.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let name = try values.decode(String.self, forKey: Key("loss"))
    guard let known = [any RepulsionLoss].known.named(name) else {
      throw DecodingError.dataCorruptedError(
        forKey: Key("loss"), in: values, debugDescription: "no repulsion loss is called \(name)")
    }
    var constants: [String: Double] = [:]
    for (name, _) in known.constants {
      constants[name] = try values.decodeIfPresent(Double.self, forKey: Key(name))
    }
    loss = known.with(constants: constants)
    distance = try values.decode(ParameterDistance.self, forKey: Key("distance"))
    if let gamma = try values.decodeIfPresent(Double.self, forKey: Key("gamma")) {
      strength = .fixed(gamma: gamma)
    } else {
      strength = .closedLoop(
        try values.decode(ClosedLoop.Options.self, forKey: Key("closedLoop")))
    }
  }
}
