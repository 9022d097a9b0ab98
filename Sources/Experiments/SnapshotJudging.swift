import Classifiers
import Evaluation
import Foundation
public import Judging
public import Runs
public import Torch

/// How the snapshots of a GAN's training are judged while it goes on.
public struct SnapshotJudging {
  /// Who says what pictures show.
  public var judge: Judge
  /// The judge's file, as the user named it; the name of the classifier where it has no file.
  public var judgePath: String
  /// Pictures of each snapshot, and at most as many of the training data.
  public var samples: Int
  /// The judge's file, where it has one.
  public var provenance: [Provenance]

  /// The number of pictures that every evaluation takes unless somebody asks for another.
  public static var usualSamples: Int { LatentList.defaultCount }

  /// Judging by a judge that has no file, such as one of your own.
  ///
  /// - Parameters:
  ///   - judge: says what pictures show.
  ///   - samples: pictures of each snapshot, and at most as many of the training data.
  /// - Precondition: at least two pictures.
  public init(by judge: Judge, samples: Int = usualSamples) {
    precondition(samples >= 2, "\(samples) pictures have no distance")
    self.judge = judge
    self.samples = samples
    judgePath = judge.classifier.name
    provenance = []
  }

  /// Judging by a judge that is read from a file.
  ///
  /// - Parameters:
  ///   - path: the judge's file or run folder.
  ///   - samples: pictures of each snapshot, and at most as many of the training data.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws.
  /// - Precondition: at least two pictures.
  public init(byFile path: String, samples: Int = usualSamples, device: Device = .cpu) throws {
    let file = try ModelLocator.judgeFile(path)
    self.init(by: try Judge.read(file, device: device), samples: samples)
    judgePath = path
    provenance = try Provenance.ofJudge(file, role: "judge")
  }
}
