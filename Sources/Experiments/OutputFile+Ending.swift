public import Foundation

extension OutputFile {
  /// The endings that promise another format than safetensors to whoever opens the file.
  private static let foreignEndings: Set<String> = [
    "pt", "pth", "pkl", "ckpt", "bin", "zip", "npz", "npy", "h5", "onnx", "pb", "json", "png",
  ]

  /// A file of safetensors, if it can be written, nothing is there yet, and its name does not say
  /// that it is something else.
  ///
  /// - Parameter path: a file that must not exist, in a folder that must.
  /// - Returns: the file.
  /// - Throws: ``OutputFileError``.
  public static func checkSafetensors(_ path: String) throws(OutputFileError) -> URL {
    let ending = URL(filePath: path).pathExtension
    guard !foreignEndings.contains(ending.lowercased()) else {
      throw .otherFormat(path: path, ending: ending, written: "safetensors")
    }
    return try check(path)
  }
}
