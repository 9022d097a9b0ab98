import Experiments
import Foundation
import Recipes
import Testing
import Torch
import Unlearning

/// The recipes that come with Lethe: one for each column of the paper's tables.
@Suite struct PaperRecipesTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Recipes")

  /// The files, by name, and what each forgets.
  static let columns = [
    "mnist-1": "1", "mnist-4": "4", "mnist-8": "8", "afhq-cat": "cat", "afhq-dog": "dog",
    "afhq-wild": "wild", "celeba-bangs": "Bangs", "celeba-wearing-hat": "Wearing_Hat",
    "celeba-bald": "Bald", "celeba-eyeglasses": "Eyeglasses",
  ]

  /// The iterations of both stages (as the recipes say; where the authors' are not known, the scripts').
  static let iterations = [
    "mnist-1": [2000, 1000], "mnist-4": [2000, 1000], "mnist-8": [2000, 1000],
    "afhq-cat": [5000, 1500], "afhq-dog": [5000, 3000], "afhq-wild": [5000, 3000],
    "celeba-bangs": [5000, 2000], "celeba-wearing-hat": [6000, 2000],
    "celeba-bald": [6000, 2000], "celeba-eyeglasses": [9000, 2000],
  ]
  /// The weight of IL2; EL2 has 100 in the code.
  static let gammas = ["afhq-cat": 10.0, "afhq-dog": 1, "afhq-wild": 100]

  @Test func `there is a recipe for each of the ten columns, and no other`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(files.sorted() == Self.columns.keys.map { "\($0).yaml" }.sorted())
  }

  @Test(arguments: PaperRecipesTests.columns.keys.sorted())
  func `a recipe of the paper resolves, with the authors' constants`(name: String) throws {
    let recipe = try Recipe.resolve(Self.folder.appending(path: "\(name).yaml").path)
    let options = recipe.options
    #expect(recipe.forget == [Self.columns[name]] && recipe.seeds.count == 3)
    #expect(options.preset == .reference && options.output == "runs/\(name)")
    #expect(options.pixelRange == (name.hasPrefix("mnist") ? .zeroToOne : .minusOneToOne))
    var adaptation = try #require(options.adaptation)
    #expect(adaptation.negativeCount == (name.hasPrefix("mnist") ? 20 : 300))
    #expect(adaptation.iterations == Self.iterations[name]?[0])
    // But for what differs between data sets, the constants are the reference's.
    adaptation.negativeCount = AdaptationOptions.reference.negativeCount
    adaptation.iterations = AdaptationOptions.reference.iterations
    if name == "celeba-bald" { adaptation.lookFactor = AdaptationOptions.reference.lookFactor }
    #expect(adaptation == .reference)
    var unlearning = options.unlearning
    let repulsion = try #require(unlearning.repulsion)
    #expect(repulsion.distance == .reference)
    #expect(repulsion.loss.name == (name.hasPrefix("afhq") ? "IL2" : "EL2"))
    #expect(repulsion.strength == .fixed(gamma: Self.gammas[name] ?? 100))
    if let loss = repulsion.loss as? ExponentialL2 {
      #expect(loss.alpha == (name.hasPrefix("mnist") ? 1 : 0.01))
    }
    #expect(unlearning.iterations == Self.iterations[name]?[1])
    unlearning.iterations = UnlearningOptions.reference.iterations
    unlearning.repulsion = UnlearningOptions.reference.repulsion
    #expect(unlearning == .reference)
  }
}
