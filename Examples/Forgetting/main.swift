// Makes the embedded MNIST generator forget a digit: swift run Forgetting 7
import Experiments
import GANs
import Records
import Unlearning

let words = CommandLine.arguments
let subject = try EmbeddedModels.subject(forgetting: words.count > 1 ? words[1] : "7")
var (stageOne, stageTwo) = (AdaptationOptions(), UnlearningOptions())
if words.count > 2, let n = Int(words[2]) { (stageOne.iterations, stageTwo.iterations) = (n, n) }
let adapted = try AdaptationExperiment(subject, options: stageOne).run().adapted
let models = try adapted.map { try GANFile.read($0, as: .known) }
let method = try AdaptThenUnlearn(UnlearningRequest(options: stageTwo, adapted: models))
let result = try UnlearningExperiment(subject, method: method).run()
print("PUL \(result.evaluation.number(.pul) ?? 0) %, report: \(result.run.reportFile.path)")
