import Foundation

/// Hands the process to libFuzzer, which makes inputs and calls ``Fuzzing/read(_:_:)`` for each.
@main
enum Fuzzing {
  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments) { Fuzzing.read($0, $1) })
  }

  /// Reads an input: a trap is a finding, and so is the breach of a limit.
  private static func read(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Data(UnsafeBufferPointer(start: bytes, count: count))
    if Limits.breach(of: input) != nil {
      // The first of a kind may wait for libtorch's own tables and code: they are nobody's input.
      guard let breach = Limits.breach(of: input) else { return 0 }
      fatalError("\(breach)")
    }
    return 0
  }
}

/// libFuzzer's main program, as a function.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

#if !canImport(ObjectiveC)
  /// Linux has no pool to empty.
  private func autoreleasepool(_ body: () -> Void) { body() }
#endif

/// What reads the inputs; `LETHE_FUZZ` names it.
private let subject: Subject = {
  let name = ProcessInfo.processInfo.environment["LETHE_FUZZ"] ?? ""
  guard let subject = Subject(rawValue: name) else {
    fatalError(
      "LETHE_FUZZ is \"\(name)\", expected one of \(Subject.allCases.map(\.rawValue))")
  }
  return subject
}()

/// A folder in memory for files that must have a path.
private let scratch: URL = {
  let memory = URL(filePath: "/dev/shm", directoryHint: .isDirectory)
  let parent =
    FileManager.default.fileExists(atPath: memory.path)
    ? memory : FileManager.default.temporaryDirectory
  let folder = parent.appending(path: "lethe-fuzzing-\(getpid())")
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  } catch {
    fatalError("cannot create \(folder.path): \(error)")
  }
  return folder
}()

/// The most that reading an input may take.
///
/// A second of processor time, and ten times the input's size in memory, plus 64 MiB.
private enum Limits {
  /// Reads an input and says which limit that broke; nil for none.
  static func breach(of input: Data) -> String? {
    resetPeak()
    let (startBytes, startSeconds) = (bytes("VmRSS:"), processorSeconds())
    // Whatever Foundation keeps until somebody empties the pool would count as ours.
    autoreleasepool { subject.read(input, scratch) }
    let seconds = processorSeconds() - startSeconds
    let bytes = bytes("VmHWM:") - startBytes
    if seconds >= 1 { return "\(input.count) bytes took \(seconds) seconds of processor time" }
    if bytes > 10 * input.count + 64 << 20 {
      return "\(input.count) bytes took \(bytes >> 20) MiB of memory"
    }
    return nil
  }

  private static func processorSeconds() -> Double {
    Double(clock_gettime_nsec(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9
  }

  private static func clock_gettime_nsec(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Has the system count the highest memory from here on.
  private static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  /// A line of the system's account of this process; 0 where it keeps none.
  private static func bytes(_ name: String) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kibibytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
        .flatMap({ Int($0) })
    else { return 0 }
    return kibibytes << 10
  }
}
