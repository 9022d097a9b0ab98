import CTorch

/// Facts and settings of the engine as a whole.
public enum Torch {
  /// The version of libtorch in use, such as `2.13.0`.
  public static var version: String { String(cString: ct_libtorch_version()) }

  /// The vector instructions of this processor that libtorch uses, such as `AVX512`.
  ///
  /// With ` BF16` where the processor multiplies bfloat16 faster than `float32`. Results depend on
  /// instructions in their last bits.
  public static let vectorInstructions =
    String(cString: ct_cpu_capability()) + (ct_cpu_multiplies_bfloat16_faster() ? " BF16" : "")

  /// How many threads one operator may use, process-wide.
  ///
  /// Results depend on it in their last bits: sums are split among the threads.
  public static var threadCount: Int { Int(ct_thread_count()) }

  /// Sets how many threads one operator may use.
  ///
  /// - Parameter count: at least 1.
  /// - Throws: ``TorchError`` if libtorch refuses the count.
  public static func setThreadCount(_ count: Int) throws {
    try check(ct_set_thread_count(Int32(count)))
  }

  /// Sets whether products of `float32` on CUDA may be computed in TF32.
  ///
  /// TF32 rounds the factors to 10 bits after the point and sums in `float32`: several times as fast
  /// on GPUs since Ampere, and no longer the CPU's numbers. Nothing changes on other devices.
  ///
  /// - Parameter isAllowed: off unless the user asks.
  /// - Throws: ``TorchError`` if libtorch refuses.
  public static func setTF32(_ isAllowed: Bool) throws {
    try check(ct_set_tf32(isAllowed))
  }

  /// Has the process keep the memory that tensors leave for the next ones, from now on.
  ///
  /// For commands, before their first tensor: it replaces libtorch's allocator on the CPU, under Linux,
  /// and has glibc's heap give back less. What is kept and what is in use are together at most 64 MiB
  /// more than was ever used at once. Nothing of this happens by linking the library.
  public static func keepFreedMemory() {
    ct_keep_freed_memory()
  }

  /// Has the threads of an operator wait for one another in the way that suits the machine, from now on.
  ///
  /// For commands. Awake while the cores are this process's, which is fastest; asleep while another
  /// process computes on them, where waiting awake would take many times as long. No number changes. A
  /// thread looks four times per second; nothing of this happens by linking the library.
  public static func shareProcessors() {
    ct_share_processors()
  }

  /// Whether threads wait asleep now: after ``shareProcessors()``, while others compute on the cores.
  public static var waitsAsleep: Bool { ct_waits_asleep() }

  /// Makes `exit` end the process without libtorch's teardown, which takes nearly as long as its
  /// start.
  ///
  /// This is for commands. Handlers that must run at exit have to be registered later. What a
  /// process leaves in C's streams is written.
  public static func skipTeardownAtExit() {
    ct_skip_teardown_at_exit()
  }
}
