import Records
import Runs
import Testing

@Suite struct AuditRecordTests {
  private static let record = AuditRecord(
    forgotten: ["7"],
    generators: [
      .init(.unlearned, name: "unlearned", file: "runs/1/snapshot.safetensors", digest: "ab"),
      .init(.original, name: "original"),
    ],
    entries: [
      AuditRecord.Entry(
        name: "second-judge", title: "A second judge", question: "Is it?", source: "nobody",
        answers: [
          AuditRecord.Answer(
            .unlearned,
            measurements: [
              MetricMeasurement(
                .auditedShare, .number(1.5), method: "by LeNet5", sampleCount: 1024, seed: 3,
                interval: 0.9...2.4, warning: "few")
            ],
            curves: [
              AuditRecord.Curve(
                "relearning", title: "Relearning", xTitle: "iterations", yTitle: "%",
                points: [.init(0, 1), .init(10, 2.5)])
            ], pictures: [.init(path: "images/a.png", caption: "Look")], seconds: 2.5),
          AuditRecord.Answer(.original, reason: "there is no second judge"),
        ])
    ], warnings: ["a warning"])

  @Test func `a record is read as it was written`() throws {
    let text = JSON.object(Self.record.json).encoded()
    #expect(try AuditRecord(#require(JSON(parsing: text).object)) == Self.record)
  }

  @Test(arguments: ["forget", "generators", "audits"])
  func `a record without one of its fields is none`(field: String) {
    var json = Self.record.json
    json[field] = nil
    #expect(AuditRecord(json) == nil)
  }
}
