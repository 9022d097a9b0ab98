import Foundation
import Testing

/// Streams that cannot be written, streams that are closed, and arguments that are no text.
@Suite struct StreamTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeIDX(lethe.file("data"))
  }

  private func classifier(_ output: String) -> [String] {
    ["train", "classifier", "--data", "data", "--epochs", "1", "--batch", "4", "--output", output]
  }

  private func metrics(_ run: String) throws -> String {
    try String(contentsOf: lethe.file("\(run)/metrics.json"), encoding: .utf8)
  }

  // A device that is always full is Linux's.
  #if os(Linux)
    @Test func `F02 a full disk under standard error stops nothing`() throws {
      let usual = try lethe.run(classifier("usual"))
      let full = try lethe.run(classifier("full"), by: #"exec "$0" "$@" 2>/dev/full"#)
      #expect(usual.exitCode == 0 && full.exitCode == 0)
      #expect(full.output == usual.output.replacing("usual", with: "full"))
      #expect(try metrics("full").contains("accuracy"))
    }

    @Test func `F02 an error that cannot be told is still an exit code`() throws {
      let refusal = try lethe.run(["inspect", "nowhere"], by: #"exec "$0" "$@" 2>/dev/full"#)
      #expect(refusal.exitCode == 1)
      let usage = try lethe.run(["inspect"], by: #"exec "$0" "$@" 2>/dev/full"#)
      #expect(usage.exitCode == 64)
    }

    @Test(arguments: [
      ["inspect", "gan.pt"], ["inspect", "gan.pt", "--json"], ["--help"], ["help", "adapt"],
      ["--version"], ["--generate-completion-script", "bash"],
      ["generate", "--gan", "gan.pt", "--count", "1", "--output", "a.png"],
      ["bench", "kernels", "--batch", "1", "--channels", "1", "--side", "4", "--rounds", "1"],
    ])
    func `F02c results that cannot be written are an error`(arguments: [String]) throws {
      try TinyModels.writeGAN(lethe.file("gan.pt"))
      let full = try lethe.run(arguments, by: #"exec "$0" "$@" >/dev/full"#)
      #expect(full.exitCode == 1)
      #expect(full.errors == "Error: cannot write to standard output: No space left on device\n")
    }
  #endif

  @Test func `F02b a reader that has gone stops no training`() throws {
    // The shell's `true` reads nothing and ends at once.
    let script = #"{ sleep 0.2; "$0" "$@" 2>&1 1>/dev/null; echo $? >code; } | true"#
    _ = try lethe.run(classifier("run"), by: script)
    #expect(try String(contentsOf: lethe.file("code"), encoding: .utf8) == "0\n")
    #expect(try metrics("run").contains("accuracy"))
  }

  @Test func `F02b a log that nobody empties stops no training`() throws {
    // More progress than a pipe holds would wait for its reader for ever.
    let script = #"""
      mkfifo pipe; exec 3<>pipe; head -c 65536 /dev/zero >&3 & sleep 0.2
      "$0" "$@" 2>pipe; code=$?; kill $! 2>/dev/null; exit $code
      """#
    let outcome = try lethe.run(classifier("run"), by: script)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("test pictures right"))
  }

  @Test func `F02c a reader of results that has gone is no news`() throws {
    let script = #"{ sleep 0.2; "$0" "$@" 2>errors; echo $? >code; } | true"#
    _ = try lethe.run(["--help"], by: script)
    #expect(try String(contentsOf: lethe.file("code"), encoding: .utf8) == "141\n")
    #expect(try Data(contentsOf: lethe.file("errors")).isEmpty)
  }

  @Test(arguments: [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func `F02 no file gets the number of a closed stream`(closing: String) throws {
    let outcome = try lethe.run(classifier("run"), by: #"exec "$0" "$@" \#(closing)"#)
    // Results that go nowhere are an error, at the end: the run itself is whole.
    #expect(outcome.exitCode == (closing.contains(" >&-") || closing.hasPrefix(">") ? 1 : 0))
    if closing == ">&-" {
      #expect(
        outcome.errors.hasSuffix(
          "Error: cannot write to standard output: Bad file descriptor\n"))
    }
    for name in ["options", "metrics", "status"] {
      let file = try Data(contentsOf: lethe.file("run/\(name).json"))
      #expect(try JSONSerialization.jsonObject(with: file) is [String: Any], "\(name)")
    }
  }

  @Test func `R13 an argument that is no text is refused before anything is made`() throws {
    let before = try lethe.contents
    let outcome = try lethe.run(
      ["--output"], by: #"exec "$0" generate --gan gan.pt "$@" "$(printf 'o\374.png')""#)
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors == "Error: argument 5 is not UTF-8 (bytes 6f fc 2e 70 6e 67): give names in "
        + "UTF-8, and rename the file if it is its name\n")
    #expect(try lethe.contents == before)
  }

  @Test func `R04 arguments in a refusal are shown, not obeyed`() throws {
    let refusal = try lethe.run("inspect", "no\u{1b}]0;title\u{7}\nError: forged")
    #expect(
      refusal.errors.hasPrefix(
        "Error: FOLDER/no\\u{1b}]0;title\\u{7}\\u{a}Error: forged: no such file"))
    #expect(refusal.errors.count { $0 == "\n" } == 1)
    let usage = try lethe.run("inspect", "a", "b\u{1b}[2J\nforged")
    #expect(usage.exitCode == 64)
    #expect(usage.errors.contains("'b\\u{1b}[2J\\u{a}forged'"))
    #expect(!usage.errors.contains("\u{1b}"))
  }

  @Test func `R04 names in a file forge no row and fill no screen`() throws {
    let names = ["tensor\u{1b}[2J", "two\nlines", String(repeating: "long", count: 1250)]
    let header = try names.enumerated().map { index, name in
      let quoted = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      return #"\#(quoted):{"dtype":"U8","shape":[1],"data_offsets":[\#(index),\#(index + 1)]}"#
    }.joined(separator: ",")
    let json = Data("{\(header)}".utf8)
    let count = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    try (count + json + Data([1, 2, 3])).write(to: lethe.file("names.safetensors"))
    let outcome = try lethe.run("inspect", "names.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("tensor\\u{1b}[2J") && !outcome.output.contains("\u{1b}"))
    #expect(outcome.output.contains("two\\u{a}lines"))
    let longest = 300 + knownNetworks.count
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count < longest })
  }
}
