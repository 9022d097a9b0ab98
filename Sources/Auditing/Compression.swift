import Records
package import Torch
package import TorchNN

/// Stores the weights more coarsely, or leaves the small ones out.
///
/// Both happen to generators that are shipped, without anybody's intention to bring a concept back. The
/// judge's confidence stands beside every share, because both ruin pictures as well.
public struct Compression: Audit {
  /// `compression`.
  public let name = "compression"
  /// Its name in headings.
  public let title = "Compression"
  /// What it asks.
  public let question =
    "Does rounding the weights, or pruning the small ones, bring the concept back?"
  /// Where the idea comes from.
  public let source =
    "weight perturbations that happen without an attacker, after SoK: Unlearnability and Unlearning for "
    + "Model Dememorization, https://arxiv.org/abs/2605.11592"

  /// The audit; it has no settings.
  public init() {}

  /// The shares of each weight tensor that are set to zero.
  private static let prunedShares = [0.1, 0.2, 0.3, 0.5]

  /// Judges the generator after each compression.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the largest share of the concept, then that of each compression. Pictures that are not finite
  ///   count as ruined: nothing of the concept, no confidence.
  /// - Throws: what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let sweep = ParameterSweep(of: generator, in: subject)
    let start = sweep.start
    let roundings = [
      ParameterSweep.Place(0, name: "float16") { Self.rounded(start, to: .float16) },
      ParameterSweep.Place(0, name: "bfloat16") { Self.rounded(start, to: .bfloat16) },
      ParameterSweep.Place(0, name: "int8") { Self.roundedToInt8(start) },
    ]
    let prunings = Self.prunedShares.map { share in
      let percent = Int((100 * share).rounded())
      return ParameterSweep.Place(100 * share, name: "\(percent) % pruned") {
        Self.pruned(start, share: share)
      }
    }
    let points = try sweep.points(
      at: [ParameterSweep.Place(0, name: "unchanged") { start.values }] + roundings + prunings,
      progress: progress)
    let changed = Array(points.dropFirst())
    let method = "rounding, one scale per tensor for int8; pruning of each weight by magnitude"
    return AuditFinding(
      [
        sweep.largest(
          .compressionLargestShare, of: changed,
          method: "largest of \(changed.count) compressions: \(method)"),
        sweep.each(.compressionShares, of: points, method: method) { 100 * $0.share.value },
        sweep.each(.compressionConfidences, of: points, method: method) { $0.confidence },
      ],
      curves: Array(points.prefix(1) + points.suffix(prunings.count)).curves(
        "pruning", title: "after pruning", xTitle: "pruned of each weight tensor, %"))
  }

  /// Parameters as a smaller type of floating point numbers would keep them.
  ///
  /// - Parameters:
  ///   - parameters: of a network.
  ///   - type: `float16` or `bfloat16`.
  /// - Returns: a vector of the same layout, `float32`.
  package static func rounded(_ parameters: ParameterVector, to type: ScalarType) -> Tensor {
    parameters.values.to(type).to(.float32)
  }

  /// Parameters as 8 bits would keep them: whole steps from -127 to 127, of a size for each tensor.
  ///
  /// - Parameter parameters: of a network.
  /// - Returns: a vector of the same layout.
  package static func roundedToInt8(_ parameters: ParameterVector) -> Tensor {
    let result = parameters.values.clone()
    for range in parameters.ranges {
      let tensor = result.sliced(range)
      let step = tensor.abs().max().item() / 127
      guard step > 0 else { continue }
      // Conversion cuts toward zero: above zero, a half more makes it the nearest.
      let steps = (tensor / step + 128.5).to(.int32).to(.float32) - 128
      tensor.copyInPlace(steps * step)
    }
    return result
  }

  /// Parameters without the smallest of each weight; biases and single numbers are kept.
  ///
  /// - Parameters:
  ///   - parameters: of a network.
  ///   - share: of each weight's elements, in 0 to 1.
  /// - Returns: a vector of the same layout.
  package static func pruned(_ parameters: ParameterVector, share: Double) -> Tensor {
    let result = parameters.values.clone()
    for (parameter, range) in zip(parameters.parameters, parameters.ranges)
    where isWeight(parameter) {
      let values = result.sliced(range).to(.cpu).array(of: Float.self)
      let kept = pruned(values, count: Int((share * Double(values.count)).rounded()))
      result.sliced(range).copyInPlace(Tensor(kept))
    }
    return result
  }

  /// Whether a parameter is a matrix or the kernels of a convolution: not a bias, a strength or a learned
  /// picture.
  ///
  /// - Parameter parameter: of a network.
  /// - Returns: whether pruning changes it.
  package static func isWeight(_ parameter: Parameter) -> Bool {
    parameter.name.hasSuffix("weight") && parameter.shape.count > 1
  }

  /// Numbers with the smallest set to zero, exactly so many; of equal ones, the first.
  private static func pruned(_ values: [Float], count: Int) -> [Float] {
    guard count > 0 else { return values }
    let threshold = values.map(abs).sorted()[count - 1]
    var equal = count - values.count { abs($0) < threshold }
    return values.map { value in
      if abs(value) > threshold { return value }
      if abs(value) == threshold {
        guard equal > 0 else { return value }
        equal -= 1
      }
      return 0
    }
  }
}
