import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Expects text to be one well-formed XML element, and says where it is not.
func expectWellFormed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let parser = XMLParser(data: Data(text.utf8))
  let isWellFormed = parser.parse()
  #expect(
    isWellFormed, "line \(parser.lineNumber), column \(parser.columnNumber) of \(text)",
    sourceLocation: sourceLocation)
}

/// Every element `tag` of a page, as text.
func elements(_ tag: String, of page: String) -> [String] {
  page.components(separatedBy: "<\(tag) ").dropFirst().compactMap { rest in
    rest.range(of: "</\(tag)>").map { "<\(tag) " + rest[..<$0.upperBound] }
  }
}
