import Evaluation
import GANs
import Judging
import Records
import Torch
import TorchNN

/// The original's pictures in place of the data that it was trained on, which are gone.
enum OriginalPictures {
  /// Pictures that are looked at to find negatives, at most, in multiples of ``AuditEffort/samples``.
  private static let lookFactor = 4

  /// The original's first pictures of what was to be forgotten, by the judge.
  ///
  /// Their latents are none of ``AuditSubject/latents``, and the same for every generator that is audited.
  ///
  /// - Parameters:
  ///   - wanted: how many.
  ///   - subject: what the audits are about.
  ///   - progress: called now and then; may throw to stop.
  /// - Returns: `[N, 3, size, size]`, N at most what is wanted; fewer where the concept is rare.
  /// - Throws: `EvaluationError.nothingToForget(_:samples:)` if there is none; what `progress` throws.
  static func negatives(
    _ wanted: Int, in subject: AuditSubject, progress: () throws -> Void
  ) throws -> Tensor {
    let original = subject.original.network
    let latents = LatentList(
      count: lookFactor * subject.effort.samples,
      seed: subject.random("negatives of the original").seed)
    var found: [Tensor] = []
    var (count, index) = (0, 0)
    while count < wanted, index < latents.batchCount {
      let (z, noise) = latents.batch(
        index, for: original.configuration, device: subject.device)
      let pictures = original.pictures(ofLatents: z, noise: .given(noise))
      let shows = subject.judge.judge(pictures, in: original.pixelRange)
        .shows(anyOf: subject.forgotten)
      let chosen = shows.indices.filter { shows[$0] }.prefix(wanted - count)
      if !chosen.isEmpty { found.append(pictures.gathered(Array(chosen))) }
      count += chosen.count
      index += 1
      try progress()
    }
    guard !found.isEmpty else {
      throw EvaluationError.nothingToForget(subject.forgotten[0], samples: latents.count)
    }
    return .concatenated(found)
  }

  /// The original's pictures of all kinds, never the same twice.
  ///
  /// - Parameters:
  ///   - subject: what the audits are about.
  ///   - random: where latents and noise come from.
  /// - Returns: an endless stream.
  static func stream(in subject: AuditSubject, random: RandomGenerator) -> any ImageSource {
    Stream(of: subject.original.network, random: random)
  }

  private final class Stream: ImageSource {
    private let generator: any GeneratorNetwork
    private let random: RandomGenerator

    init(of generator: any GeneratorNetwork, random: RandomGenerator) {
      self.generator = generator
      self.random = random
    }

    func next(_ count: Int) -> Tensor {
      generator.pictures(
        ofLatents: random.normal([count, generator.configuration.inputSize]),
        noise: .random(random))
    }

    var state: StateDict { ["random": random.state] }

    func restore(_ state: StateDict) throws {
      if let tensor = state["random"] { try random.restore(tensor) }
    }
  }
}
