import ArgumentParser
import Experiments
import GANs
import Judging
import Runs
import Testing
import Torch
import Unlearning

@testable import lethe

/// What the command says beside an error of the library.
@Suite struct WayOutTests {
  private let diverged = TrainingError.diverged(iteration: 3, quantity: "loss_d")

  private func words(_ error: any Error, _ command: any ParsableCommand.Type) -> [String] {
    (WayOut.beside(error, in: command) as? WayOut)?.words ?? []
  }

  @Test func `R12 no command is told of an option that it does not have`() {
    let errors: [any Error] = [
      diverged, TorchError.noDevice(.cpu), RunError.alreadyExists(path: "a"),
      ResumeError.otherOption(path: "a", option: "b", former: "1", now: "2"),
      ResumeError.otherMachine(path: "a", option: "threads", former: "1", now: "2"),
      UnlearningError.tooFewNegatives(found: 1, wanted: 2, looked: 3, concepts: [.class("7")]),
      UnlearningError.tooRare(found: 1, wanted: 2, looked: 3, limit: 4, concepts: [.class("7")]),
      UnlearningError.noPositives(
        looked: 1, concepts: [.class("7")], largestDoubt: 0.1, smallestDoubt: 0.2),
      LineageError.otherOrigin(file: "a", gan: "b"), GANFileError.noDiscriminator(file: "a"),
      ResumeError.furtherThanAsked(path: "a", iteration: 7, asked: 6),
      GANFileError.notAdam(file: "a", part: "d_optim", found: []),
    ]
    for command in CommandPath.root.leaves {
      let options = CommandDescription(of: command.type).options.compactMap(\.name)
      for error in errors {
        for word in words(error, command.type) where word.hasPrefix("--") {
          let option = String(word.prefix { $0 != " " })
          #expect(options.contains(option), "\(command.name): \(error)")
        }
      }
    }
  }

  @Test func `R12 what helps a training that diverged depends on the command`() {
    #expect(words(diverged, TrainGAN.self) == ["--learning-rate"])
    #expect(words(diverged, Adapt.self) == ["--learning-rate"])
    #expect(words(diverged, Unlearn.self) == ["--learning-rate", "or a weaker repulsion: --gamma"])
    #expect(words(diverged, Demo.self).isEmpty)
    #expect("\(WayOut.beside(diverged, in: Demo.self))" == "\(diverged)")
  }

  @Test func `R03 what may be lowered is an option of the command`() {
    for command in CommandPath.root.leaves {
      let options = CommandDescription(of: command.type).options.compactMap(\.name)
      let words = (WayOut.lessMemory(for: command.type.init()) ?? "").split { ", ".contains($0) }
      for word in words where word.hasPrefix("--") {
        #expect(options.contains(String(word)), "\(command.name)")
      }
    }
  }

  @Test func `F22 fewer iterations than are done: more, or another folder`() {
    let error = ResumeError.furtherThanAsked(path: "a", iteration: 7, asked: 6)
    #expect(words(error, Unlearn.self) == ["--iterations", "--output"])
    #expect(words(error, TrainGAN.self) == ["--iterations", "--output"])
  }
}
