import Classifiers
import Files
public import Foundation
import GANs
import Judging
import Runs
public import Torch

extension Subject {
  /// A class of a conditional GAN, which nobody's judge needs to tell: one is trained on what the
  /// generator makes for each of its classes.
  ///
  /// The judge is named after the GAN, its checksum, and its pixel range where that is not the usual one,
  /// so that every later command finds it in the same folder and trains none.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - names: the numbers of the classes that shall be forgotten.
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - folder: where the judge's run lies or comes to lie.
  ///   - context: device, observer, cancellation; the judge's seed is 0.
  /// - Throws: what reading and training throw; ``ClassPicturesError`` if the GAN is told no class;
  ///   `JudgingError` for a class that there is not.
  public init(
    classesOf gan: String, forgetting names: [String], pixelRange: PixelRange? = nil,
    judgeIn folder: URL, context: ExperimentContext
  ) throws {
    let file = try ModelLocator.gan(gan, pixelRange: pixelRange)
    try ClassPictures.check(file)
    // Before the training.
    _ = try LabelSpace.numberedClasses(file.configuration.classCount).concepts(named: names)
    let checksum = try Provenance(of: URL(filePath: file.path), role: "gan").sha256
    let stem = URL(filePath: gan).deletingPathExtension().lastPathComponent
    let range = file.pixelRange == .minusOneToOne ? "" : "-\(file.pixelRange.rawValue)"
    let place = folder.appending(path: "judge-\(stem)-\(checksum.prefix(8))\(range)")
    if let judge = RunModels.judge(in: place) {
      context.observer.noted(
        "no judge was named: \(judge.path) tells the classes of \(gan)")
    } else {
      var context = context
      context.seed = 0
      var training = ClassifierTrainingExperiment(
        generator: file, destination: place.fileKind == .missing ? .new(place) : .resume(place),
        context: context)
      // They are pictures of one generator, which differ less than a data set's.
      training.epochs = 6
      training.size = ConvNet.sizes.last { $0 <= min(file.configuration.size, 64) }
      let outcome = try training.run()
      context.observer.noted(
        "no judge was named: \(outcome.file.path) has learned the classes of \(gan) from what it makes "
          + "for each, and is right on \(outcome.right) of \(outcome.tested) pictures held out")
    }
    let judge = place.appending(path: "judge.safetensors")
    try self.init(
      file, judgeFile: judge, judgePath: judge.path, forgetting: names, device: context.device)
  }
}
