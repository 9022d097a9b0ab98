import Classifiers
import Foundation
public import GANs
public import Judging
public import Runs
public import Torch

/// What the method works on: the GAN that shall forget, the concept to forget, and the judge who tells.
public struct Subject {
  /// The pre-trained GAN.
  public var file: GANFile
  /// The classifier of the pictures.
  public var judge: Judge
  /// The judge's file, as the user named it; the name of the classifier where it has no file.
  public var judgePath: String
  /// What shall be forgotten.
  public var concept: Concept
  /// The files read.
  public var provenance: [Provenance]

  /// A subject of a judge that has no file, such as one of your own.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - judge: the classifier of the pictures.
  ///   - name: what shall be forgotten, as the judge names it.
  /// - Throws: `JudgingError` for a concept that the judge does not know, `RunError` if the GAN's file
  ///   can no longer be read.
  public init(_ file: GANFile, judge: Judge, forgetting name: String) throws {
    concept = try judge.concept(named: name)
    self.file = file
    self.judge = judge
    judgePath = judge.classifier.name
    provenance = [try Provenance(of: URL(filePath: file.path), role: "gan")]
  }

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
      ModelLocator.gan(gan, pixelRange: pixelRange), judgeFile: ModelLocator.judgeFile(judge),
      judgePath: judge, forgetting: name, device: device)
  }

  /// A subject whose files were found before.
  init(
    _ file: GANFile, judgeFile: URL, judgePath: String, forgetting name: String, device: Device
  ) throws {
    let judge = try Judge.read(judgeFile, device: device)
    try self.init(file, judge: judge, forgetting: name)
    self.judgePath = judgePath
    provenance.append(try Provenance(of: judgeFile, role: "judge"))
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
