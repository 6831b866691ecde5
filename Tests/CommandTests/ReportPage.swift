import Foundation
import Testing

/// The page of `--report`, taken apart.
struct ReportPage {
  let text: String

  /// The headings of its sections, in small letters.
  var headings: [String] { contents(of: "h2").map { $0.lowercased() } }

  /// Everything under the heading that begins with these words, or else has them, up to the next one.
  func section(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ReportPage {
    let (words, headings) = (words.lowercased(), headings)
    let place = headings.firstIndex { $0.hasPrefix(words) } ?? headings.firstIndex { $0.contains(words) }
    let found = try #require(place, "no section '\(words)' among \(headings)", sourceLocation: sourceLocation)
    return ReportPage(text: text.components(separatedBy: "<h2")[found + 1])
  }

  func has(_ words: String) -> Bool { text.contains(words) }

  /// The rows of all tables, each cell without what stands small below its text.
  var rows: [[String]] {
    text.components(separatedBy: "<tr>").dropFirst().map { row in
      let end = row.components(separatedBy: "</tr>")[0]
      return ReportPage.pieces(end, between: ["<th", "<td"]).map { cell in
        ReportPage.plain(String(cell.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }))
      }
    }
  }

  /// The row of a table that begins with this cell.
  func row(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    try #require(rows.first { $0.first == name }, "no row '\(name)' in \(rows)", sourceLocation: sourceLocation)
  }

  /// What elements of a name hold, as text.
  func contents(of element: String) -> [String] {
    ReportPage.pieces(text, between: ["<\(element)>", "<\(element) "]).map { piece in
      let content = piece.components(separatedBy: "</\(element)>")[0].drop { $0 != ">" }.dropFirst()
      return ReportPage.plain(String(content).replacing(/<[^>]*>/, with: ""))
    }
  }

  /// The start of each element of a name, with its attributes.
  func tags(_ element: String) -> [String] {
    ReportPage.pieces(text, between: ["<\(element)>", "<\(element) "]).map { String($0.prefix { $0 != ">" }) }
  }

  /// The values of an attribute, wherever it stands.
  func values(of attribute: String) -> [String] {
    text.components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  private static func pieces(_ text: String, between marks: [String]) -> [String] {
    var text = text
    // one mark for all, that no page has
    for mark in marks { text = text.replacing(mark, with: "\u{0}" + mark.dropFirst()) }
    return text.split(separator: "\u{0}", omittingEmptySubsequences: false).dropFirst().map(String.init)
  }

  private static func plain(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) {
      $0.replacing($1.0, with: $1.1)
    }
  }
}

extension Workshop {
  /// A page that a run wrote.
  func page(_ name: String) throws -> ReportPage { ReportPage(text: String(decoding: try bytes(name), as: UTF8.self)) }
}
