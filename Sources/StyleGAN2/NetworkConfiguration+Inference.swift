package import GANs
package import Torch

extension NetworkConfiguration: CustomStringConvertible {
  /// The sizes in words, such as `32x32, latent 128, depth 8, cap 64`.
  public var description: String {
    "\(size)x\(size), latent \(latentSize), depth \(mappingDepth), cap \(channelCap)"
      + (size > 32 ? ", multiplier \(channelMultiplier)" : "")
      + (classCount > 0 ? ", \(classCount) classes" : "")
  }

  /// The sizes that a generator's tensors tell.
  ///
  /// - Parameters:
  ///   - tensors: a generator's, by their names within it.
  ///   - path: what to call the file in an error.
  ///   - family: what an error calls the networks.
  ///   - channels: what its ToRGB layers make at each position, and in which words an error says so.
  ///   - side: the side of the square of pixels that a position stands for.
  /// - Throws: `GANFileError.unknownArchitecture`.
  package init(
    inferredFrom tensors: StateDict, path: String,
    family: String = "StyleGAN2 of the public family",
    channels: (count: Int, meaning: String) = (3, "and lethe's are of 3: red, green and blue"),
    side: Int = 1
  ) throws(GANFileError) {
    func refuse(_ reason: String) -> GANFileError {
      .unknownArchitecture(file: path, architecture: family, reason: reason)
    }
    func shape(_ key: String, rank: Int) throws(GANFileError) -> [Int] {
      guard let tensor = tensors[key] else { throw refuse("\(key) is missing") }
      guard tensor.rank == rank else {
        throw refuse("\(key) has shape \(tensor.shape), expected \(rank) dimensions")
      }
      return tensor.shape
    }
    let depth = (1...).first { tensors["style.\($0).weight"] == nil }.map { $0 - 1 } ?? 0
    guard depth > 0 else { throw refuse("style.1.weight is missing") }
    // Squares, so that no file can ask for more memory than it has elements.
    let style = try shape("style.1.weight", rank: 2)
    let latent = style[0]
    var classes = 0
    if tensors["embed.weight"] != nil {
      let embedding = try shape("embed.weight", rank: 2)
      guard latent > 0, style[1] == 2 * latent, embedding[0] == latent, embedding[1] > 0 else {
        throw refuse(
          "style.1.weight \(style) and embed.weight \(embedding) are not those of a class's "
            + "embedding, expected [L, 2 L] and [L, classes]")
      }
      classes = embedding[1]
    } else {
      guard style[0] == style[1], latent > 0 else {
        throw refuse("style.1.weight has shape \(style), expected a square")
      }
    }
    let blocks = (0...).first { tensors["convs.\(2 * $0).conv.weight"] == nil } ?? 0
    guard let size = Self.sizes.first(where: { $0 == 4 << blocks && $0 * side <= 1024 }) else {
      throw refuse(
        "\(blocks) blocks of convolutions make pictures of \(side * 4 << min(blocks, 20)) pixels, "
          + "expected \(8 * side) to 1024")
    }
    let colours = try shape("to_rgb1.bias", rank: 4)[1]
    guard colours == channels.count else {
      throw refuse(
        "to_rgb1.bias makes pictures of \(colours) \(colours == 1 ? "channel" : "channels"), "
          + channels.meaning)
    }
    let first = try shape("conv1.conv.weight", rank: 5)
    let cap = first[1]
    guard first == [1, cap, cap, 3, 3], cap > 0 else {
      throw refuse("conv1.conv.weight has shape \(first), expected [1, C, C, 3, 3]")
    }
    var widths: [Int] = []
    for block in 0..<blocks {
      widths.append(try shape("convs.\(2 * block).conv.weight", rank: 5)[1])
    }
    // The feature maps are a function of two numbers; the first that explains every layer is taken,
    // the published multiplier before all others.
    let candidates = [2, 1, 4, 3, 8].map {
      NetworkConfiguration(
        size: size, latentSize: latent, mappingDepth: depth, channelMultiplier: $0,
        channelCap: cap, classCount: classes)
    }
    guard
      let match = candidates.first(where: { candidate in
        candidate.resolutions.map(candidate.channels(at:)) == widths
      })
    else {
      throw refuse("its feature maps \([cap] + widths) follow no channel multiplier and cap")
    }
    self = match
  }
}
