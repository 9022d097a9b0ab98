import Synchronization
import Torch

/// The results of `transform` for all elements, on the engine's threads; throws the first error in order.
func mapInParallel<Element: Sendable, Value: Sendable>(
  _ elements: [Element], _ transform: @Sendable (Element) throws -> Value
) rethrows -> [Value] {
  guard elements.count > 1 else { return try elements.map(transform) }
  let results = Mutex([Result<Value, any Error>?](repeating: nil, count: elements.count))
  Torch.concurrently(elements.count) { index in
    let result = Result { try transform(elements[index]) }
    results.withLock { $0[index] = result }
  }
  return try results.withLock { $0 }.map { result in
    guard let result else { preconditionFailure("an iteration was left out") }
    return try result.get()
  }
}
