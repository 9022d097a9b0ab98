import Evaluation
import Foundation
import GANs
import Judging
import Testing
import Torch

@testable import Experiments

/// The models that ship with Lethe are what the documents say.
@Suite struct EmbeddedModelsTests {
  @Test(arguments: [(EmbeddedModels.digits, 32), (.faces, 64)])
  func `a model makes pictures of its size, and its judge knows what the demo forgets`(
    _ model: EmbeddedModels, _ size: Int
  ) throws {
    let subject = try model.subject(forgetting: model.usualConcept)
    #expect(subject.file.configuration.size == size)
    #expect(subject.file.discriminator != nil && subject.file.generatorOptimiser != nil)
    #expect(subject.concepts.map(\.name) == [model.usualConcept])
    #expect(throws: JudgingError.self) { try model.subject(forgetting: "unicorn") }
  }

  @Test func `a program without its folder says which one is missing`() {
    let folder = URL(filePath: "/nowhere/lethe_Experiments.resources/Models")
    #expect {
      try EmbeddedModels.file("mnist32-gan", in: [folder])
    } throws: {
      "\($0)"
        == "the embedded model mnist32-gan.safetensors is missing in \(folder.path): keep the folder "
        + "lethe_Experiments.resources beside the program, or build it again"
    }
  }

  /// The shares among 12,000 faces that the generator was trained on.
  @Test func `faces have their attributes about as often as the pictures they were learned from`()
    throws
  {
    let known = [
      "Eyeglasses": 0.349, "Wearing_Hat": 0.295, "No_Beard": 0.699, "Smiling": 0.501,
      "Pale_Skin": 0.501, "Long_Hair": 0.348,
    ]
    let subject = try EmbeddedModels.faces.subject(forgetting: "Eyeglasses")
    let generator = try subject.file.makeGenerator(device: .cpu)
    let random = RandomGenerator(seed: 1)
    let pictures = generator.pictures(
      generator.draw(512, mixingProbability: 0, latentsFrom: random, noiseFrom: random))
    let judgement = subject.judge.judge(pictures, in: generator.pixelRange)
    #expect(Set(known.keys) == Set(judgement.labels.names))
    for concept in judgement.labels.concepts {
      let (share, expected) = (judgement.share(of: concept), known[concept.name] ?? 0)
      // A quarter, and three standard deviations of 512 pictures.
      #expect(abs(share - expected) < 0.25 * expected + 0.06, "\(concept): \(share)")
    }
  }
}
