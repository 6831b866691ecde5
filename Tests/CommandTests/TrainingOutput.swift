import Foundation
import Testing

/// What `descent train` prints, taken apart.
struct TrainingOutput {
  /// All lines, in order.
  let lines: [String]

  init(_ run: Run) { lines = run.output.split(separator: "\n").map(String.init) }

  /// The place of the first line that begins like this.
  func place(of beginning: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
    try #require(
      lines.firstIndex { $0.hasPrefix(beginning) }, "no line '\(beginning)' in\n\(lines.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }

  // MARK: The table of columns

  /// What is said of a column before training: each text under its heading.
  func column(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: String] {
    let heading = try place(of: "column ", sourceLocation: sourceLocation)
    let row = try #require(
      lines[(heading + 1)...].first { $0.hasPrefix("\(name) ") }, "no column '\(name)'", sourceLocation: sourceLocation)
    let characters = Array(lines[heading])
    let starts = characters.indices.filter { characters[$0] != " " && ($0 == 0 || characters[$0 - 1] == " ") }
    let ends = starts.dropFirst() + [Int.max]
    var texts: [String: String] = [:]
    for (start, end) in zip(starts, ends) {
      let heading = String(characters[start...].prefix { $0 != " " })
      texts[heading] = Array(row).dropFirst(start).prefix(end - start).trimmed
    }
    return texts
  }

  // MARK: Beside the baselines

  /// A figure of a model in the comparison at the end; `this network` is one.
  func comparison(
    _ model: String, _ figure: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Double {
    // the last table: one of folds may stand before it
    let first = try #require(
      lines.lastIndex { $0.hasPrefix("this network ") }, "no comparison", sourceLocation: sourceLocation)
    let line = try #require(
      lines[first...].first { $0.hasPrefix("\(model) ") }, "no \(model)", sourceLocation: sourceLocation)
    let (row, heads) = (Self.words(line), Self.words(lines[first - 1]))
    let place = try #require(heads.firstIndex(of: figure), "\(heads)", sourceLocation: sourceLocation)
    try #require(heads.count == row.count, "\(row)", sourceLocation: sourceLocation)
    return try #require(Double(row[place].replacing("−", with: "-")), "\(row)", sourceLocation: sourceLocation)
  }

  /// What stands two blanks apart.
  private static func words(_ line: String) -> [String] {
    line.components(separatedBy: "  ").map { Array($0)[...].trimmed }.filter { !$0.isEmpty }
  }

  // MARK: Cross-validation

  /// A figure of each fold, in the folds' order.
  func folds(_ figure: String) throws -> [Double] {
    try lines.filter { $0.hasPrefix("fold ") }.map { line in
      let text = try #require(line.components(separatedBy: "\(figure) ").dropFirst().first, "\(line)")
      return try #require(Double(text.prefix { $0 != " " }.replacing("−", with: "-")), "\(line)")
    }
  }
}

extension ArraySlice<Character> {
  /// Without the blanks around it.
  fileprivate var trimmed: String {
    String(String(self).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension Workshop {
  /// Trains with the words of a line, which must succeed, and gives a figure of the result that it writes as metrics.
  func result(_ line: String, _ key: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Double {
    try succeed("\(line) --quiet --metrics result.jsonl", sourceLocation: sourceLocation)
    let last = try records("result.jsonl").last
    return try #require(last?[key] as? Double, "no \(key)", sourceLocation: sourceLocation)
  }

  /// Whether there is a file or folder of this name.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Writes lines as a text file.
  func write(lines: [String], to name: String) throws {
    try write(lines.map { $0 + "\n" }.joined().utf8, to: name)
  }
}

/// Two files are the same to the byte. Not compared inside the macro, which would print both.
func expectSame(_ one: [UInt8], _ other: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
  let isSame = one == other
  #expect(isSame, "\(one.count) and \(other.count) bytes differ", sourceLocation: sourceLocation)
}
