import Torch
import TorchNN

/// The computations of an iteration's phases on tensors: gradients and statistics.
///
/// Each starts from zero gradients and leaves its own in the parameters' vectors. None draws a
/// random number, reads a tensor on the host or takes an optimiser's step, so that a device can
/// record it once and replay it. The statistics are one vector, to be read once.
protocol GANPhases {
  /// The discriminator tells real from generated.
  ///
  /// - Parameters:
  ///   - real: real pictures.
  ///   - draw: of as many generated ones.
  ///   - changes: what the augmentation has drawn for the real ones and the generated ones together.
  /// - Returns: `loss_d`, `logit_real` and `logit_fake`, and behind them, for an augmentation, the logit of
  ///   each real picture; the generated pictures.
  func discriminator(
    real: Tensor, _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor)

  /// R1 keeps the discriminator's gradient on real pictures small; in fp32 throughout.
  ///
  /// - Parameters:
  ///   - real: real pictures.
  ///   - changes: what the augmentation has drawn for them.
  /// - Returns: `r1`.
  func r1(real: Tensor, changes: [Tensor]) -> Tensor

  /// The generator learns to look real.
  ///
  /// - Parameters:
  ///   - draw: of the pictures.
  ///   - changes: what the augmentation has drawn for them.
  /// - Returns: `loss_g`; the generated pictures, before augmentation.
  func generator(
    _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor)

  /// The generator learns to look real, and to make the pictures of a lesson.
  ///
  /// - Parameters:
  ///   - lesson: which pictures, and what they shall become.
  ///   - changes: what the augmentation has drawn for them.
  /// - Returns: `loss_g`, the adversarial loss alone, 0 without a discriminator, and the mean squared
  ///   error of each picture; the generated pictures, before augmentation.
  func generator(
    _ lesson: Lesson, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor)

  /// The path length penalty makes equal steps in w change the picture equally; in fp32 throughout.
  ///
  /// - Parameters:
  ///   - noise: y, standard normal, of the pictures' shape.
  ///   - mean: the running mean of path lengths.
  ///   - draw: of ``TrainingOptions/pathLengthBatchSize`` pictures.
  /// - Returns: `path_length_penalty`, and `path_length`, the running mean after this batch.
  func pathLength(noise: Tensor, mean: Tensor, _ draw: PictureDraw) -> Tensor
}

/// The phases, computed operator by operator.
struct ComputedPhases: GANPhases {
  let model: GANModel
  let options: TrainingOptions
  let augmentation: (any Augmentation)?

  /// Pictures as the discriminator sees them.
  private func augmented(_ pictures: Tensor, by changes: [Tensor]) -> Tensor {
    augmentation?.augmented(pictures, by: changes) ?? pictures
  }

  func discriminator(
    real: Tensor, _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    model.discriminator.parameters.zeroGradients()
    let fake = withoutGradients {
      model.generator.make(draw, precision: options.precision)
    }
    let logits = model.discriminator(
      augmented(.concatenated([real, fake]), by: changes), batches: 2,
      precision: options.precision)
    let realLogits = logits.sliced(0..<options.batchSize)
    let fakeLogits = logits.sliced(options.batchSize..<2 * options.batchSize)
    let loss = Losses.discriminatorLogistic(real: realLogits, fake: fakeLogits)
    loss.backward()
    let means = measured(loss, realLogits.mean(), fakeLogits.mean())
    guard augmentation != nil else { return (means, fake) }
    return (
      .concatenated([means, realLogits.detached().reshaped([options.batchSize])]), fake
    )
  }

  func r1(real: Tensor, changes: [Tensor]) -> Tensor {
    model.discriminator.parameters.zeroGradients()
    let penalty = Losses.r1Penalty(model.discriminator, pictures: real) {
      augmented($0, by: changes)
    }
    (penalty * (options.r1Weight / 2 * Double(options.r1Interval))).backward()
    return measured(penalty)
  }

  func generator(
    _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    model.generator.parameters.zeroGradients()
    let fake = model.generator.make(draw, precision: options.precision)
    let loss = Losses.generatorNonSaturating(
      fake: model.discriminator(augmented(fake, by: changes), precision: options.precision))
    loss.backward()
    return (measured(loss), fake.detached())
  }

  func generator(
    _ lesson: Lesson, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    model.generator.parameters.zeroGradients()
    let fake = model.generator.make(lesson.draw, precision: options.precision)
    let loss =
      options.usesDiscriminator
      ? Losses.generatorNonSaturating(
        fake: model.discriminator(augmented(fake, by: changes), precision: options.precision))
      : Tensor.zeros([], device: fake.device)
    let errors = (fake - lesson.targets).square().mean([1, 2, 3])
    (loss + (errors * lesson.weights).sum()).backward()
    return (.concatenated([measured(loss), errors.detached()]), fake.detached())
  }

  func pathLength(noise: Tensor, mean: Tensor, _ draw: PictureDraw) -> Tensor {
    model.generator.parameters.zeroGradients()
    let (pictures, styles) = model.generator.makeFromStyles(draw)
    let (penalty, newMean) = Losses.pathLengthPenalty(
      pictures: pictures, styles: styles, noise: noise, meanPathLength: mean,
      decay: options.pathLengthDecay)
    (penalty * (options.pathLengthWeight * Double(options.pathLengthInterval))).backward()
    return measured(penalty, newMean)
  }

  private func measured(_ scalars: Tensor...) -> Tensor {
    .concatenated(scalars.map { $0.detached().reshaped([1]) })
  }
}

/// The phases as a device has recorded them.
///
/// Their inputs other than parameters are copied into permanent tensors; each recording keeps the
/// memory of its phase.
final class RecordedPhases: GANPhases {
  private let discriminatorPhase: RecordedComputation
  private let r1Phase: RecordedComputation
  private let generatorPhase: RecordedComputation
  private let lessonPhase: RecordedComputation
  private let pathLengthPhase: RecordedComputation
  private let styleCount: Int

  init(_ phases: ComputedPhases, by makeRecording: @escaping () -> any Recording) {
    let configuration = phases.model.configuration
    styleCount = configuration.styleCount
    let drawCount = PictureDraw.tensorCount(configuration)
    discriminatorPhase = RecordedComputation(by: makeRecording) {
      let (measured, fake) = phases.discriminator(
        real: $0[0], PictureDraw($0[1...drawCount]), changes: Array($0[(1 + drawCount)...]))
      return [measured, fake]
    }
    r1Phase = RecordedComputation(by: makeRecording) {
      [phases.r1(real: $0[0], changes: Array($0.dropFirst()))]
    }
    generatorPhase = RecordedComputation(by: makeRecording) {
      let (measured, fake) = phases.generator(
        PictureDraw($0[..<drawCount]), changes: Array($0[drawCount...]))
      return [measured, fake]
    }
    lessonPhase = RecordedComputation(by: makeRecording) {
      let lesson = Lesson(
        draw: PictureDraw($0[2..<2 + drawCount]), targets: $0[0], weights: $0[1])
      let (measured, fake) = phases.generator(lesson, changes: Array($0[(2 + drawCount)...]))
      return [measured, fake]
    }
    pathLengthPhase = RecordedComputation(by: makeRecording) {
      [phases.pathLength(noise: $0[0], mean: $0[1], PictureDraw($0.dropFirst(2)))]
    }
  }

  func discriminator(
    real: Tensor, _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    let results = discriminatorPhase([real] + draw.tensors(styleCount: styleCount) + changes)
    return (results[0], results[1])
  }

  func r1(real: Tensor, changes: [Tensor]) -> Tensor { r1Phase([real] + changes)[0] }

  func generator(
    _ draw: PictureDraw, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    let results = generatorPhase(draw.tensors(styleCount: styleCount) + changes)
    return (results[0], results[1])
  }

  func generator(
    _ lesson: Lesson, changes: [Tensor]
  ) -> (measured: Tensor, fake: Tensor) {
    let results = lessonPhase(
      [lesson.targets, lesson.weights] + lesson.draw.tensors(styleCount: styleCount) + changes)
    return (results[0], results[1])
  }

  func pathLength(noise: Tensor, mean: Tensor, _ draw: PictureDraw) -> Tensor {
    pathLengthPhase([noise, mean] + draw.tensors(styleCount: styleCount))[0]
  }
}
