public import Foundation

extension Report {
  /// How a report is written down.
  public enum Format: String, Sendable, CaseIterable {
    /// Aligned columns for a terminal.
    case text
    /// One page that needs nothing else.
    case html
    /// GitHub's Markdown, with pictures as links.
    case markdown
    /// A piece of a LaTeX document: tables with booktabs, pictures as paths.
    case latex
    /// The numbers alone, as the record has them.
    case json

    /// How the names of such files end.
    public var ending: String {
      switch self {
      case .text: "txt"
      case .html: "html"
      case .markdown: "md"
      case .latex: "tex"
      case .json: "json"
      }
    }
  }

  /// The report in a format.
  ///
  /// - Parameters:
  ///   - format: how it is written down; JSON holds no report, so that it gives nil.
  ///   - folder: where the text will lie: pictures in it, or below it, have short paths.
  /// - Returns: the text; nil for JSON.
  public func written(as format: Format, beside folder: URL) -> String? {
    switch format {
    case .text: text(beside: folder)
    case .html: html()
    case .markdown: markdown(beside: folder)
    case .latex: latex(beside: folder)
    case .json: nil
    }
  }
}

extension Picture {
  /// The path of the picture as somebody in a folder finds it.
  func path(beside folder: URL) -> String {
    let (own, base) = (file.standardizedFileURL.path, folder.standardizedFileURL.path)
    let start = base.hasSuffix("/") ? base : base + "/"
    return own.hasPrefix(start) ? String(own.dropFirst(start.count)) : own
  }
}
