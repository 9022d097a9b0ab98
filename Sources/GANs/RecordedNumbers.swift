import Checkpoints
import Foundation
import Torch

/// The numbers that a checkpoint records beside its networks, in whatever form programs write them.
///
/// Python's numbers, NumPy's, and tensors of one element mean the same. What is recorded and is no
/// number is told from what is not recorded at all, so that nobody goes on as if it were not there.
struct RecordedNumbers {
  /// What a file says of a number.
  enum Finding<Value> {
    case absent
    case found(Value)
    /// Recorded, and not understood, for this reason.
    case unclear(String)
  }

  private let values: [String: CheckpointValue]
  private let tensors: [String: Tensor]
  private let skipped: [String: String]

  /// - Parameters:
  ///   - checkpoint: the file.
  ///   - name: what a name in the file is called here.
  init(_ checkpoint: Checkpoint, name: (String) -> String) {
    func table<Value>(_ entries: [(String, Value)]) -> [String: Value] {
      Dictionary(entries.map { (name($0.0), $0.1) }) { first, _ in first }
    }
    values = table(checkpoint.values.map { ($0.path, $0.value) })
    skipped = table(checkpoint.skipped.map { ($0.path, $0.reason) })
    tensors = table(checkpoint.tensors.map { ($0.key, $0.value) })
  }

  /// The plain value at a path.
  subscript(path: String) -> CheckpointValue? { values[path] }

  /// The number at a path.
  func number(at path: String) -> Finding<Double> {
    if let tensor = tensors[path] {
      guard let numbers = Self.numbers(tensor), numbers.count == 1 else {
        return .unclear("a tensor of \(tensor.shape)")
      }
      return finite(numbers[0])
    }
    if let reason = skipped[path] { return .unclear(reason) }
    switch values[path] {
    case nil, CheckpointValue.none?: return .absent
    case let value?: return value.number.map(finite) ?? .unclear("\(value)")
    }
  }

  /// The two numbers at a path: a list, a tuple, a tensor, or two entries 0 and 1.
  func pair(at path: String) -> Finding<(Double, Double)> {
    if let tensor = tensors[path] {
      guard let numbers = Self.numbers(tensor), numbers.count == 2 else {
        return .unclear("a tensor of \(tensor.shape)")
      }
      return both(finite(numbers[0]), finite(numbers[1]))
    }
    if let reason = skipped[path] { return .unclear(reason) }
    guard let value = values[path] else {
      return both(number(at: "\(path).0"), number(at: "\(path).1"))
    }
    guard let list = value.list, list.count == 2, let first = list[0].number,
      let second = list[1].number
    else { return .unclear("\(value)") }
    return both(finite(first), finite(second))
  }

  /// One or two elements; nil for more or none.
  private static func numbers(_ tensor: Tensor) -> [Double]? {
    guard (1...2).contains(tensor.elementCount) else { return nil }
    guard tensor.scalarType == .float32 else { return tensor.array(of: Double.self) }
    // 0.00123 was meant where its nearest float32 is kept: the shortest decimal stands for both.
    return tensor.array(of: Float.self).map { Double("\($0)") ?? Double($0) }
  }

  private func finite(_ number: Double) -> Finding<Double> {
    number.isFinite ? .found(number) : .unclear("\(number)")
  }

  private func both(
    _ first: Finding<Double>, _ second: Finding<Double>
  ) -> Finding<(Double, Double)> {
    switch (first, second) {
    case (.found(let first), .found(let second)): .found((first, second))
    case (.absent, .absent): .absent
    case (.unclear(let reason), _), (_, .unclear(let reason)): .unclear(reason)
    case (.absent, .found), (.found, .absent): .unclear("one number instead of two")
    }
  }
}

extension RecordedNumbers {
  /// A record that a snapshot's metadata hold as JSON; nil where there is none.
  func record<Record: Decodable>(
    at key: String, path: String
  ) throws(GANFileError) -> Record? {
    guard let text = self[key]?.text else { return nil }
    do {
      return try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    } catch {
      throw .unreadableRecord(file: path, key: key)
    }
  }
}

extension RecordedNumbers.Finding {
  /// Whether nothing is recorded.
  var isAbsent: Bool {
    if case .absent = self { true } else { false }
  }

  /// The value, where it is understood.
  var value: Value? {
    if case .found(let value) = self { value } else { nil }
  }

  /// Why it is not understood.
  var problem: String? {
    if case .unclear(let reason) = self { reason } else { nil }
  }

  /// The same, unless the value is one that cannot be.
  func unless(_ isImpossible: (Value) -> Bool) -> Self {
    if case .found(let value) = self, isImpossible(value) { .unclear("\(value)") } else { self }
  }
}
