import Foundation
import GANs
import Judging
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

/// Files of tiny networks, for a command that ends in no time.
enum TinyModels {
  /// Writes a GAN as a snapshot.
  @discardableResult
  static func writeGAN(
    _ file: URL, seed: UInt64 = 1, size: Int = 8, range: PixelRange = .minusOneToOne
  ) throws -> GANModel {
    let model = GANModel(
      TinyNetworks.configuration(size: size), pixelRange: range, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: seed))
    try model.write(to: file)
    return model
  }

  /// Writes a GAN whose generator is near that of another one, but not the same.
  static func writeNeighbour(of model: GANModel, to file: URL) throws -> GANModel {
    let result = GANModel(
      model.configuration, pixelRange: model.generator.pixelRange, options: TrainingOptions())
    result.initialise(using: RandomGenerator(seed: 1))
    result.generatorEMA.parameters.copy(
      from: TinyNetworks.neighbour(of: model.generatorEMA).parameters)
    try result.write(to: file)
    return result
  }

  /// Writes a GAN, its neighbour `adapted.pt` and a judge; returns the options that name them, and
  /// a class that the judge sees often.
  static func writeSubject(in folder: URL) throws -> [String] {
    let model = try writeGAN(folder.appending(path: "gan.pt"))
    _ = try writeNeighbour(of: model, to: folder.appending(path: "adapted.pt"))
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: folder.appending(path: "judge.pth"))
    let name = try #require(judge.frequentClass(of: model.generatorEMA))
    return ["--gan", "gan.pt", "--judge", "judge.pth", "--forget", name]
  }

  /// Writes a judge that calls everything "one".
  static func writeStubbornJudge(_ file: URL) throws {
    try TinyNetworks.stubbornJudge().write(to: file)
  }
}
