import Classifiers
import Foundation
import Judging
import TestNetworks
import Testing

/// What `lethe judge` says of a judge, and of the pictures that it was scored on.
@Suite struct JudgeTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  /// Trains a judge that tells the rows of a picture apart, and returns what the command printed.
  @discardableResult
  private func train(
    _ data: String, _ more: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CommandRunner.Outcome {
    let outcome = try lethe.run(
      [
        "train", "classifier", "--data", data, "--epochs", "20", "--batch", "16", "--output",
        "judge",
      ] + more)
    #expect(outcome.exitCode == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  private func judge(_ data: String, _ more: String...) throws -> CommandRunner.Outcome {
    try lethe.run(["judge", "--judge", "judge", "--data", data] + more)
  }

  @Test func `F03 the judge of four classes finds three of them by name`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["ant": 0, "bee": 1, "cow": 2, "dog": 3])
    try TinyData.writeFolders(lethe.file("test"), ["ant": 0, "cow": 2, "dog": 3])
    try train("data")
    let outcome = try judge("test")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output == """
        36 of 36 pictures right (100.00 %)
        not the data set that the judge was trained on

        class       pictures     recall  precision        AUC
        ant               12   100.00 %   100.00 %     1.0000
        cow               12   100.00 %   100.00 %     1.0000
        dog               12   100.00 %   100.00 %     1.0000

        taken for  ant  cow  dog
        ant         12    0    0
        cow          0   12    0
        dog          0    0   12

        """)
    try TinyData.writeFolders(lethe.file("other"), ["ant": 0, "yak": 1])
    let other = try judge("other")
    #expect(other.exitCode == 1 && other.output.isEmpty)
    #expect(
      other.errors
        == "Error: FOLDER/other has pictures of classes that the judge does not know (yak); it knows "
        + "ant, bee, cow, dog: expected the same names, or a judge of these classes\n")
  }

  @Test func `U02 a judge of words is not scored on numbers`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try train("data", "--class-names", "ant,bee,cow")
    let outcome = try judge("data")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: FOLDER/data only numbers its classes (0, 1, 2), the judge names them (ant, bee, "
        + "cow); write the names into FOLDER/data/classes.txt, one per line, from that of class 0\n"
    )
    try Data("ant\nbee\ncow\n".utf8).write(to: lethe.file("data/classes.txt"))
    #expect(try judge("data").exitCode == 0)
  }

  @Test func `U04 pictures that were trained on are no test`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["ant": 0, "bee": 1], count: 30)
    try train("data")
    let held = try judge("data")
    #expect(
      held.output.hasPrefix(
        """
        6 of 6 pictures right (100.00 %)
        a test: the judge's training held these pictures out; it saw the other 54

        """), "\(held.output)")
    let seen = try judge("data", "--split", "train")
    #expect(
      seen.output.hasPrefix(
        """
        54 of 54 pictures right (100.00 %)
        no test: the judge was trained on these pictures

        """), "\(seen.output)")
  }

  @Test func `U04 the test pictures of the training and those of nobody are told apart`() throws {
    for (part, count) in [("train", 12), ("test", 5)] {
      try TinyData.writeFolders(
        lethe.file("data/\(part)"), ["ant": 0, "bee": 1], count: count)
    }
    #expect(
      try train("data").output == """
        class       pictures     recall  precision        AUC
        ant                5   100.00 %   100.00 %     1.0000
        bee                5   100.00 %   100.00 %     1.0000

        10 of 10 test pictures right (100.00 %): FOLDER/judge/judge.safetensors

        """)
    #expect(
      try judge("data").output.hasPrefix(
        """
        10 of 10 test pictures right (100.00 %)
        a test: the test pictures of the judge's training

        """))
    #expect(
      try judge("data", "--split", "train").output.hasPrefix(
        """
        24 of 24 train pictures right (100.00 %)
        no test: the judge was trained on these pictures

        """))
    let network = LeNet5(labels: .classes(["ant", "bee"]))
    try network.write(to: lethe.file("foreign.safetensors"))
    let foreign = try lethe.run("judge", "--judge", "foreign.safetensors", "--data", "data")
    #expect(
      foreign.output.split(separator: "\n").dropFirst().first
        == "the judge's file does not say what it was trained on")
  }

  @Test func `U16 the result as JSON has the table and the matrix`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["ant": 0, "bee": 1, "cow": 2])
    try TinyData.writeFolders(lethe.file("test"), ["cow": 2, "ant": 1], count: 2)
    try train("data")
    let outcome = try judge("test", "--json")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(
      Set(result.keys) == [
        "judge", "data", "part", "pictures", "right", "accuracy", "standing", "trained_on",
        "matched_by", "classes", "confusion",
      ])
    // The pictures called ants show bees.
    #expect(result["confusion"] as? [[Int]] == [[0, 2, 0], [0, 0, 0], [0, 0, 2]])
    #expect(result["standing"] as? String == "others" && result["trained_on"] is NSNull)
    let classes = try #require(result["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["ant", "bee", "cow"])
    #expect(classes.map { $0["recall"] as? Double } == [0, nil, 1])
    #expect(classes.map { $0["precision"] as? Double } == [nil, 0, 1])
    #expect(classes.map { $0["taken_for"] as? Int } == [0, 2, 2])
    #expect(classes.map { $0["area_under_curve"] is NSNull } == [false, true, false])
    #expect(classes[2]["area_under_curve"] as? Double == 1)
  }

  @Test func `F03 words for a judge whose file names no classes are taken in order, and said`()
    throws
  {
    try TinyData.writeFolders(lethe.file("test"), ["ant": 0, "bee": 1], count: 2)
    try LeNet5(labels: .numberedClasses(2)).write(to: lethe.file("judge"))
    let outcome = try judge("test")
    #expect(
      outcome.output.contains(
        "the judge's file names no classes; taken in the order of the data: 0 = ant, 1 = bee\n"))
  }

  @Test func `F09 labels of dataset.json are learned, one class is refused`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["00000": 0])
    let refused = try lethe.run("train", "classifier", "--data", "data", "--output", "no")
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors
        == "Error: FOLDER/data has pictures of one class only ('00000'): a classifier needs two or "
        + "more to tell apart; expected IDX files with labels, one sub-folder for each class, or "
        + "labels in dataset.json\n")
    let labels = (0..<12).map { "[\"00000/\($0).png\", \($0 % 2)]" }.joined(separator: ", ")
    try Data("{\"labels\": [\(labels)]}".utf8).write(to: lethe.file("data/dataset.json"))
    try train("data")
    #expect(try judge("data", "--json").output.contains("\"name\": \"1\""))
  }

  @Test func `F10 skipped files are noted and counted`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["ant": 0, "bee": 1])
    for index in 0..<20 { try Data().write(to: lethe.file("data/ant/\(index).webp")) }
    let note =
      "note: FOLDER/data: 20 files skipped (20 .webp); only .png, .jpg and .jpeg are read\n"
    #expect(try train("data").errors.contains(note))
    #expect(try judge("data").errors == note)
    let options = try String(contentsOf: lethe.file("judge/options.json"), encoding: .utf8)
    #expect(options.contains("\"skipped_files\": 20,"))
    let gan = try lethe.run(
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--iterations", "1", "--output", "gan")
    #expect(gan.exitCode == 0 && gan.errors.contains(note))
    let others = try String(contentsOf: lethe.file("gan/options.json"), encoding: .utf8)
    #expect(others.contains("\"skipped_files\": 20,"))
  }

  @Test func `R12 one labelled picture is too few, in words`() throws {
    try TinyData.writeFolders(lethe.file("data"), ["ant": 0], count: 1)
    let outcome = try lethe.run("train", "classifier", "--data", "data", "--output", "no")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.hasPrefix("Error: FOLDER/data has pictures of one class only ('ant')"))
  }
}
