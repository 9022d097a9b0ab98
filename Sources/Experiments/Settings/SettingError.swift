import GANs
import Unlearning

/// Settings that cannot be followed, by the names that options.json has.
///
/// Whoever shows it knows what the options are called where they were given: flags on the command line,
/// lines of a recipe.
public enum SettingError: Error, Equatable {
  /// A number outside its range.
  case outOfRange(field: String, value: String, expected: String)
  /// An option that changes nothing beside the others.
  case useless(field: String, reason: String)
  /// A learning rate beside the wish to keep that of the GAN's file.
  case rateOfFileWins(rate: String, wish: String)
  /// The interval of a penalty whose weight is 0: by its own GAN's training, or because somebody said so.
  case penaltyIsOff(interval: String, weight: String, isOfGAN: Bool)

  /// The name of the option that cannot be followed.
  public var field: String {
    switch self {
    case .outOfRange(let field, _, _), .useless(let field, _), .rateOfFileWins(let field, _),
      .penaltyIsOff(let field, _, _):
      field
    }
  }

  /// What is wrong, in words that follow the option's name.
  ///
  /// - Parameter name: what an option is called, by its name in options.json.
  /// - Returns: the rest of the sentence.
  public func problem(calling name: (String) -> String = { $0 }) -> String {
    switch self {
    case .outOfRange(_, let value, let expected): "is \(value), expected \(expected)"
    case .useless, .rateOfFileWins, .penaltyIsOff:
      "has no meaning here: \(reason(calling: name) ?? "")"
    }
  }

  /// Why an option has no meaning; nil for a number outside its range.
  ///
  /// - Parameter name: what an option is called, by its name in options.json.
  /// - Returns: the reason.
  public func reason(calling name: (String) -> String = { $0 }) -> String? {
    switch self {
    case .outOfRange: nil
    case .useless(_, let reason): reason
    case .rateOfFileWins(_, let wish): "\(name(wish)) is true, so a GAN's own rate wins"
    case .penaltyIsOff(_, let weight, isOfGAN: true):
      "the GAN was trained with a weight of 0; give \(name(weight)) as well"
    case .penaltyIsOff(_, let weight, isOfGAN: false): "\(name(weight)) is 0 and turns it off"
    }
  }
}

extension SettingError: CustomStringConvertible {
  /// One sentence that names the option, what is wrong with it, and the way out.
  public var description: String { "\(field) \(problem())" }
}

extension SettingError {
  /// Checks a part; what is refused there is named within the whole.
  ///
  /// - Parameters:
  ///   - part: its name; empty for the whole.
  ///   - check: of the part.
  /// - Throws: ``SettingError``; what else the check throws.
  static func inside(_ part: String, _ check: () throws -> Void) throws {
    func named(_ field: String) -> String { part.isEmpty ? field : "\(part).\(field)" }
    do {
      try check()
    } catch UnlearningError.outOfRange(let field, let value, let expected) {
      throw outOfRange(field: named(field), value: value, expected: expected)
    } catch ConfigurationError.outOfRange(let field, let value, let expected) {
      throw outOfRange(field: named(field), value: value, expected: expected)
    } catch SettingError.outOfRange(let field, let value, let expected) {
      throw outOfRange(field: named(field), value: value, expected: expected)
    } catch SettingError.useless(let field, let reason) {
      throw useless(field: named(field), reason: reason)
    } catch SettingError.rateOfFileWins(let rate, let wish) {
      throw rateOfFileWins(rate: named(rate), wish: named(wish))
    } catch SettingError.penaltyIsOff(let interval, let weight, let isOfGAN) {
      throw penaltyIsOff(interval: named(interval), weight: named(weight), isOfGAN: isOfGAN)
    }
  }
}
