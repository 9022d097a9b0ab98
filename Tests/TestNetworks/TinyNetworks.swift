import Classifiers
public import Foundation
public import GANs
public import Judging
public import StyleGAN2
public import Torch
public import TorchNN

/// Networks with random weights, small enough to make hundreds of pictures in no time.
public enum TinyNetworks {
  /// Pictures of 8x8, unless said otherwise, and four feature maps.
  public static func configuration(size: Int = 8) -> NetworkConfiguration {
    NetworkConfiguration(size: size, latentSize: 8, mappingDepth: 2, channelCap: 4)
  }

  /// A generator whose parameters need no gradient.
  public static func generator(seed: UInt64) -> Generator {
    let generator = Generator(configuration())
    generator.initialise(using: RandomGenerator(seed: seed))
    generator.parameters.requiresGradient = false
    return generator
  }

  /// A generator that is near another one, but not the same; its parameters need no gradient.
  public static func neighbour<Network: GeneratorNetwork>(of generator: Network) -> Network {
    let result = generator.copy()
    result.parameters.requiresGradient = false
    result.parameters.values.addInPlace(
      RandomGenerator(seed: 7).normal([result.parameters.length]), times: 0.05)
    return result
  }

  /// A judge that tells three classes apart in a generator's pictures, for no reason.
  ///
  /// Random networks call all pictures the same: the scores are taken around the mean of the
  /// features of that generator, whose pictures are taken to be in -1..1.
  ///
  /// - Parameters:
  ///   - generator: whose pictures it looks at.
  ///   - names: of the three classes.
  /// - Returns: the judge.
  public static func judge(
    for generator: any GeneratorNetwork, names: [String] = ["zero", "one", "two"]
  ) -> Judge {
    judge(for: generator, labels: .classes(names))
  }

  /// A judge that finds three classes or attributes in a generator's pictures, for no reason.
  ///
  /// - Parameters:
  ///   - generator: whose pictures it looks at.
  ///   - labels: the three.
  /// - Returns: the judge.
  public static func judge(for generator: any GeneratorNetwork, labels: LabelSpace) -> Judge {
    let network = LeNet5(labels: labels)
    network.parameters.initialise(using: RandomGenerator(seed: 5))
    let judge = Judge(network)
    let random = RandomGenerator(seed: 6)
    let pictures = withoutGradients {
      generator(random.normal([256, generator.configuration.latentSize]), noise: .random(random))
    }
    let mean = judge.judge(pictures, in: .minusOneToOne).features.mean([0])
    let weight = random.normal([3, network.featureCount]) * 100
    network.parameters.overwrite("fc.f7.weight", with: weight)
    network.parameters.overwrite(
      "fc.f7.bias", with: -weight.matmul(mean.reshaped([-1, 1])).reshaped([3]))
    return judge
  }

  /// A judge that calls everything "one".
  public static func stubbornJudge() -> Judge {
    let network = LeNet5(labels: .classes(["zero", "one"]))
    network.parameters.overwrite("fc.f7.bias", with: Tensor([Float(0), 5]))
    return Judge(network)
  }
}

extension ParameterVector {
  /// Gives one parameter other values; a test's network must not silently be another one.
  ///
  /// - Parameters:
  ///   - name: of the parameter.
  ///   - values: of its shape.
  /// - Precondition: there is a parameter of that name.
  public func overwrite(_ name: String, with values: Tensor) {
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      preconditionFailure("no parameter \(name) among \(parameters.map(\.name))")
    }
    parameter.value.copyInPlace(values)
  }
}

extension Judge {
  /// A class that a generator's pictures show neither rarely nor nearly always.
  ///
  /// - Parameter generator: pictures in -1..1, of latents of 8.
  /// - Returns: the class's name; nil if there is none.
  public func frequentClass(of generator: any GeneratorNetwork) -> String? {
    let pictures = withoutGradients {
      generator(RandomGenerator(seed: 8).normal([200, 8]), noise: .fixed)
    }
    let classes = judge(pictures, in: .minusOneToOne).classes
    return labels.names.indices.first { index in
      (20...180).contains(classes.count { $0 == index })
    }.map { labels.names[$0] }
  }

  /// Writes the judge's network.
  ///
  /// - Parameter url: the file.
  /// - Throws: `CheckpointError` if it cannot be written.
  /// - Precondition: it has a network.
  public func write(to url: URL) throws {
    guard let network = classifier as? any ClassifierNetwork else {
      preconditionFailure("a judge without parameters: \(classifier.name)")
    }
    try network.write(to: url)
  }
}
