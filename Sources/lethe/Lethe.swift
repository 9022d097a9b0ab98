import ArgumentParser
import Experiments
import Foundation
import Runs
import Torch

/// The command.
@main
struct Lethe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lethe",
    abstract: "Makes a trained GAN forget a class, keeps the rest, and proves both.",
    discussion: """
      Adapt then Unlearn (Tiwary et al., TMLR 2025) on StyleGAN2: generators adapted to what shall be \
      forgotten show the direction to move away from.

        lethe demo                               the whole method on the model that ships with lethe
        lethe inspect F.pt                       what a checkpoint holds
        lethe adapt --gan F.pt --judge J.pth --forget 7 --output RUN1
        lethe unlearn --gan F.pt --judge J.pth --forget 7 --adapted RUN1 --output RUN2
        lethe evaluate --gan RUN2 --original F.pt --judge J.pth --forget 7

      Wherever a GAN or a judge is asked for, lethe's own snapshots, a run directory (its latest \
      snapshot) and public .pt/.pth checkpoints are taken alike. Nothing of a foreign file is ever run.
      """,
    version: "lethe \(Release.version)",
    subcommands: [
      Demo.self, Train.self, Adapt.self, Unlearn.self, Extrapolate.self, Generate.self,
      Evaluate.self, JudgeCommand.self, Inspect.self, Export.self, Bench.self,
    ])

  /// Runs the command; one that stopped as asked is no error, and ends as shells expect after Ctrl-C.
  static func main() {
    Torch.keepFreedMemory()
    Torch.skipTeardownAtExit()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let cancelled as Cancelled {
      let way =
        cancelled.run.map { "; the same command with --output \($0) --resume goes on" } ?? ""
      FileHandle.standardError.write(Data("\(cancelled)\(way)\n".utf8))
      Foundation.exit(InterruptFlag.exitCode ?? EXIT_FAILURE)
    } catch {
      exit(withError: error)
    }
  }
}
