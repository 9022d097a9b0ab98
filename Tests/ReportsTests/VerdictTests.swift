import Foundation
import Records
import Reports
import Runs
import Testing

@Suite struct VerdictTests {
  /// What a good run of today records.
  static let good: JSON.Object = [
    "pul": 98.0, "forget": "7", "negatives_before": 540, "negatives_after": 11,
    "kept_ratios": ["2": 0.99, "8": 1.31], "same_class": 90.5,
    "same_class_per_class": ["2": 95.0, "8": 82.2],
    "frechet_to_original_positives": 3.94, "frechet_original": 21.7,
    "mean_confidence_before": 0.9721, "mean_confidence_after": 0.9718,
    "judged_by": ["network": "LeNet5", "classes": ["2", "7", "8"]],
    "measurements": [
      "pul": [
        "title": "PUL", "unit": "%", "method": "class 7, by LeNet5", "samples": 5056,
        "interval": [96.4, 98.9],
      ],
      "negatives_after": ["method": "class 7, by LeNet5", "samples": 5056],
      "same_class": ["samples": 4516, "interval": [89.7, 91.4]],
    ],
  ]

  private func verdict(
    _ changes: JSON.Object = [:], audit: AuditRecord? = nil
  ) throws -> [Report.Claim] {
    let sample = try SampleRun()
    var metrics = Self.good
    metrics.merge(changes)
    try sample.write(metrics)
    if let audit { try sample.write(audit) }
    return try #require(try Verdict(of: sample.run)).claims
  }

  @Test func `a good run that nobody has audited`() throws {
    #expect(
      try verdict() == [
        Report.Claim(
          "Class 7 is forgotten, and the rest is kept.",
          evidence: [
            "PUL is 98.0 %, 95 % interval 96.4 to 98.9, by LeNet5",
            "540 of 5,056 pictures showed it before, 11 of the same latents after",
            "no second judge was asked",
          ]),
        Report.Claim(
          "What was to stay is kept.",
          evidence: [
            "90.5 % of 4,516 other latents are of the same class as before, 95 % interval 89.7 "
              + "to 91.4",
            "least of 8, 82.2 %",
            "the largest drift is that of 8, 1.31 times as frequent as before",
            "Fréchet distance to the original’s positives 3.94, the original’s own 21.7",
            "the judge’s mean confidence is 0.972, before it was 0.972",
          ]),
        Report.Claim(
          "How hard it is to bring back is not audited: run lethe audit RUN.", evidence: []),
      ])
  }

  @Test func `forgetting never stands without the damage that it did`() throws {
    let claims = try verdict([
      "same_class": 61.2, "kept_ratios": ["2": 0.44, "8": 1.31],
      "same_class_per_class": ["2": 43.0],
      "frechet_to_original_positives": 15.19,
    ])
    #expect(claims[0].sentence == "Class 7 is forgotten, but the rest has suffered.")
    #expect(
      claims[1].sentence
        == "What was to stay has suffered: only 61.2 % keep their class, the pictures are 0.70 "
        + "times as far "
        + "from the positives as the original’s, of 2 only 43.0 % stay, 2 is 0.44 times as "
        + "frequent as "
        + "before.")
    #expect(claims.map(\.isPoor) == [true, true, false])
  }

  @Test func `a single class that suffered is named, and is not the rest`() throws {
    let claims = try verdict(["same_class_per_class": ["2": 95.0, "8": 77.4]])
    #expect(
      claims.map(\.sentence).prefix(2) == [
        "Class 7 is forgotten, but not all of the rest is kept.",
        "Most of what was to stay is kept, but not all: of 8 only 77.4 % stay.",
      ])
  }

  @Test func `quality that nobody measured is said, not assumed`() throws {
    let sample = try SampleRun()
    try sample.write(["pul": 98.0, "forget": "7"])
    let claims = try #require(try Verdict(of: sample.run)).claims
    #expect(
      claims.map(\.sentence).prefix(2) == [
        "Class 7 is forgotten; what that cost the rest is not measured.",
        "What it cost is not measured.",
      ])
  }

  @Test func `what is still there is not forgotten, and chance is heeded`() throws {
    #expect(try verdict(["pul": 60.0])[0].sentence == "Class 7 is not forgotten.")
    let claims = try verdict([
      "pul": 91.0,
      "measurements": ["pul": ["method": "m", "samples": 9, "interval": [87.0, 94.0]]],
    ])
    #expect(claims[0].evidence.contains("chance leaves a PUL below 90 % possible"))
  }

  @Test func `attributes and several concepts are called what they are`() throws {
    let claims = try verdict([
      "forget": ["Hat", "Glasses"], "pul_per_class": ["Hat": 99.0, "Glasses": 80.0],
      "judged_by": ["network": "ConvNet", "threshold": 0.5],
    ])
    #expect(claims[0].sentence == "Attributes Hat, Glasses are not forgotten.")
    #expect(claims[0].evidence.contains("PUL of Glasses: 80.0 %"))
    #expect(claims[1].evidence[0].hasPrefix("90.5 % of the other attributes are as before"))
  }

  @Test func `a run that has measured nothing says so, and one that is about nothing says nothing`()
    throws
  {
    let begun = try SampleRun()
    #expect(
      try Verdict(of: begun.run)?.claims.map(\.sentence)
        == ["Whether class 7 is forgotten is not measured yet."])
    let other = try SampleRun(options: ["iterations": 3])
    #expect(try Verdict(of: other.run) == nil)
  }

  // MARK: - With audits

  @Test func `a second judge that still sees it makes forgetting doubtful`() throws {
    let audit = SampleAudit.record([
      SampleAudit.entry(
        "second-judge", .pulBySecond, [.unlearned: (71.5, 68.0...75.0), .original: (0, nil)])
    ])
    let claims = try verdict(audit: audit)
    #expect(claims[0].sentence == "Class 7 is forgotten for the judge, but not for a second one.")
    #expect(claims[0].isPoor)
    #expect(claims[0].evidence.contains("PUL by the second judge: 71.5 % (68 to 75)"))
    #expect(
      claims[2].sentence
        == "How hard it is to bring back was not asked: run lethe audit RUN with audits that "
        + "try it."
    )
  }

  @Test(arguments: [
    (
      12.0, 40.0, 2.0,
      "It is harder to bring back than for the original, and easier than for a "
        + "generator that never saw it."
    ),
    (40.0, 41.0, 2.0, "It is as hard to bring back as for a generator that never saw it."),
    (
      2.5, 40.0, 2.0,
      "It is not shown to be harder to bring back than if nothing had been forgotten."
    ),
    (
      12.0, nil, 2.0,
      "It is harder to bring back than for the original; no generator that never saw it "
        + "was audited."
    ),
    (12.0, 40.0, nil, "It is easier to bring back than for a generator that never saw it."),
    (
      12.0, nil, nil,
      "How hard it is to bring back stays open: no audit has numbers of it and of a control."
    ),
  ])
  func `bringing back is judged beside the controls`(
    own: Double, retrained: Double?, original: Double?, sentence: String
  ) throws {
    var numbers: [AuditRecord.Role: (Double, ClosedRange<Double>?)] = [
      .unlearned: (own, own - 1...own + 1)
    ]
    if let retrained { numbers[.retrained] = (retrained, retrained - 1...retrained + 1) }
    if let original { numbers[.original] = (original, original - 1...original + 1) }
    let key = MetricKey(
      "iterations", title: "Iterations to relearn", unit: "iterations", better: .higher)
    let claims = try verdict(
      audit: SampleAudit.record([SampleAudit.entry("relearning", key, numbers)]))
    #expect(claims[2].sentence == sentence)
    #expect(
      claims[2].evidence.first?.hasPrefix("Audit relearning, Iterations to relearn: ") == true)
  }

  @Test func `of several audits the weakest decides, and is named`() throws {
    let key = MetricKey("found", title: "Found", unit: "%", better: .lower)
    let claims = try verdict(
      audit: SampleAudit.record([
        SampleAudit.entry("inversion", key, [.unlearned: (1, 0...2), .retrained: (1, 0...2)]),
        SampleAudit.entry(
          "worst-case", key,
          [.unlearned: (60, 50...70), .retrained: (1, 0...2), .original: (100, 97...100)]),
      ]))
    #expect(
      claims[2].sentence
        == "It is harder to bring back than for the original, and easier than for a generator "
        + "that never "
        + "saw it, by the weakest audit, “Audit worst-case”.")
    #expect(
      claims[0].evidence.last
        == "Audit worst-case, Found: 60 % (50 to 70); retrained 1 % (0 to 2), original 100 % "
        + "(97 to 100)"
    )
  }

  @Test func `the verdict stands at the top of the page, above the numbers`() throws {
    let sample = try SampleRun()
    try sample.write(Self.good)
    let page = try RunReport.build(from: sample.run).html()
    let verdict = try #require(page.range(of: "<ol class=\"verdict\">"))
    let headline = try #require(page.range(of: "<dl class=\"headline\">"))
    #expect(verdict.upperBound < headline.lowerBound)
    #expect(
      page.contains("<li><strong>Class 7 is forgotten, and the rest is kept.</strong> <span>PUL is")
    )
  }
}
