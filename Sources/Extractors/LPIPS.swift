import Checkpoints
public import Foundation
public import Judging
public import Runs
public import Torch
import TorchNN

/// How different two pictures look: the learned perceptual distance (arXiv 1801.03924), version 0.1.
///
/// Both pictures pass the convolutions of a network of ImageNet. At each of its layers, the channels of a
/// pixel become a vector of length 1; a head weighs the squared differences of the channels. The distance is
/// the sum over layers of the mean over pixels.
///
/// ```swift
/// let lpips = try LPIPS.read(
///   network: URL(filePath: "alexnet-owt-7be5be79.pth"), heads: URL(filePath: "lpips/weights/v0.1/alex.pth"))
/// let distances = lpips.distances(first, second)  // [N]
/// ```
public struct LPIPS {
  /// Such as `LPIPS of VGG16`.
  public let name: String
  /// The file of the network.
  public let network: WeightsFile
  /// The file of the heads.
  public let heads: WeightsFile
  /// Rows and columns that pictures have at least: 31 for AlexNet, 16 for VGG16, 17 for SqueezeNet 1.1.
  public let smallestSize: Int

  private let stack: LayerStack
  private let parameters: ParameterVector
  /// `[1, C, 1, 1]` for each layer.
  private let weights: [Tensor]
  private let shift: Tensor
  private let scale: Tensor

  /// The range of the pictures that are compared.
  public static let range = PixelRange.minusOneToOne
  /// What keeps the length of a pixel's vector from being 0.
  private static let epsilon = 1e-10
  /// ImageNet's mean and standard deviation in -1..1, rounded as the published code has them.
  private static let channelShift: [Float] = [-0.030, -0.088, -0.188]
  private static let channelScale: [Float] = [0.458, 0.448, 0.450]

  /// Where the network lives.
  public var device: Device { parameters.device }

  /// How pictures of one size become those that are compared; LPIPS itself takes any size.
  ///
  /// - Parameter size: rows and columns, ``smallestSize`` or more.
  /// - Returns: colour in -1..1.
  public func preprocessing(size: Int) -> Preprocessing {
    Preprocessing(size: size, channels: 3, range: Self.range)
  }

  /// The distance of each picture to the one in its place.
  ///
  /// - Parameters:
  ///   - first: `[N, 3, H, W]` in -1..1.
  ///   - second: of the same shape.
  /// - Returns: `[N]`, not negative; 0 for equal pictures.
  /// - Precondition: the shapes agree, and no side is less than ``smallestSize``.
  public func distances(_ first: Tensor, _ second: Tensor) -> Tensor {
    let shape = first.shape
    precondition(
      shape.count == 4 && shape == second.shape && shape[1] == 3
        && min(shape[2], shape[3]) >= smallestSize,
      "pictures of \(shape) and \(second.shape), expected [N, 3, H, W] of \(smallestSize) or more")
    func layers(_ pictures: Tensor) -> [Tensor] {
      stack.taps((pictures.to(device) - shift) / scale).map(Self.normalized)
    }
    var sum = Tensor.zeros([shape[0]], scalarType: first.scalarType, device: device)
    for ((x, y), weight) in zip(zip(layers(first), layers(second)), weights) {
      sum = sum + ((x - y).square() * weight).sum([1]).mean([1, 2])
    }
    return sum
  }

  /// Each pixel's channels as a vector of length 1.
  private static func normalized(_ x: Tensor) -> Tensor {
    x / (x.square().sum([1], keepingDimensions: true).sqrt() + epsilon)
  }
}

extension LPIPS {
  private static let networks = [
    LayeredNetworkFormat(.alexNet), LayeredNetworkFormat(.vgg16),
    LayeredNetworkFormat(.squeezeNet),
  ]

  /// The heads of version 0.1, by the SHA-256 of their files.
  private static let publicHeads = [
    PublicWeights("lpips v0.1 alex.pth", digestStart: "df73285e35b22355"),
    PublicWeights("lpips v0.1 vgg.pth", digestStart: "a78928a0af1e5f0f"),
    PublicWeights("lpips v0.1 squeeze.pth", digestStart: "4a5350f23600cb79"),
  ]

  /// Reads a network and the heads that belong to it.
  ///
  /// - Parameters:
  ///   - network: torchvision's AlexNet, VGG16 or SqueezeNet 1.1; its scores of classes are not needed.
  ///   - heads: LPIPS's heads of that network, such as `weights/v0.1/alex.pth` of the package `lpips`.
  ///   - device: where the network lives.
  /// - Returns: the distance.
  /// - Throws: `CheckpointError` if a file cannot be read or is written to meanwhile, ``ExtractorError`` if
  ///   it holds something else or the two do not belong together, `ParameterError` if a tensor is missing
  ///   or does not fit.
  public static func read(
    network: URL, heads: URL, device: Device = .cpu
  ) throws -> LPIPS {
    let file = try OpenedWeights(network)
    let match = try file.only("networks") { tensors in
      networks.first { $0.recognises(tensors) }
    }
    guard let (format, contents) = match else {
      throw ExtractorError.unknown(
        file: network.path, tensors: file.checkpoint.tensors.keys,
        expected: networks.map(\.expectation))
    }
    try file.requireNoSettings()
    let (name, stack, parameters) = try format.stack(from: contents, device: device)
    let weights = try headWeights(heads, of: name, channels: stack.tappedChannels)
    let result = LPIPS(
      name: "LPIPS of \(name)",
      network: try WeightsFile(
        network, role: "lpips_network", publicFiles: format.publicFiles),
      heads: try WeightsFile(heads, role: "lpips_heads", publicFiles: publicHeads),
      smallestSize: stack.smallestSize, stack: stack, parameters: parameters,
      weights: weights.map { $0.to(device) },
      shift: Tensor(channelShift, shape: [1, 3, 1, 1]).to(device),
      scale: Tensor(channelScale, shape: [1, 3, 1, 1]).to(device))
    try file.checkpoint.requireUnchanged()
    return result
  }

  /// `lin0.model.1.weight` ...
  private static func headName(_ index: Int) -> String { "lin\(index).model.1.weight" }

  /// The heads of a file.
  private static func headWeights(
    _ url: URL, of network: String, channels: [Int]
  ) throws -> [Tensor] {
    let expectation =
      "the heads of LPIPS with \(headName(0)) to \(headName(channels.count - 1)), such as "
      + "weights/v0.1 of the package lpips"
    let file = try OpenedWeights(url)
    let match = try file.only("sets of heads") { $0[headName(0)] }
    guard let contents = match?.contents else {
      throw ExtractorError.unknown(
        file: url.path, tensors: file.checkpoint.tensors.keys, expected: [expectation])
    }
    func refusal(_ reason: String) -> ExtractorError {
      .unfit(
        file: url.path, network: "set of heads for \(network)", reason: reason,
        expected: expectation)
    }
    let names = channels.indices.map(headName)
    if let stranger = contents.tensors.keys.first(where: { !names.contains($0) }) {
      throw refusal("it holds a tensor \(stranger) that they do not have")
    }
    let weights = try zip(names, channels).map { name, count in
      let shape = [1, count, 1, 1]
      guard let tensor = contents.tensors[name] else {
        throw ParameterError.missing(name: name, shape: shape, file: url.path)
      }
      guard tensor.shape == shape else {
        throw refusal("the tensor \(name) has shape \(tensor.shape), the network needs \(shape)")
      }
      // A copy: large tensors are the file's own bytes.
      let weight = tensor.to(.float32).clone()
      guard weight.hasOnlyFiniteElements else {
        throw ParameterError.notFinite(name: name, file: url.path)
      }
      guard weight.min().item() >= 0 else {
        throw refusal("the tensor \(name) holds a negative number, with which no distance is made")
      }
      return weight
    }
    try file.checkpoint.requireUnchanged()
    return weights
  }

  /// How a distance is made, in a few words that two numbers must share to be compared.
  public var method: String { "\(name), \(network.summary), \(heads.summary)" }

  /// The distance as a record holds it.
  public var json: JSON {
    [
      "name": .string(name), "range": .string(Self.range.rawValue), "network": network.json,
      "heads": heads.json,
    ]
  }
}
