// Makes the embedded MNIST generator forget a digit: swift run Forgetting 7
import Experiments
import GANs
import Unlearning

let digit = CommandLine.arguments.dropFirst().first ?? "7"
let subject = try EmbeddedModels.subject(forgetting: digit)
var (adaptation, unlearning) = (AdaptationOptions(), UnlearningOptions())
if CommandLine.arguments.contains("--short") { (adaptation.iterations, unlearning.iterations) = (3, 3) }

let (_, files) = try AdaptationExperiment(subject, options: adaptation).run()
let adapted = try files.map { try GANFile.read($0, as: .known) }
let method = try AdaptThenUnlearn(UnlearningRequest(options: unlearning, adapted: adapted))
let result = try UnlearningExperiment(subject, method: method, samples: 640).run()
print("\(result.evaluation.pul) % of the pictures of \(digit) are gone: \(result.run.reportFile.path)")
