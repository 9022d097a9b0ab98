import Files
public import Foundation

extension Checkpoint {
  /// The folder that an archive of `torch.save` was unpacked to, as some browsers do by themselves.
  ///
  /// - Parameter url: what stands where a file was expected.
  /// - Returns: the folder with `data.pkl`: this one, or the only one in it; nil if there is none.
  public static func unpackedArchive(at url: URL) -> URL? {
    guard url.fileKind == .folder else { return nil }
    func holdsArchive(_ folder: URL) -> Bool {
      folder.appending(path: "data.pkl").fileKind == .file
    }
    if holdsArchive(url) { return url }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    let inner = names.filter { !$0.hasPrefix(".") }
    guard inner.count == 1, case let folder = url.appending(path: inner[0]), holdsArchive(folder)
    else { return nil }
    return folder
  }
}
