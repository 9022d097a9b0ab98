import Foundation
import Records

/// What a person says of numbered pictures, in a text file: a number in each line, and behind it `y` where the
/// picture shows the concept, `n` where it does not.
struct AuditMarks: Equatable {
  /// Whether each picture shows the concept, in order; nil where nobody has said.
  private(set) var marks: [Bool?]

  /// No marks yet.
  init(count: Int) { marks = [Bool?](repeating: nil, count: count) }

  /// How many pictures nobody has marked.
  var missing: Int { marks.count { $0 == nil } }

  /// The file to fill in.
  ///
  /// - Parameters:
  ///   - concept: what to look for.
  ///   - command: what to run afterwards.
  /// - Returns: the text, with a line for each picture.
  func text(concept: String, command: String) -> String {
    let head = """
      # Does the picture show \(concept)? look.html has the pictures, with their numbers.
      # Write y (yes) or n (no) behind each number; everything behind a # is left alone.
      # Then run: \(command)

      """
    return head
      + marks.indices.map { index in
        let mark = marks[index].map { $0 ? " y" : " n" } ?? " "
        return String(format: "%03d", index + 1) + mark + "\n"
      }.joined()
  }

  /// Reads a file that was filled in.
  ///
  /// - Parameters:
  ///   - text: its content.
  ///   - count: how many pictures there are.
  ///   - file: its path, for messages.
  /// - Throws: ``AuditMarksError`` naming the line.
  init(_ text: String, count: Int, file: String) throws(AuditMarksError) {
    self.init(count: count)
    var seen: [Int: Int] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let words = line.prefix { $0 != "#" }.split { $0.isWhitespace || $0 == ":" || $0 == "," }
      guard let first = words.first else { continue }
      let place = index + 1
      guard let number = Int(first), (1...count).contains(number) else {
        throw .noPicture(file: file, line: place, found: String(first), count: count)
      }
      if let former = seen.updateValue(place, forKey: number) {
        throw .twice(file: file, line: place, number: number, former: former)
      }
      guard words.count <= 2 else {
        throw .noMark(file: file, line: place, found: words.dropFirst().joined(separator: " "))
      }
      switch words.dropFirst().first?.lowercased() {
      case nil, "?": break
      case "y", "yes", "1": marks[number - 1] = true
      case "n", "no", "0": marks[number - 1] = false
      case .some(let word): throw .noMark(file: file, line: place, found: word)
      }
    }
  }

  /// The share of some pictures that show the concept.
  ///
  /// - Parameter places: from 0; all marked.
  /// - Returns: the share; nil of none.
  func share(of places: [Int]) -> Proportion? {
    guard !places.isEmpty else { return nil }
    return Proportion(places.count { marks[$0] == true }, of: places.count)
  }
}

/// A file of marks that cannot be read.
public enum AuditMarksError: Error, Equatable, CustomStringConvertible {
  /// A line that begins with no picture's number.
  case noPicture(file: String, line: Int, found: String, count: Int)
  /// A number for the second time.
  case twice(file: String, line: Int, number: Int, former: Int)
  /// Something else than a mark.
  case noMark(file: String, line: Int, found: String)
  /// Pictures without marks.
  case unmarked(file: String, missing: Int, count: Int)
  /// Pictures of another generator.
  case otherGenerator(folder: String)

  /// One sentence that names file, line and the way out.
  public var description: String {
    switch self {
    case .noPicture(let file, let line, let found, let count):
      "\(file), line \(line): '\(found)' is no number of a picture, expected 1 to \(count)"
    case .twice(let file, let line, let number, let former):
      "\(file), line \(line): picture \(number) has a line already, line \(former)"
    case .noMark(let file, let line, let found):
      "\(file), line \(line): '\(found)' is no mark, expected y or n"
    case .unmarked(let file, let missing, let count):
      "\(file): \(missing) of \(count) pictures are not marked yet: write y or n behind their numbers"
    case .otherGenerator(let folder):
      "\(folder) holds pictures of another generator, or of other latents: remove it, and look again"
    }
  }
}
