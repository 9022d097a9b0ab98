import Records
import Terminal
import Testing

@Suite struct ValidationFiguresTests {
  @Test func `the loss of training comes first, then what the validation says`() {
    #expect(
      ProgressFigures().words(
        for: [.validationAccuracy: 0.9875, .validationLoss: 0.123, .classifierLoss: 0.05])
        == ["loss 0.050", "validation loss 0.123", "right 98.8 %"])
  }
}
