import Classifiers
import Files
public import Foundation
import GANs
import Runs
public import Torch

extension Subject {
  /// A class of a conditional GAN, which nobody's judge needs to tell: one is trained on what the
  /// generator makes for each of its classes.
  ///
  /// The judge is named after the GAN and its checksum, so that every later command finds it in the same
  /// folder and trains none.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - names: the numbers of the classes that shall be forgotten.
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - folder: where the judge's run lies or comes to lie.
  ///   - context: device, observer, cancellation; the judge's seed is 0.
  /// - Throws: what reading and training throw; ``ClassPicturesError`` if the GAN is told no class.
  public init(
    classesOf gan: String, forgetting names: [String], pixelRange: PixelRange? = nil,
    judgeIn folder: URL, context: ExperimentContext
  ) throws {
    let file = try ModelLocator.gan(gan, pixelRange: pixelRange)
    _ = try ClassPictures(of: file, count: 1)
    let checksum = try Provenance(of: URL(filePath: file.path), role: "gan").sha256
    let stem = URL(filePath: gan).deletingPathExtension().lastPathComponent
    let place = folder.appending(path: "judge-\(stem)-\(checksum.prefix(8))")
    if RunModels.judge(in: place) == nil {
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

extension RunDestination {
  /// The folder that the run's own folder lies in.
  public var parent: URL {
    switch self {
    case .numbered: RunDirectory.nextNumbered(description: "run").deletingLastPathComponent()
    case .new(let folder), .resume(let folder):
      folder.standardizedFileURL.deletingLastPathComponent()
    }
  }
}
