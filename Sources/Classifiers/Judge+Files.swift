import Checkpoints
public import Foundation
public import Judging
public import Torch

extension Judge {
  /// Reads a judge from a snapshot of Lethe or a foreign state dict such as `lenet5-mnist.pth`.
  ///
  /// The network may lie in an entry of the file and in networks that only wrap it, such as
  /// `state_dict.module`: there must be exactly one place where the names of a network stand. Settings may
  /// lie beside it (``JudgeSettings``).
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - device: where the network lives.
  ///   - formats: the networks that are recognised.
  /// - Returns: the judge.
  /// - Throws: `CheckpointError` if the file cannot be read or is written to meanwhile,
  ///   ``ClassifierError`` if it holds none of the networks or several, `ParameterError` if a
  ///   tensor does not fit.
  public static func read(
    _ url: URL, device: Device = .cpu, formats: [any ClassifierFormat] = ClassifierFormats.all
  ) throws -> Judge {
    let checkpoint = try Checkpoint.read(url)
    let names = ClassifierRecord.names(checkpoint)
    let training = try ClassifierRecord.training(checkpoint, file: url.path)
    let settings = try JudgeSettings.beside(url)
    let places = try JudgePlaces(checkpoint.tensors, file: url.path)
    let network = try places.network(formats)
    // One without elements may claim any number of classes.
    if let (name, _) = network.tensors.first(where: { $0.1.elementCount == 0 }) {
      throw ClassifierError.notAClassifier(
        file: url.path, reason: "its tensor \(name) has no elements",
        expected: [network.format.expectation])
    }
    let classifier = try network.format.classifier(
      from: ClassifierContents(
        file: url.path, tensors: network.tensors, names: settings?.names ?? names,
        areAttributes: settings?.labels.map { $0 == .attributes }
          ?? ClassifierRecord.areAttributes(checkpoint),
        threshold: settings?.threshold ?? 0.5),
      device: device)
    try settings?.requireUse(by: classifier, of: url)
    // The network's values are copies by now.
    try checkpoint.requireUnchanged()
    return Judge(
      try settings?.applied(to: classifier, of: url) ?? classifier, training: training,
      recordedAccuracy: ClassifierRecord.accuracy(checkpoint))
  }
}

/// The dictionaries of a file that may be a judge's network, by the names that stand before theirs.
private struct JudgePlaces {
  private let file: String
  private let keys: [String]
  private var places: [(name: String, tensors: StateDict)] = []

  /// Entries in entries; no program nests networks deeper.
  private static let depthLimit = 8

  /// - Throws: if two tensors come to one name.
  init(_ tensors: StateDict, file: String) throws(ClassifierError) {
    self.file = file
    keys = tensors.keys
    var positions: [String: Int] = [:]
    var origins: [String: String] = [:]
    for (key, tensor) in tensors {
      let name = WrappedName.unwrapped(key)
      if let other = origins.updateValue(key, forKey: name) {
        throw .several(file: file, what: "tensors named \(name)", places: [other, key])
      }
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      for depth in 0..<min(parts.count, Self.depthLimit) {
        let place = parts.prefix(depth).joined(separator: ".")
        let position = positions[place] ?? places.count
        if position == places.count {
          positions[place] = position
          places.append((place, [:]))
        }
        places[position].tensors[parts.dropFirst(depth).joined(separator: ".")] = tensor
      }
    }
  }

  /// The one dictionary that is a network; those within it are its parts.
  func network(
    _ formats: [any ClassifierFormat]
  ) throws(ClassifierError) -> (format: any ClassifierFormat, tensors: StateDict) {
    let all = places.compactMap { place in
      formats.first { $0.recognises(place.tensors) }.map { (place: place, format: $0) }
    }
    let names = Set(all.map(\.place.name))
    let candidates = all.filter { !Self.isWithin($0.place.name, names) }
    guard let first = candidates.first else {
      throw .notAClassifier(
        file: file, reason: "its tensors are \(list)", expected: formats.map(\.expectation))
    }
    guard candidates.count == 1 else {
      throw .several(
        file: file, what: "networks",
        places: candidates.map { $0.place.name.isEmpty ? "the top" : $0.place.name })
    }
    return (first.format, first.place.tensors)
  }

  /// Whether a place lies in one of the others.
  private static func isWithin(_ place: String, _ others: Set<String>) -> Bool {
    guard !place.isEmpty else { return false }
    let parts = place.split(separator: ".", omittingEmptySubsequences: false)
    return parts.indices.contains { others.contains(parts[..<$0].joined(separator: ".")) }
  }

  private var list: String {
    guard !keys.isEmpty else { return "none" }
    return keys.prefix(5).joined(separator: ", ") + (keys.count > 5 ? " and more" : "")
  }
}
