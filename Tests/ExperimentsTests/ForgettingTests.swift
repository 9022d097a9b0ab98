import Evaluation
import Experiments
import Foundation
import GANs
import LetheKit
import Runs
import TestSupport
import Testing
import Unlearning

@Suite struct ForgettingTests {
  @Test func `U19 the whole method is a few lines, with two adapted models as the command's`()
    throws
  {
    let world = try World()
    var forgetting = try Forgetting(
      gan: world.gan, judge: world.judge, class: world.className,
      context: ExperimentContext(observer: SilentObserver()))
    #expect(forgetting.adaptation.modelCount == 2)
    forgetting.output = world.folder.url.appending(path: "runs")
    forgetting.adaptation.iterations = 1
    forgetting.adaptation.negativeCount = 4
    forgetting.adaptation.fisherSamples = 4
    forgetting.adaptation.training.batchSize = 4
    forgetting.unlearning.iterations = 1
    forgetting.unlearning.feedbackSamples = 64
    forgetting.unlearning.largestDoubt = 1
    forgetting.unlearning.training.batchSize = 4
    forgetting.samples = 64
    let result = try forgetting.run()
    let options = OptionsRecord.read(try result.run.readOptions()).values
    #expect(options["adapted"]?.array?.count == 2)
    #expect(FileManager.default.fileExists(atPath: result.run.reportFile.path))
    #expect(result.evaluation.summary.hasPrefix("PUL "))
  }

  @Test func `U19 a program shows its progress unless it says otherwise`() throws {
    let world = try World()
    #expect(try Forgetting(world.subject()).context.observer is TerminalObserver)
  }

  #if !os(iOS)
    @Test func `U19 an error ends a program with a sentence, not with a trap`() async {
      let result = await #expect(
        processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
      ) {
        Program.run { throw UnlearningMethodError.needsAdapted(method: "x") }
      }
      let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(words.contains("Error: x needs adapted generators, and there are none"))
    }
  #endif
}
