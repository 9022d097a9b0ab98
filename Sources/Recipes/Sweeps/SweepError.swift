/// A sweep that cannot go on as asked.
public enum SweepError: Error, Equatable, CustomStringConvertible {
  /// A folder whose jobs are about another GAN.
  case otherGAN(folder: String, former: String, now: String)
  /// A folder that holds something else.
  case notASweep(folder: String)
  /// A shard that another process works on.
  case shardInUse(String, owner: String?)
  /// Jobs that failed.
  case failed([String], of: Int, folder: String)

  /// One sentence that names what was found and the way out.
  public var description: String {
    switch self {
    case .otherGAN(let folder, let former, let now):
      "\(folder) is a sweep on another GAN, \(former), and this one is on \(now): name another folder as "
        + "output, for numbers on two GANs must not stand in one table"
    case .notASweep(let folder):
      "\(folder) holds something that is no sweep: name a new or an empty folder as output"
    case .shardInUse(let shard, let owner):
      "shard \(shard) is worked on already" + (owner.map { ", by \($0)" } ?? "")
        + ": each shard is for one process"
    case .failed(let reasons, let count, let folder):
      "\(reasons.count) of \(count) jobs failed, and the others are complete: "
        + reasons.prefix(3).joined(separator: "; ") + (reasons.count > 3 ? "; ..." : "")
        + ". Their folders in \(folder) say more; the same command tries them again"
    }
  }
}
