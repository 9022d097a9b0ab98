import ArgumentParser
import Experiments
import Foundation
import Terminal
import Torch

/// The command.
@main
struct Lethe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lethe",
    abstract: "Makes a trained GAN forget a class or attribute, keeps the rest, and measures both.",
    discussion: """
      Adapt then Unlearn (Tiwary et al., TMLR 2025) on StyleGAN2: the GAN moves away from \
      generators that were adapted to what it shall forget.

      A GAN or a judge may be a snapshot of lethe, a run directory (its latest snapshot) or a \
      public .pt, .pth or .pkl checkpoint, or one of 'lethe models' by its name. Code in foreign files is \
      never run.
      """
        + HelpText.examples(
          "lethe demo                               the whole method on the embedded model",
          "lethe inspect F.pt                       what a checkpoint holds",
          "lethe adapt --gan F.pt --judge J.pth --forget 7 --output RUN1",
          "lethe unlearn --gan F.pt --judge J.pth --forget 7 --adapted RUN1 --output RUN2",
          "lethe evaluate --gan RUN2 --original F.pt --judge J.pth --forget 7",
          "lethe audit RUN2                         is it really gone?",
          "lethe run recipe.yaml                    all of it, for several seeds",
          "lethe sweep sweep.yaml                   methods beside one another",
          "lethe compare RUN1 RUN2                  runs side by side"),
    version: "lethe \(Release.version)",
    subcommands: [
      Demo.self, Train.self, Adapt.self, Unlearn.self, RunRecipe.self, Sweep.self,
      Extrapolate.self, Generate.self, GridCommand.self, Project.self, Directions.self,
      Evaluate.self, AuditCommand.self, ReportCommand.self, Compare.self, JudgeCommand.self,
      Models.self, Inspect.self, Export.self, Convert.self, DataCommand.self, Bench.self,
    ])

  /// Runs the command; one that stopped as asked is no error, and ends as shells expect after Ctrl-C.
  ///
  /// What was given is looked at before it is parsed: the parser forgets what was given and what is a
  /// default.
  static func main() {
    StandardStreams.prepare()
    LastWords.prepare()
    Torch.onOutOfMemory { LastWords.outOfMemory(in: $0) }
    Torch.keepFreedMemory()
    Torch.skipTeardownAtExit()
    var running: (any ParsableCommand.Type)?
    do {
      try CommandLineBytes.requireUTF8()
      HelpText.requireRoom()
      try ArgumentCheck.check(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      running = type(of: command)
      LastWords.advise(WayOut.lessMemory(for: command) ?? "let the process have more memory")
      try command.run()
    } catch TorchError.outOfMemory(let operation, _) {
      LastWords.outOfMemory(in: operation)
    } catch let cancelled as Cancelled {
      let way = cancelled.run.map { run in
        if running == Sweep.self { return "; the same command goes on" }
        // A recipe names its own folder.
        let output = running == RunRecipe.self ? "" : "--output \(run) "
        return "; the same command with \(output)--resume goes on"
      }
      StandardError.say("\(cancelled)\(way ?? "")")
      // Without a signal it was time: the code by which sysexits.h asks to be run again.
      Foundation.exit(InterruptFlag.exitCode ?? EX_TEMPFAIL)
    } catch {
      end(with: WayOut.beside(error, in: running))
    }
  }
}
