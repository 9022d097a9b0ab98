import ArgumentParser
import Evaluation
import Experiments
import Judging
import Torch

extension LatentFilter {
  /// The filter of `--filter`.
  ///
  /// - Parameters:
  ///   - path: the judge: a file, a run folder or a name.
  ///   - names: what must not be seen.
  ///   - device: where the judge lives.
  /// - Throws: what reading throws; `ValidationError` for what the judge does not know.
  init(_ path: String, without names: [String], device: Device) throws {
    let judge = try ModelLocator.judge(path, device: device)
    do throws(JudgingError) {
      self.init([judge], without: try judge.labels.concepts(named: names))
    } catch {
      throw ValidationError("--filter \(path): \(error)")
    }
  }
}
