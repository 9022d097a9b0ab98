import Experiments
import Foundation
import Runs

/// One method, one concept and one seed of a sweep.
public struct SweepJob: Sendable {
  /// What the sweep calls the method.
  public let method: String
  /// The recipe of this job alone: one seed.
  public let recipe: Recipe

  /// What the sweep says for all methods and means nothing for this one, by its dotted names.
  public let leftOut: [String]

  /// Whether nothing is unlearned: the judge keeps pictures of the original back.
  public let isFilter: Bool

  /// What the filter is called among the methods.
  static let filterName = "latent filter"

  init(
    _ method: String, _ recipe: Recipe, leftOut: [String] = [], isFilter: Bool = false
  ) throws {
    self.leftOut = leftOut
    self.isFilter = isFilter
    self.method = method
    self.recipe = recipe
    guard recipe.seeds.count == 1 else {
      throw RecipeError.unfit(
        recipe.place(of: "seeds"), name: "seeds", found: "a list", expected: "one seed for a job")
    }
  }

  /// What is forgotten, in words.
  public var concept: String { recipe.forget.joined(separator: ", ") }
  /// The seed.
  public var seed: UInt64 { recipe.seeds[0] }

  /// Every option that decides what the job computes, stage one among them.
  func record(isAdaptation: Bool = false) throws -> JSON.Object {
    var values = try recipe.record().values
    // Files count by their content, wherever they lie.
    for name in ["output", "snapshots", "seeds", "gan", "judge"] { values[name] = nil }
    if var evaluation = values["evaluation"]?.object {
      for name in ["data", "second_judge"] { evaluation[name] = nil }
      values["evaluation"] = .object(evaluation)
    }
    values["seed"] = JSON(seed)
    if isFilter {
      values["filter"] = true
      for name in Self.training + ["adaptation"] { values[name] = nil }
    }
    guard isAdaptation else { return values }
    for name in Self.training + ["evaluation"] { values[name] = nil }
    return values
  }

  /// What a recipe says of stage two.
  private static let training = ["unlearning", "method", "preset", "precision"]

  /// Whether another job computes the same.
  func isEqual(to other: SweepJob) -> Bool {
    concept == other.concept && seed == other.seed
      && (try? record()) == (try? other.record())
  }

  /// The job's name: a changed option, or a changed file, makes another one.
  ///
  /// - Parameter digests: of the files that it reads.
  /// - Returns: words that a person recognises, and the beginning of a hash of everything.
  /// - Throws: what encoding throws.
  func identity(_ digests: [String]) throws -> String {
    "\(Self.word(method))-\(Self.word(concept))-seed-\(seed)-"
      + hash(try record(), digests)
  }

  /// The name of its adapted models, which jobs of the same stage one share.
  ///
  /// - Parameter digests: of the files that stage one reads.
  /// - Returns: the name.
  /// - Throws: what encoding throws.
  func adaptationIdentity(_ digests: [String]) throws -> String {
    "\(Self.word(concept))-seed-\(seed)-" + hash(try record(isAdaptation: true), digests)
  }

  private func hash(_ record: JSON.Object, _ digests: [String]) -> String {
    let text = JSON.object(record).encoded(.line) + digests.joined(separator: " ")
    var digest = SHA256()
    Array(text.utf8).withUnsafeBytes { digest.update($0) }
    return String(digest.finished().prefix(10))
  }

  /// Letters that a folder's name may have.
  private static func word(_ text: String) -> String {
    let letters = text.map { letter in
      letter.isASCII && (letter.isLetter || letter.isNumber || ".=+".contains(letter))
        ? letter : "-"
    }
    return String(String(letters).prefix(48))
  }
}
