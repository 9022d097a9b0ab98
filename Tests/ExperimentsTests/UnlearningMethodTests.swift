import Experiments
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

@Suite struct UnlearningMethodTests {
  @Test func `every method has a name of its own, and says what it does`() {
    let names = UnlearningMethods.all.map { $0.name }
    #expect(Set(names).count == names.count && names.first == AdaptThenRedirect.name)
    for method in UnlearningMethods.all {
      #expect(UnlearningMethods.named(method.name) != nil && !method.summary.isEmpty)
    }
    #expect(UnlearningMethods.named("hope") == nil)
  }

  @Test func `what a method does not take is refused, and so is what it lacks`() throws {
    #expect(throws: UnlearningMethodError.needsAdapted(method: "adapt-then-unlearn")) {
      try AdaptThenUnlearn(UnlearningRequest())
    }
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "gan.safetensors")
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    try model.write(to: file)
    let gan = try GANFile.read(file, as: .known)
    #expect(
      throws: UnlearningMethodError.takesNoAdapted(method: "positives-only", file: gan.path)
    ) {
      try PositivesOnly(UnlearningRequest(adapted: [gan]))
    }
    #expect(try PositivesOnly(UnlearningRequest()).options.repulsion == nil)
  }
}
