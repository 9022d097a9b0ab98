import Checkpoints
import GANs
import Judging
public import Runs
import Torch
import TorchNN

extension Inspection {
  /// The findings as a record.
  public var json: JSON {
    var result: JSON.Object = [
      "file": JSON(path), "format": JSON(checkpoint.format.rawValue),
    ]
    switch content {
    case .gan(let file):
      result["kind"] = "gan"
      result["architecture"] = JSON(file.configuration.architecture.name)
      result["configuration"] = file.configuration.json
      result["networks"] = JSON(networks)
      if let classCount { result["classes"] = JSON(classCount) }
      result["pixel_range"] = JSON(file.recordedPixelRange?.rawValue)
      result["optimisers"] = .object(
        JSON.Object(optimisers.map { ($0.name, $0.record.json) }))
      result["training_tensors"] = JSON(file.training.count)
      result["good_for"] = JSON(uses.filter { $0.obstacle == nil }.map(\.use.rawValue))
      result["obstacles"] = .object(
        JSON.Object(
          uses.compactMap { use, obstacle in
            obstacle.map { (use.rawValue, JSON("\($0)")) }
          }))
      result["notes"] = JSON(notes)
    case .classifier(let judge):
      result["kind"] = "classifier"
      result["class_names"] = JSON(judge.labels.names)
    case .unknown(let reasons):
      result["kind"] = "unknown"
      result["reasons"] = JSON(reasons)
    }
    result["tensors"] = .array(entries.map(\.json))
    result["values"] = .object(
      JSON.Object(checkpoint.values.map { ($0.path, $0.value.json) }))
    result["not_read"] = .object(
      JSON.Object(checkpoint.skipped.map { ($0.path, JSON($0.reason)) }))
    return .object(result)
  }
}

extension Inspection.Entry {
  fileprivate var json: JSON {
    [
      "key": JSON(key), "type": JSON("\(scalarType)"), "shape": JSON(shape), "fate": JSON(fate),
      "skipped": JSON(isSkipped),
    ]
  }
}

extension GANConfiguration {
  fileprivate var json: JSON {
    .object(JSON.Object(fields.map { ($0.name, JSON($0.value)) }))
  }
}

extension GANFile.OptimiserRecord {
  fileprivate var json: JSON {
    [
      "steps": JSON(stepCount), "learning_rate": JSON(options?.learningRate),
      "beta1": JSON(options?.beta1), "beta2": JSON(options?.beta2),
      "epsilon": JSON(options?.epsilon),
    ]
  }
}

extension CheckpointValue {
  fileprivate var json: JSON {
    switch self {
    case .none: nil
    case .bool(let value): JSON(value)
    case .integer(let value): JSON(value)
    case .number(let value): JSON(value)
    case .text(let value): JSON(value)
    case .bytes(let value): JSON("\(value.count) bytes")
    case .list(let values): .array(values.map(\.json))
    }
  }
}
