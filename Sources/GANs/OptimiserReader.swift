import Checkpoints
import Torch
import TorchNN

/// Reads one optimiser of a file, in Lethe's form (moments by name) or PyTorch's (by position).
struct OptimiserReader {
  let part: GANPart
  /// The network's parameters, in the order of declaration.
  let parameters: [(name: String, shape: [Int])]
  /// The tensors of the part.
  let own: StateDict
  let numbers: RecordedNumbers
  let path: String
  /// What is recorded and not used, or used otherwise than it was meant.
  private(set) var notes: [String] = []

  init(
    _ part: GANPart, of parameters: [(name: String, shape: [Int])], in tensors: GANTensors
  ) {
    self.part = part
    self.parameters = parameters
    own = tensors[part] ?? [:]
    numbers = tensors.numbers
    path = tensors.path
  }

  /// The optimiser; nil if there is none.
  mutating func read() throws(GANFileError) -> GANFile.OptimiserRecord? {
    let record = try SnapshotOptimiser.read(numbers, part, path: path)
    let first = own.under("exp_avg")
    guard record != nil || !first.isEmpty else { return try readPyTorch() }
    if record == nil {
      note("its constants and its number of steps are not recorded: Adam counts from 0")
    }
    return GANFile.OptimiserRecord(
      options: record?.options, firstMoments: first, secondMoments: own.under("exp_avg_sq"),
      stepCount: record?.stepCount ?? 0, fewerSteps: record?.fewerSteps ?? [:])
  }

  private mutating func note(_ words: String) {
    notes.append("\(path): \(part.rawValue): \(words)")
  }

  private func key(_ name: String) -> String { "\(part.rawValue).\(name)" }
}

// MARK: - PyTorch

extension OptimiserReader {
  private mutating func readPyTorch() throws(GANFileError) -> GANFile.OptimiserRecord? {
    var moments: Set<String> = []
    for name in own.keys where name.hasPrefix("state.") {
      moments.formUnion(name.split(separator: ".", maxSplits: 2).dropFirst(2).map(String.init))
    }
    moments.remove("step")
    let keys = stateKeys
    guard !moments.isEmpty || keys != nil else { return nil }
    var result = GANFile.OptimiserRecord(
      options: nil, firstMoments: [:], secondMoments: [:], stepCount: 0)
    result.problem = try fill(&result, moments, keys)
    guard result.problem == nil else { return result }
    result.options = readConstants(hasMoments: !moments.isEmpty)
    noteWhatAdamLacks()
    return result
  }

  /// The keys of the states in the order of the parameters, as torch's own `load_state_dict` finds
  /// them; nil where no group lists any.
  ///
  /// Since torch 1.6 the keys are positions; before, they were the parameters' addresses.
  private var stateKeys: [String]? {
    var keys: [String]?
    for group in 0... {
      guard let list = numbers[key("param_groups.\(group).params")]?.list else { break }
      keys = (keys ?? []) + list.compactMap { $0.integer.map(String.init) }
    }
    return keys
  }

  /// Takes the moments and the steps over; what makes that impossible is for those who need them.
  private func fill(
    _ record: inout GANFile.OptimiserRecord, _ moments: Set<String>, _ keys: [String]?
  ) throws(GANFileError) -> GANFileError? {
    // RAdam and the like keep more, others less.
    let known: Set<String> = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
    let isAdam =
      moments.isEmpty
      ? !numbers.pair(at: key("param_groups.0.betas")).isAbsent
      : moments.isSubset(of: known) && moments.isSuperset(of: ["exp_avg", "exp_avg_sq"])
    guard isAdam else {
      return .notAdam(file: path, part: part.rawValue, found: moments.sorted())
    }
    guard (keys?.count ?? parameters.count) == parameters.count else {
      return .otherOptimiser(
        file: path, part: part.rawValue, count: keys?.count ?? 0, expected: parameters.count)
    }
    guard !moments.isEmpty else { return nil }
    var steps: [String: Int] = [:]
    for (index, (name, shape)) in parameters.enumerated() {
      let state = "state.\(keys?[index] ?? "\(index)")"
      for moment in ["exp_avg", "exp_avg_sq"] {
        let tensor = own["\(state).\(moment)"]
        guard let tensor, tensor.shape == shape else {
          return .unfitMoment(
            file: path, key: key("\(state).\(moment)"), parameter: name, expected: shape,
            actual: tensor?.shape)
        }
      }
      record.firstMoments[name] = own["\(state).exp_avg"]
      record.secondMoments[name] = own["\(state).exp_avg_sq"]
      // A number in older versions of PyTorch, a tensor of one element since 1.12.
      let step = key("\(state).step")
      switch numbers.number(at: step) {
      case .absent: break
      case .found(let value):
        guard let count = Int(exactly: value), count >= 0 else {
          throw .noStepCount(file: path, key: step)
        }
        steps[name] = count
      case .unclear: throw .noStepCount(file: path, key: step)
      }
    }
    let most = steps.values.max() ?? 0
    record.stepCount = most
    record.fewerSteps = steps.filter { $0.value < most }
    return nil
  }

  /// Adam's constants, from the first group; nil, with a note, unless all are understood.
  private mutating func readConstants(hasMoments: Bool) -> Adam.Options? {
    let group = "param_groups.0"
    let rate = numbers.number(at: key("\(group).lr")).unless { $0 < 0 }
    let betas = numbers.pair(at: key("\(group).betas")).unless {
      !(0..<1).contains($0.0) || !(0..<1).contains($0.1)
    }
    let epsilon = numbers.number(at: key("\(group).eps")).unless { $0 < 0 }
    if let rate = rate.value, let betas = betas.value, let epsilon = epsilon.value {
      return Adam.Options(
        learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: epsilon)
    }
    let problems = [("lr", rate.problem), ("betas", betas.problem), ("eps", epsilon.problem)]
      .compactMap { name, problem in problem.map { "\(group).\(name) is \($0)" } }
    let reason =
      problems.isEmpty
      ? "its constants are not all recorded" : problems.joined(separator: " and ")
    note("\(reason): Adam goes on with lethe's own learning rate, betas and epsilon")
    return nil
  }

  /// Names the settings that our Adam does not have, so that nobody believes them honoured.
  private mutating func noteWhatAdamLacks() {
    let group = "param_groups.0"
    switch numbers.number(at: key("\(group).weight_decay")) {
    case .found(0), .absent: break
    case .found(let value): note("weight_decay \(value) is left out: lethe's Adam has none")
    case .unclear(let reason): note("weight_decay is \(reason), and left out")
    }
    for flag in ["amsgrad", "maximize"] where numbers[key("\(group).\(flag)")]?.bool == true {
      note("\(flag) is left out: lethe's Adam has none")
    }
    let others = ["lr", "betas", "eps"].filter { name in
      let (first, second) = (
        numbers[key("\(group).\(name)")], numbers[key("param_groups.1.\(name)")]
      )
      return second != nil && second != first
    }
    if !others.isEmpty {
      note("its groups differ in \(others.joined(separator: ", ")): the first one's counts for all")
    }
  }
}

/// How a snapshot's metadata records an optimiser.
struct SnapshotOptimiser: Codable {
  var options: Adam.Options
  var stepCount: Int
  /// The steps of parameters that took fewer; see `GANFile.OptimiserRecord`.
  var fewerSteps: [String: Int]?

  /// The record of a part; nil where there is none.
  static func read(
    _ numbers: RecordedNumbers, _ part: GANPart, path: String
  ) throws(GANFileError) -> SnapshotOptimiser? {
    try numbers.record(at: "\(SnapshotKey.optimiser).\(part.rawValue)", path: path)
  }
}
