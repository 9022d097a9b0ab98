import Files
public import Foundation

extension RunDirectory {
  /// A grid that stays, of the generator at one moment of its training.
  public struct NumberedImage: Sendable, Equatable {
    /// The number of iterations behind it.
    public let iteration: Int
    /// Where it lies.
    public let file: URL
  }

  private static let numberedName = "samples"

  /// The grid of the latest snapshot.
  public var samplesImage: URL { image(Self.numberedName) }

  /// The grid of an iteration, `images/samples-000500.png`.
  ///
  /// - Parameter iteration: The number of iterations behind it.
  /// - Returns: the file, whether it exists or not.
  public func samplesImage(iteration: Int) -> URL {
    image("\(Self.numberedName)-" + String(format: "%06ld", iteration))
  }

  /// The numbered grids on disk, earliest first.
  public var numberedImages: [NumberedImage] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: imagesFolder.path)) ?? []
    return names.compactMap { name in
      guard let iteration = Int(name.dropFirst(Self.numberedName.count + 1).dropLast(4)),
        case let file = samplesImage(iteration: iteration), file.lastPathComponent == name
      else { return nil }
      return NumberedImage(iteration: iteration, file: file)
    }
    .sorted { $0.iteration < $1.iteration }
  }

  /// Deletes the numbered grids of later iterations, which a run that goes on makes again.
  ///
  /// - Parameter iteration: What the run goes on from.
  /// - Throws: ``RunError/cannotWrite(path:reason:)`` when one cannot be deleted.
  public func removeNumberedImages(after iteration: Int) throws(RunError) {
    for image in numberedImages
    where image.iteration > iteration && unlink(image.file.path) != 0 && errno != ENOENT {
      throw .cannotWrite(path: image.file.path, reason: "not deleted, \(systemReason())")
    }
  }
}
