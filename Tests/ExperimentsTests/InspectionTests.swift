import Checkpoints
import Classifiers
import Experiments
import Foundation
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct InspectionTests {
  @Test func `counts of batches in a judge's file are told for what they are`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "judge.safetensors")
    var tensors = AFHQClassifier().parameters.named()
    tensors["batchnorm1.num_batches_tracked"] = Tensor([Int64(7)])
    try SafetensorsFile(tensors: tensors).write(to: file)
    let entries = try Inspection(file).entries
    let skipped = entries.filter(\.isSkipped)
    #expect(skipped.map(\.key) == ["batchnorm1.num_batches_tracked"])
    #expect(
      skipped.map(\.fate)
        == ["batch normalisation's count of training batches, which judging does not need"])
    #expect(entries.count == tensors.keys.count)
  }
}
