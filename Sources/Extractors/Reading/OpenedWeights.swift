import Checkpoints
import Classifiers
import Foundation
import Torch

/// The tensors of an opened file, by the entries that networks may lie in.
struct OpenedWeights {
  let url: URL
  let checkpoint: Checkpoint
  /// The entries, such as `state_dict`, empty for the top; in the order of the file.
  let places: [(name: String, tensors: StateDict)]

  /// - Throws: `CheckpointError` if the file cannot be read; ``ExtractorError/several(file:what:places:)`` if
  ///   two tensors come to one name.
  init(_ url: URL) throws {
    self.url = url
    checkpoint = try Checkpoint.read(url)
    var places: [(name: String, tensors: StateDict)] = []
    var origins: [String: String] = [:]
    for (key, tensor) in checkpoint.tensors {
      let (place, name) = WrappedName.split(key)
      if let other = origins.updateValue(key, forKey: "\(place).\(name)") {
        throw ExtractorError.several(
          file: url.path, what: "tensors named \(name)", places: [other, key])
      }
      if let index = places.firstIndex(where: { $0.name == place }) {
        places[index].tensors[name] = tensor
      } else {
        places.append((place, [name: tensor]))
      }
    }
    self.places = places
  }

  /// The one entry that holds something.
  ///
  /// - Parameters:
  ///   - what: its kind, for messages.
  ///   - found: what an entry holds; nil for nothing of that kind.
  /// - Returns: what was found, and the entry; nil if no entry holds any.
  /// - Throws: ``ExtractorError/several(file:what:places:)`` if more than one does.
  func only<Found>(
    _ what: String, where found: (StateDict) -> Found?
  ) throws(ExtractorError) -> (found: Found, contents: FeatureExtractorContents)? {
    let all = places.compactMap { place in found(place.tensors).map { ($0, place) } }
    guard let (found, place) = all.first else { return nil }
    guard all.count == 1 else {
      throw .several(
        file: url.path, what: what, places: all.map { $0.1.name.isEmpty ? "the top" : $0.1.name })
    }
    return (found, FeatureExtractorContents(file: url.path, tensors: place.tensors))
  }
  /// Throws if settings of a judge lie beside the file, which say how pictures shall be prepared.
  ///
  /// These networks take pictures in one way, or their numbers are not the field's.
  ///
  /// - Throws: `ClassifierError.settings(file:reason:)` if there are any.
  func requireNoSettings() throws {
    let place = JudgeSettings.place(of: url)
    guard FileManager.default.fileExists(atPath: place.path) else { return }
    throw ClassifierError.settings(
      file: place.path, reason: "the features of this network are taken in one way only")
  }
}
