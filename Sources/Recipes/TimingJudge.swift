import Classifiers
import Judging
import StyleGAN2
import Torch
import TorchNN

/// A judge that takes the time of real ones, and sees the concept in every fifth picture by chance.
///
/// A few pictures are then enough for everything that feedback is for, however rare the concept is, and
/// whatever random networks show.
final class TimingJudge: Classifier {
  private let real: any Classifier
  private let others: [Judge]
  private let concepts: [Concept]
  private let random: RandomGenerator
  /// The share of pictures that show the concept.
  private static let share = 0.2

  /// A judge in place of others.
  ///
  /// - Parameters:
  ///   - judge: the one that measures.
  ///   - others: those that are asked as well.
  ///   - concepts: what it sees in some pictures.
  ///   - random: which ones.
  init(_ judge: Judge, asking others: [Judge], about concepts: [Concept], random: RandomGenerator) {
    real = judge.classifier
    self.others = others
    self.concepts = concepts
    self.random = random
  }

  var name: String { real.name }
  var preprocessing: Preprocessing { real.preprocessing }
  var featureCount: Int { real.featureCount }
  var device: Device { real.device }
  var labels: LabelSpace { real.labels }

  func features(_ pictures: Tensor) -> Tensor {
    for other in others { _ = other.judge(pictures, in: preprocessing.range) }
    return real.features(pictures)
  }

  func logits(fromFeatures features: Tensor) -> Tensor {
    let logits = real.logits(fromFeatures: features)
    let (count, width) = (logits.shape[0], logits.shape[1])
    let draws = random.uniform([count]).to(.cpu).array(of: Float.self)
    var chosen = [Float](repeating: -Self.certain, count: count * width)
    for (row, draw) in draws.enumerated() {
      let isShown = Double(draw) < Self.share
      if labels.areClasses {
        let concept = labels.position(of: concepts[0]) ?? 0
        let others = (0..<width).filter { position in
          !concepts.contains { labels.position(of: $0) == position }
        }
        // Positives are of all other classes in turn.
        let shown = isShown || others.isEmpty ? concept : others[row % others.count]
        chosen[row * width + shown] = Self.certain
      } else {
        for concept in concepts {
          guard case .attribute(_, let isPresent) = concept,
            let position = labels.position(of: concept)
          else { continue }
          chosen[row * width + position] = isShown == isPresent ? Self.certain : -Self.certain
        }
      }
    }
    return Tensor(chosen, shape: [count, width]).to(logits.device)
  }

  /// A score that leaves no doubt.
  private static let certain: Float = 20

  /// A judge with random weights that knows what shall be forgotten, and something else.
  ///
  /// - Parameters:
  ///   - names: what shall be forgotten, as the recipe says; several with commas between them.
  ///   - size: the side of the GAN's pictures.
  ///   - random: where the weights come from; the judge lives on its device.
  /// - Returns: a LeNet-5 for small pictures, else a ConvNet.
  static func randomNetwork(knowing names: [String], size: Int, random: RandomGenerator) -> Judge {
    var known: [String] = []
    for name in names.flatMap({ $0.split(separator: ",") }) {
      let word = name.trimmingPrefix { $0 == " " }
      if !known.contains(String(word)) { known.append(String(word)) }
    }
    let labels = LabelSpace.classes(known + ["anything else"])
    let network: any ClassifierNetwork =
      size <= 32
      ? LeNet5(labels: labels, device: random.device)
      : ConvNet(labels: labels, size: min(size, 256), device: random.device)
    network.parameters.initialise(using: random)
    return Judge(network)
  }
}
