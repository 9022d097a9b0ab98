// Makes the embedded MNIST generator forget a digit: swift run Forgetting 7
import Experiments
import GANs
import Records
import Unlearning

let digit = CommandLine.arguments.dropFirst().first ?? "7"
let iterations = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) }
var (adaptation, unlearning) = (AdaptationOptions(), UnlearningOptions())
if let iterations { (adaptation.iterations, unlearning.iterations) = (iterations, iterations) }

let subject = try EmbeddedModels.subject(forgetting: digit)
let adapted = try AdaptationExperiment(subject, options: adaptation).run().adapted
let models = try adapted.map { try GANFile.read($0, as: .known) }
let method = try AdaptThenUnlearn(UnlearningRequest(options: unlearning, adapted: models))
let result = try UnlearningExperiment(subject, method: method).run()
print("PUL \(result.evaluation.number(.pul) ?? 0) %, report: \(result.run.reportFile.path)")
