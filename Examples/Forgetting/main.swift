// Makes the embedded MNIST generator forget a digit: swift run Forgetting 7
import LetheKit

Program.run {
  let words = CommandLine.arguments
  // A GAN of your own: Forgetting(gan: "gan.pt", judge: "judge.pth", class: "7")
  var forgetting = Forgetting(
    try EmbeddedModels.subject(forgetting: words.count > 1 ? words[1] : "7"))
  if words.count > 2, let iterations = Int(words[2]) {
    forgetting.adaptation.iterations = iterations
    forgetting.unlearning.iterations = iterations
  }
  let result = try forgetting.run()
  print(result.evaluation.summary, "report: \(result.run.reportFile.path)", separator: "\n")
}
