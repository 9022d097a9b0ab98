/// An unlearning method by its name.
public struct MethodName: RawRepresentable, CaseIterable, Codable, Equatable, Sendable {
  /// The name.
  public let rawValue: String

  /// A method by its name.
  ///
  /// - Parameter rawValue: as `UnlearningMethod.name` spells it; another one gives nil.
  public init?(rawValue: String) {
    guard UnlearningMethods.named(rawValue) != nil else { return nil }
    self.rawValue = rawValue
  }

  /// The name of a known method.
  ///
  /// - Parameter type: one of ``UnlearningMethods/all``.
  public init(type: any UnlearningMethod.Type) { rawValue = type.name }

  /// The method.
  public var type: any UnlearningMethod.Type {
    guard let type = UnlearningMethods.named(rawValue) else {
      preconditionFailure("no method is called \(rawValue)")
    }
    return type
  }

  /// All that are known.
  public static var allCases: [MethodName] { UnlearningMethods.all.map(MethodName.init(type:)) }
}
