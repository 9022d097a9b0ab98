import Foundation
import Records
import Runs

/// Small records of audits.
enum SampleAudit {
  static func record(_ entries: [AuditRecord.Entry]) -> AuditRecord {
    AuditRecord(
      forgotten: ["7"],
      generators: [
        .init(.unlearned, name: "unlearned", file: "snapshots/a.safetensors", digest: "ab"),
        .init(.retrained, name: "retrained"), .init(.original, name: "original"),
      ], entries: entries)
  }

  /// An audit with one number of some generators.
  static func entry(
    _ name: String, _ key: MetricKey,
    _ numbers: [AuditRecord.Role: (Double, ClosedRange<Double>?)]
  ) -> AuditRecord.Entry {
    AuditRecord.Entry(
      name: name, title: "Audit \(name)", question: "Is it gone?", source: "nobody",
      answers: [AuditRecord.Role.unlearned, .retrained, .original].compactMap { role in
        numbers[role].map { value, interval in
          AuditRecord.Answer(
            role,
            measurements: [
              MetricMeasurement(
                key, .number(value), method: "by hand", sampleCount: 64, seed: 0,
                interval: interval)
            ])
        }
      })
  }
}

extension SampleRun {
  func write(_ audit: AuditRecord) throws { try write(audit: .object(audit.json)) }

  func write(audit: JSON) throws {
    try FileManager.default.createDirectory(
      at: run.auditFolder.appending(path: "images"), withIntermediateDirectories: true)
    try audit.write(to: run.auditFile)
  }
}
