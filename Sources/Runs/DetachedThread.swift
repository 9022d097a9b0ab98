import Foundation

/// A thread that nobody waits for.
///
/// Foundation's threads do not say whether the system started them.
enum DetachedThread {
  /// Starts a thread.
  ///
  /// - Parameter body: Runs on it, unless it is refused.
  /// - Returns: whether there is such a thread.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    guard pthread_attr_init(attributes) == 0 else { return false }
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    // As the main thread's: encoders and libtorch are written for that.
    pthread_attr_setstacksize(attributes, 8 << 20)
    let work = Unmanaged.passRetained(Work(body: body)).toOpaque()
    let code = create(attributes, work)
    if code != 0 { Unmanaged<Work>.fromOpaque(work).release() }
    return code == 0
  }

  private static func create(
    _ attributes: UnsafePointer<pthread_attr_t>, _ work: UnsafeMutableRawPointer
  ) -> Int32 {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    return pthread_create(
      &thread, attributes,
      { work in
        let work: UnsafeMutableRawPointer? = work
        if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
        return nil
      }, work)
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
