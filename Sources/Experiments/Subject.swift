import Classifiers
import Foundation
import GANs
import Runs
import Torch

/// What the method works on: the GAN that shall forget, the class to forget, and the judge who tells.
public struct Subject {
  /// The pre-trained GAN.
  public var file: GANFile
  /// The range of its pictures.
  public var pixelRange: PixelRange
  /// Who says what a picture shows.
  public var judge: Judge
  /// The judge's file, as the user named it.
  public var judgePath: String
  /// The index of the class to forget.
  public var undesiredClass: Int
  /// The files read.
  public var provenance: [Provenance]

  /// Reads the files of a subject.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - judge: the judge's file or run folder.
  ///   - className: the class to forget, as the judge names it.
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws, and `ClassifierError` for a class that the judge does not know.
  public init(
    gan: String, judge: String, forgetting className: String, pixelRange: PixelRange? = nil,
    device: Device = .cpu
  ) throws {
    try self.init(
      ganFile: ModelLocator.checkpoint(gan), judgeFile: ModelLocator.judgeFile(judge),
      judgePath: judge, forgetting: className, pixelRange: pixelRange, device: device)
  }

  /// Reads the files of a subject, which were found before.
  init(
    ganFile: URL, judgeFile: URL, judgePath: String, forgetting className: String,
    pixelRange: PixelRange?, device: Device
  ) throws {
    judge = try Judge.read(judgeFile, device: device)
    undesiredClass = try judge.index(ofClass: className)
    file = try GANFile.read(ganFile, as: .known)
    self.pixelRange = ModelLocator.pixelRange(file, override: pixelRange)
    self.judgePath = judgePath
    provenance = [
      try Provenance(of: ganFile, role: "gan"), try Provenance(of: judgeFile, role: "judge"),
    ]
  }

  /// The name of the class to forget.
  public var className: String { judge.classNames[undesiredClass] }

  /// What every run of the method records.
  var options: OptionsRecord {
    get throws {
      var record = OptionsRecord()
      try record.set("gan", to: file.path)
      try record.set("judge", to: judgePath)
      try record.set("forget", to: className)
      try record.set("network", to: file.configuration.record)
      try record.set("pixel_range", to: pixelRange.rawValue)
      return record
    }
  }
}
