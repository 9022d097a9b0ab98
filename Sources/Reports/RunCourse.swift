import Records
import Runs

/// The trainings of a run, which follow each other in stats.jsonl.
struct RunCourse {
  /// One training: what tells it from its sisters, and its records from iteration 1 on.
  struct Training {
    /// Such as `model 2`; nil where there is one training only.
    let label: String?
    /// Its records, with iterations of its own.
    let records: [StatsRecord]
  }

  /// A heading, and the trainings that are drawn as curves of the same charts.
  let stages: [(heading: String, trainings: [Training])]

  /// The trainings of a run, told apart by its options: adapted models one after another, then what
  /// follows them.
  init(_ facts: RunFacts) {
    let record = OptionsRecord.read(facts.options)
    let options = record.flattened
    guard let models = record.adaptedModelCount,
      let length = options["adaptation.iterations"]?.integer, models > 0, length > 0,
      models <= facts.stats.count
    else {
      stages = [("Course of the run", [Training(label: nil, records: facts.stats)])]
      return
    }
    func records(_ range: Range<Int>) -> [StatsRecord] {
      facts.stats.filter { range.contains($0.iteration - 1) }.map { record in
        var record = record
        record.iteration -= range.lowerBound
        return record
      }
    }
    let adapted = (0..<models).map { model in
      Training(
        label: models > 1 ? "model \(model + 1)" : nil,
        records: records(model * length..<(model + 1) * length))
    }
    let rest = records(models * length..<Int.max)
    stages =
      rest.isEmpty && options["unlearning.iterations"] == nil
      ? [("Course of the run", adapted)]
      : [
        ("Course of the adaptation", adapted),
        ("Course of the unlearning", [Training(label: nil, records: rest)]),
      ]
  }
}
