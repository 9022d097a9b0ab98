/// A file that is no GAN that Lethe can use.
public enum GANFileError: Error, Equatable, CustomStringConvertible {
  /// No generator among the tensors; `expected` is what files of the architectures hold.
  case noGenerator(file: String, keys: [String], expected: [String])
  /// No discriminator, which training needs.
  case noDiscriminator(file: String)
  /// Shapes that no network of an architecture has.
  case unknownArchitecture(file: String, architecture: String, reason: String)
  /// A class that networks are not told.
  case noSuchClass(file: String, chosen: Int, count: Int)
  /// A class chosen for networks that are told none.
  case noClasses(file: String, chosen: Int)
  /// A tensor that nothing accounts for.
  case unexpectedTensor(file: String, key: String, shape: [Int])
  /// Two tensors that come to the same name.
  case twice(file: String, name: String, keys: [String])
  /// A blur kernel other than [1, 3, 3, 1].
  case foreignKernel(file: String, key: String)
  /// A constant of a transform other than Haar's wavelets.
  case foreignWavelet(file: String, key: String)
  /// A discriminator of pictures of another size than the generator's, which is `part` of the file.
  case otherSize(file: String, discriminator: Int, part: String, generator: Int)
  /// An optimiser that keeps something else than Adam's moments.
  case notAdam(file: String, part: String, found: [String])
  /// An optimiser of a network with another number of parameters.
  case otherOptimiser(file: String, part: String, count: Int, expected: Int)
  /// A moment of Adam that is missing, or of another shape than its parameter.
  case unfitMoment(file: String, key: String, parameter: String, expected: [Int], actual: [Int]?)
  /// An optimiser whose count of steps is something else.
  case noStepCount(file: String, key: String)
  /// A record in the metadata that is none.
  case unreadableRecord(file: String, key: String)
  /// A value that half precision cannot hold.
  case beyondHalf(file: String, key: String, value: Double)
  /// A conditional generator, for programs that know none.
  case classesUnknown(file: String, count: Int)
  /// Networks for which there are no public scripts.
  case noPublicLayout(file: String, architecture: String)

  /// One sentence that names the file, what was expected and the way out.
  public var description: String {
    switch self {
    case .noGenerator(let file, let keys, let expected):
      "\(file) holds no generator: expected \(expected.joined(separator: ", or ")), found "
        + (keys.isEmpty ? "none" : keys.prefix(5).joined(separator: ", "))
        + "; inspecting the file lists what is there"
    case .noDiscriminator(let file):
      "\(file) holds a generator but no discriminator (d.*), and training needs both; take the full "
        + "training checkpoint"
    case .unknownArchitecture(let file, let architecture, let reason):
      "\(file) is no \(architecture): \(reason)"
    case .noSuchClass(let file, let chosen, let count):
      "\(file): its networks know no class \(chosen); expected 0 to \(count - 1)"
    case .noClasses(let file, let chosen):
      "\(file): its networks are told no classes, so that class \(chosen) cannot be chosen; leave "
        + "the choice out"
    case .unexpectedTensor(let file, let key, let shape):
      "\(file): the tensor \(key) \(shape) belongs to no part that lethe knows; inspecting the "
        + "file lists what is there"
    case .twice(let file, let name, let keys):
      "\(file): \(keys.joined(separator: " and ")) are both \(name); keep one of them"
    case .foreignKernel(let file, let key):
      "\(file): \(key) is not the blur kernel [1, 3, 3, 1] that lethe resamples with"
    case .foreignWavelet(let file, let key):
      "\(file): \(key) is not the Haar wavelet of that name, 2x2 of 1/2 and -1/2, that lethe transforms "
        + "with"
    case .otherSize(let file, let discriminator, let part, let generator):
      "\(file): d is a discriminator of \(discriminator)x\(discriminator) pictures, but \(part) "
        + "makes \(generator)x\(generator) ones; take a checkpoint whose networks were trained "
        + "together"
    case .notAdam(let file, let part, let found):
      "\(file): \(part) is not Adam's state (exp_avg, exp_avg_sq): it "
        + (found.isEmpty ? "records no betas" : "holds \(found.prefix(5).joined(separator: ", "))")
        + "; \(Self.withoutOptimisers)"
    case .otherOptimiser(let file, let part, let count, let expected):
      "\(file): \(part) is of \(count) parameters, its network has \(expected); "
        + Self.withoutOptimisers
    case .unfitMoment(let file, let key, let parameter, let expected, let actual):
      "\(file): \(key), the moment of \(parameter) \(expected), "
        + (actual.map { "has shape \($0)" } ?? "is missing") + "; \(Self.withoutOptimisers)"
    case .noStepCount(let file, let key):
      "\(file): \(key) is no count of steps"
    case .unreadableRecord(let file, let key):
      "\(file): the metadata \(key) are not what lethe writes there; take the file as it was "
        + "written"
    case .beyondHalf(let file, let key, let value):
      "\(file): the tensor \(key) holds \(value), and half precision ends at 65504; export it in "
        + "full precision"
    case .classesUnknown(let file, let count):
      "\(file) is told one of \(count) classes, and the public scripts know no classes: write a GAN "
        + "of one class first"
    case .noPublicLayout(let file, let architecture):
      "\(file) is a \(architecture), and lethe knows no public scripts that read one; take its own "
        + "format"
    }
  }

  private static let withoutOptimisers =
    "exporting the networks without optimisers makes a file that trains with a new Adam"
}
