import Classifiers
import Foundation
import GANs
import Judging
import Runs
import Torch

/// What the method works on: the GAN that shall forget, the concept to forget, and the judge who tells.
public struct Subject {
  /// The pre-trained GAN.
  public var file: GANFile
  /// Who says what a picture shows.
  public var judge: Judge
  /// The judge's file, as the user named it.
  public var judgePath: String
  /// What shall be forgotten.
  public var concept: Concept
  /// The files read.
  public var provenance: [Provenance]

  /// Reads the files of a subject.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - judge: the judge's file or run folder.
  ///   - name: what shall be forgotten, as the judge names it.
  ///   - pixelRange: the range of the GAN's pictures; nil takes what the file records, else -1..1.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws, and `JudgingError` for a concept that the judge does not know.
  public init(
    gan: String, judge: String, forgetting name: String, pixelRange: PixelRange? = nil,
    device: Device = .cpu
  ) throws {
    try self.init(
      ganFile: ModelLocator.checkpoint(gan), judgeFile: ModelLocator.judgeFile(judge),
      judgePath: judge, forgetting: name, pixelRange: pixelRange, device: device)
  }

  /// Reads the files of a subject, which were found before.
  init(
    ganFile: URL, judgeFile: URL, judgePath: String, forgetting name: String,
    pixelRange: PixelRange?, device: Device
  ) throws {
    judge = try Judge.read(judgeFile, device: device)
    concept = try judge.concept(named: name)
    file = try ModelLocator.gan(at: ganFile, pixelRange: pixelRange)
    self.judgePath = judgePath
    provenance = [
      try Provenance(of: ganFile, role: "gan"), try Provenance(of: judgeFile, role: "judge"),
    ]
  }

  /// What every run of the method records.
  var options: OptionsRecord {
    get throws {
      var record = OptionsRecord()
      try record.set("gan", to: file.path)
      try record.set("judge", to: judgePath)
      try record.set("forget", to: concept.name)
      try record.set("network", to: file.configuration.record)
      try record.set("pixel_range", to: file.pixelRange.rawValue)
      return record
    }
  }
}
