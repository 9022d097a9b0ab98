// A data format, a judge, a loss, a method and a metric that Lethe does not know, in one short run.
import Datasets
import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Runs
import Torch
import Unlearning

let drawings = Bundle.module.bundleURL.appending(path: "digits.txt")
let digits = try Dataset.open(drawings, formats: DatasetFormats.all + [TextPictures()])
let judge = Judge(try TemplateClassifier(digits))
let seen = judge.judge(try digits.batch([2, 0, 1], range: .zeroToOne), in: .zeroToOne)
precondition(seen.classes == [2, 0, 1], "the judge mistakes its own templates: \(seen.classes)")

let subject = try Subject(EmbeddedModels.gan(), judge: judge, forgetting: "1")
var adaptation = AdaptationOptions()
(adaptation.modelCount, adaptation.iterations, adaptation.negativeCount) = (1, 2, 32)
let files = try AdaptationExperiment(subject, options: adaptation).run().adapted
let adapted = try files.map { try GANFile.read($0, as: .known) }
var options = AdaptThenUnlearn.defaults
(options.iterations, options.feedbackSamples, options.largestDoubt) = (2, 320, 1)
options.repulsion?.loss = RationalL2()
options.repulsion?.strength = .fixed(gamma: 1)
let repulsion = try AdaptThenUnlearn(UnlearningRequest(options: options, adapted: adapted))
var experiment = UnlearningExperiment(subject, method: repulsion, samples: 320)
let last = try StatsReader.records(in: experiment.run().run.statsFile).last?.values ?? [:]
let (loss, distance) = (last[.repulsion] ?? 0, last[.squaredDistance] ?? 0)
precondition(abs(loss * (1 + distance) - 1) < 1e-9, "a loss of \(loss) at d² = \(distance)")

experiment.method = ColoursOnly(UnlearningRequest(options: options))
experiment.metrics.append(ClassEntropy())
let coloured = try experiment.run()
let after = try GANFile.read(coloured.run.latestSnapshot().file, as: .known).generator ?? [:]
for (key, before) in subject.file.generatorEMA ?? [:] {
  let change = after[key].map { ($0 - before).abs().max().item() } ?? .infinity
  precondition((change > 0) == key.hasPrefix("to_rgb"), "\(key) has changed by \(change)")
}
let bits = coloured.evaluation.number(.classEntropy) ?? 0
precondition(bits > 0 && bits < log2(3), "three classes of \(bits) bits")
print("Repulsion \(loss) at d² = \(distance); classes of \(bits) bits after \(ColoursOnly.name)")
