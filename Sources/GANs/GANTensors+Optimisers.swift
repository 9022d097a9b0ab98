import Checkpoints
import Foundation
import Torch
import TorchNN

extension GANTensors {
  /// The moments of one optimiser, from Lethe's form (by name) or PyTorch's (by position).
  func optimiser(
    _ part: GANPart, parameters names: [String], checkpoint: Checkpoint
  ) throws -> GANFile.OptimiserRecord? {
    guard let own = self[part] else { return nil }
    let first = own.under("exp_avg")
    if !first.isEmpty {
      let record = try SnapshotOptimiser.read(checkpoint, part)
      return GANFile.OptimiserRecord(
        options: record?.options, firstMoments: first, secondMoments: own.under("exp_avg_sq"),
        stepCount: record?.stepCount ?? 0)
    }
    // PyTorch numbers parameters in the order of registration, which is the order we declare them in.
    var (firstMoments, secondMoments) = (StateDict(), StateDict())
    var steps: Set<Int> = []
    for (index, name) in names.enumerated() {
      firstMoments[name] = own["state.\(index).exp_avg"]
      secondMoments[name] = own["state.\(index).exp_avg_sq"]
      // A number in older versions of PyTorch, a tensor of one element since 1.12.
      let step = "state.\(index).step"
      let key = "\(part.rawValue).\(step)"
      if let tensor = own[step] {
        let count = tensor.elementCount == 1 ? Int(exactly: tensor.item()) : nil
        steps.insert(try stepCount(count, key))
      } else if let count = checkpoint.value(at: key)?.number {
        steps.insert(try stepCount(Int(exactly: count), key))
      }
    }
    return GANFile.OptimiserRecord(
      options: pytorchOptions(part, checkpoint), firstMoments: firstMoments,
      secondMoments: secondMoments, stepCount: steps.max() ?? 0)
  }

  private func stepCount(_ count: Int?, _ key: String) throws(GANFileError) -> Int {
    guard let count, count >= 0 else { throw .noStepCount(file: path, key: key) }
    return count
  }

  private func pytorchOptions(_ part: GANPart, _ checkpoint: Checkpoint) -> Adam.Options? {
    let group = "\(part.rawValue).param_groups.0"
    guard let rate = checkpoint.value(at: "\(group).lr")?.number,
      let betas = checkpoint.value(at: "\(group).betas")?.list, betas.count == 2,
      let beta1 = betas[0].number, let beta2 = betas[1].number,
      let epsilon = checkpoint.value(at: "\(group).eps")?.number
    else { return nil }
    return Adam.Options(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}

/// How a snapshot's metadata records an optimiser.
struct SnapshotOptimiser: Codable {
  var options: Adam.Options
  var stepCount: Int

  static func read(_ checkpoint: Checkpoint, _ part: GANPart) throws -> SnapshotOptimiser? {
    guard let text = checkpoint.value(at: "\(SnapshotKey.optimiser).\(part.rawValue)")?.text else {
      return nil
    }
    return try JSONDecoder().decode(SnapshotOptimiser.self, from: Data(text.utf8))
  }
}
