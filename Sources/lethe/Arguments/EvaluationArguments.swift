import ArgumentParser
import Datasets
import Evaluation
import Experiments
import Foundation
import Judging

/// How results are measured.
struct EvaluationArguments: ParsableArguments {
  @Option(parsing: .unconditional, help: "Latents for the evaluation of both generators.")
  var samples = LatentList.defaultCount

  @Option(
    help: "Real data (IDX or class folders), for distances to it without the class.",
    completion: .file())
  var data: String?

  func validate() throws {
    try SampleCount.check(samples)
  }

  /// The real data, checked for labels that name the class.
  func dataset(for subject: Subject) throws -> Dataset? {
    guard let data else { return nil }
    let dataset = try Dataset.open(URL(filePath: data), split: .test)
    for concept in subject.concepts {
      _ = try dataset.without(class: dataset.classIndex(named: concept.name))
    }
    return dataset
  }
}
