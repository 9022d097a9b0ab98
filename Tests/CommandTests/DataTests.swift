import Datasets
import Foundation
import Testing

@Suite struct DataTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeFolders(lethe.file("data"), ["cat": 0, "dog": 1], count: 3)
  }

  @Test func `a data set that can be trained on is shown as a table`() throws {
    let outcome = try lethe.run("data", "check", "data")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        data          FOLDER/data
        format        a sub-folder of pictures for each class
        pictures      6
        sizes         8x8
        colours       grey
        class   pictures
        cat            3
        dog            3

        can be trained on

        """)
  }

  @Test func `broken and equal pictures are shown, and the exit code says so`() throws {
    try Data("no picture".utf8).write(to: lethe.file("data/dog/z.png"))
    try FileManager.default.copyItem(
      at: lethe.file("data/cat/0.png"), to: lethe.file("data/dog/copy.png"))
    let outcome = try lethe.run("data", "check", "data")
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.output.hasSuffix(
        """

        equal pictures (1 repeat another)
          cat/0.png = dog/copy.png

        not decoded
          dog/z.png: neither PNG nor JPEG

        obstacle: 1 picture cannot be decoded: replace or remove it, or prepare a copy of the data without it
        warning: 1 picture repeats another, pixel for pixel: remove it, unless some shall count more

        cannot be trained on as it is: see the obstacles above
        next: lethe data prepare FOLDER/data --size SIZE --output FOLDER leaves those pictures out

        """))
    let json = try lethe.run("data", "check", "data", "--json")
    #expect(json.exitCode == 1)
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(
      Set(record.keys) == [
        "path", "format", "trainable", "pictures", "parts", "duplicates", "equal_pictures",
        "obstacles", "warnings",
      ])
    #expect(record["trainable"] as? Bool == false && record["pictures"] as? Int == 8)
    let part = try #require((record["parts"] as? [[String: Any]])?.first)
    #expect(
      Set(part.keys) == [
        "part", "pictures", "sizes", "color", "grey", "classes", "not_decoded", "without_label",
        "labels_without_picture", "skipped_files",
      ])
  }

  @Test(arguments: ["copy", "copy.zip"])
  func `a copy can be checked and trained on, and nothing is overwritten`(output: String) throws {
    try Data("no picture".utf8).write(to: lethe.file("data/dog/z.png"))
    let outcome = try lethe.run("data", "prepare", "data", "--size", "16", "--output", output)
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        left out 1:
          dog/z.png: neither PNG nor JPEG
        6 pictures of 16x16: FOLDER/\(output)

        """)
    let check = try lethe.run("data", "check", output)
    #expect(check.exitCode == 0 && check.output.contains("sizes         16x16\n"))
    #expect(check.output.contains("\ncan be trained on\n"))
    let again = try lethe.run("data", "prepare", "data", "--size", "16", "--output", output)
    #expect(again.exitCode == 1)
    #expect(
      again.errors
        == "Error: \(output) already exists, and lethe never overwrites anything: name another file or "
        + "remove it\n")
    let json = try lethe.run(
      "data", "prepare", output, "--size", "8", "--output", "small", "--json")
    #expect(json.output.contains("\"pictures\": 6"))
  }

  @Test func `what makes no sense is refused`() throws {
    let size = try lethe.run("data", "prepare", "data", "--size", "0", "--output", "copy")
    #expect(size.exitCode == 64 && size.errors.contains("--size is 0, expected 1 to 8192"))
    let missing = try lethe.run("data", "check", "nowhere")
    #expect(missing.exitCode == 1 && missing.errors == "Error: FOLDER/nowhere does not exist\n")
    let inside = try lethe.run("data", "prepare", "data", "--size", "8", "--output", "data/copy")
    #expect(inside.exitCode == 1 && inside.errors.contains("it lies in the data set"))
    #expect(try lethe.contents.filter { !$0.contains("/") } == ["data"])
  }
}
