import Classifiers
import Datasets
import Evaluation
public import Experiments
import Foundation
import GANs
import Judging
import Runs
public import Torch

/// The files that a recipe names, read and found to fit one another.
public struct RecipeMaterials {
  /// The recipe, with the weights of penalties that its GAN was trained with.
  public let recipe: Recipe
  /// The GAN, the judges, and what shall be forgotten.
  public let subject: Subject
  /// Real data to measure against, or none.
  let data: Dataset?
  /// The judge that had no part in training, and its fingerprints; or none.
  let secondJudge: (judge: Judge, files: [Provenance])?

  /// Reads the files, and refuses what can be refused before anything is computed.
  ///
  /// - Parameters:
  ///   - recipe: the recipe.
  ///   - device: where the judges live.
  /// - Throws: ``RecipeError`` for sizes in place of a file; what reading throws; `JudgingError` for a
  ///   concept that a judge does not know; `DatasetError` for data without it.
  public init(_ recipe: Recipe, device: Device = .cpu) throws {
    guard case .file(let gan) = recipe.gan else {
      throw RecipeError.randomWeights(recipe.place(of: "gan"), isWanted: false)
    }
    var subject = try Subject(
      gan: gan, judge: recipe.judges[0], forgetting: recipe.forget,
      pixelRange: recipe.options.pixelRange, device: device)
    for other in recipe.judges.dropFirst() { try subject.ask(judge: other, device: device) }
    let evaluation = recipe.options.evaluation
    let data = try evaluation.data.map { try Dataset.open(URL(filePath: $0), split: .test) }
    for concept in subject.concepts {
      if let data { _ = try data.without(class: data.classIndex(named: concept.name)) }
    }
    let secondJudge = try evaluation.secondJudge.map { path in
      let file = try ModelLocator.judgeFile(path)
      return (
        judge: try Judge.read(file, device: device),
        files: try Provenance.ofJudge(file, role: "second judge")
      )
    }
    if let labels = secondJudge?.judge.labels {
      _ = try labels.concepts(named: subject.concepts.map(\.name))
    }
    try self.init(
      recipe.completed(for: subject.file), subject: subject, data: data, secondJudge: secondJudge)
  }

  /// The same files for another recipe about the same concepts.
  ///
  /// - Parameter other: names the same GAN, judges, concepts and data.
  /// - Returns: the materials.
  /// - Throws: as for a recipe whose files are read.
  func with(_ other: Recipe) throws -> RecipeMaterials {
    try RecipeMaterials(
      other.completed(for: subject.file), subject: subject, data: data, secondJudge: secondJudge)
  }

  /// The fingerprints of all files.
  var digests: [String] {
    (subject.provenance + (secondJudge?.files ?? [])).map(\.sha256)
      + [data?.provenance.digest].compactMap(\.self)
  }

  /// Materials that are there already.
  init(
    _ recipe: Recipe, subject: Subject, data: Dataset? = nil,
    secondJudge: (judge: Judge, files: [Provenance])? = nil
  ) throws {
    self.recipe = recipe
    self.subject = subject
    self.data = data
    self.secondJudge = secondJudge
    // What stage two would refuse is refused before stage one; the adapted models are missing yet.
    let type = recipe.options.method.type
    _ = try type.init(
      UnlearningRequest(
        options: recipe.options.unlearning, adapted: type.usesAdapted ? [subject.file] : []))
  }
}
