import Checkpoints
import GANs
import Torch

/// What networks of NVIDIA's must be to be ours under other names.
extension NVIDIAKeys {
  func validate(file: String) throws(GANFileError) {
    for network in networks {
      switch network.part {
      case .discriminator: try validateDiscriminator(network, file)
      default: try validateGenerator(network, file)
      }
      try validateLayers(network, file)
    }
    let counts = networks.map(\.classCount)
    if let other = counts.first(where: { $0 != counts[0] }) {
      func told(_ count: Int??) -> String { (count ?? nil).map { "\($0) classes" } ?? "no classes" }
      throw networks[0].refusal(
        file,
        "its networks are told \(told(counts[0])) and \(told(other)); take a file whose networks "
          + "were trained together")
    }
  }

  private func validateGenerator(
    _ network: NVIDIANetwork, _ file: String
  ) throws(GANFileError) {
    let what = network.place.isEmpty ? "its network" : network.place
    let names = network.names
    if let layer = names.first(where: {
      $0.hasPrefix("synthesis.L") || $0.hasPrefix("synthesis.input.")
    }) {
      throw network.refusal(
        file,
        "\(what) is a generator of StyleGAN3 (\(layer)), expected blocks such as synthesis.b4; "
          + "take a model that was trained with --cfg=stylegan2")
    }
    guard network.className == "Generator", names.contains("synthesis.b4.const") else {
      throw network.refusal(
        file,
        "\(what) is a network of class \(network.className) with tensors such as "
          + "\(names.prefix(2).joined(separator: ", ")), expected a Generator with "
          + "synthesis.b4.const")
    }
    try require("skip", of: network, file) { $0.hasPrefix("synthesis.b") }
    let sizes = ["z_dim", "w_dim"].compactMap { network.value($0)?.integer }
    guard sizes.count < 2 || sizes[0] == sizes[1] else {
      throw network.refusal(
        file,
        "\(what) has latents of \(sizes[0]) numbers (z_dim) and styles of \(sizes[1]) (w_dim), and "
          + "lethe's are as long as each other")
    }
    if let (name, _) = network.values.first(where: {
      $0.name.hasSuffix(".use_noise") && $0.value == .bool(false)
    }) {
      throw network.refusal(
        file, "\(network.key(name)) is false, and lethe's layers take noise (use_noise)")
    }
  }

  private func validateDiscriminator(
    _ network: NVIDIANetwork, _ file: String
  ) throws(GANFileError) {
    guard network.className == "Discriminator", network.tensor("b4.out.weight") != nil else {
      throw network.refusal(
        file,
        "\(network.place) is a network of class \(network.className), expected a Discriminator "
          + "with b4.out.weight")
    }
    try require("resnet", of: network, file) { $0.hasPrefix("b") }
    guard let channels = network.value("b4.mbstd.num_channels")?.integer, channels == 1 else {
      throw network.refusal(
        file,
        "\(network.place) appends \(network.value("b4.mbstd.num_channels")?.description ?? "no") "
          + "maps of the minibatch's standard deviation, and lethe's appends one "
          + "(mbstd_num_channels)")
    }
  }

  /// Throws unless all blocks are of an architecture.
  private func require(
    _ architecture: String, of network: NVIDIANetwork, _ file: String,
    where isBlock: (String) -> Bool
  ) throws(GANFileError) {
    for (name, value) in network.values
    where name.hasSuffix(".architecture") && isBlock(name) && value.text != architecture {
      let what = network.part == .discriminator ? "discriminator" : "generator"
      throw network.refusal(
        file,
        "\(network.place.isEmpty ? "its network" : network.place) is a \(what) of the architecture "
          + "\"\(value)\", and lethe's is \"\(architecture)\"; take a model that was trained with "
          + "that one, the default of NVIDIA's programs")
    }
  }

  /// Throws unless every layer has the activation of ours.
  private func validateLayers(
    _ network: NVIDIANetwork, _ file: String
  ) throws(GANFileError) {
    for (name, value) in network.values where name.hasSuffix(".activation") {
      let layer = name.split(separator: ".").dropLast().last ?? ""
      let expected = ["affine", "embed", "out", "skip"].contains(layer) ? "linear" : "lrelu"
      guard value.text == expected else {
        throw network.refusal(
          file, "\(network.key(name)) is \"\(value)\", and lethe's is \"\(expected)\"")
      }
    }
  }

  // MARK: - Notes

  func notes(file: String) -> [GANFile.Note] {
    var notes = [
      GANFile.Note(
        .training,
        "\(file) holds no states of optimisers, as no file of NVIDIA's programs: training starts "
          + "with a new Adam")
    ]
    if networks.contains(where: {
      $0.values.contains { $0.name.hasSuffix("use_fp16") && $0.value == .bool(true) }
    }) {
      notes.append(
        GANFile.Note(
          .content,
          "\(file): NVIDIA's programs run its high resolutions in fp16, lethe in the precision "
            + "that you ask for, fp32 by default: pictures differ by the rounding of fp16"))
    }
    let clamps = Set(
      networks.flatMap(\.values).filter { $0.name.hasSuffix(".conv_clamp") }
        .compactMap(\.value.number))
    if let clamp = clamps.min() {
      notes.append(
        GANFile.Note(
          .content,
          "\(file): NVIDIA's layers keep their outputs within \(clamp.formatted) (conv_clamp), "
            + "which fp16 needs; lethe's do so in fp16 alone, and outputs beyond it stay as they "
            + "are"))
    }
    guard let discriminator = networks.first(where: { $0.part == .discriminator }) else {
      return notes
    }
    if ofClass == nil, let count = discriminator.classCount {
      notes.append(
        GANFile.Note(
          .training,
          "\(file): its discriminator is told a picture's class, lethe's is not: its logit is the mean "
            + "of those for all \(count) classes"))
    }
    let group = discriminator.value("b4.mbstd.group_size")
    if group?.integer != 4 {
      notes.append(
        GANFile.Note(
          .training,
          "\(file): its discriminator was trained with standard deviations over groups of "
            + "\(group?.integer.map { "\($0)" } ?? "all") pictures, lethe takes groups of 4: its "
            + "logits differ a little"))
    }
    let frozen = discriminator.value("_init_kwargs.block_kwargs.freeze_layers")?.integer ?? 0
    if frozen > 0 {
      notes.append(
        GANFile.Note(
          .training,
          "\(file): \(frozen) layers of its discriminator were frozen in its training; lethe "
            + "trains all of them"))
    }
    return notes
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var formatted: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
