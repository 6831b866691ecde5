import DescentFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A search's file: the plan, then a line of JSON for every trial and rung that ended.
///
/// The file grows by whole lines, each of which replaces it at once: whatever ends the program, no more is lost than the
/// trial in progress.
public struct TuningJournal: Sendable {
  /// The file.
  public let path: String
  /// The plan that the file was begun with.
  public let plan: TuningPlan
  /// What has been measured.
  public private(set) var results: [TrialResult] = []
  private var content: [UInt8] = []

  /// Takes up the journal at `path`, or begins one where there is none. A last line without its end is dropped.
  ///
  /// - Throws: `DataError` where the file is no journal, is damaged or belongs to another search, and where it can't be
  ///   written.
  public init(path: String, plan: TuningPlan) throws {
    try Files.checkWritable(path)
    self.path = path
    let found = Files.exists(path) ? try Files.read(path) : []
    let header = Array("\(try jsonLine(plan))\n".utf8)
    guard !header.starts(with: found) else {
      (self.plan, content) = (plan, header)
      try Files.write(content, to: path)
      return
    }
    let end = found.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    content = Array(found[..<end])
    let lines = content.split(separator: 0x0A)
    guard let first = lines.first, let begun = Self.value(TuningPlan.self, first) else {
      throw DataError.invalid(path, "this is not the journal of a search; name another file (--journal)")
    }
    if let objection = plan.objection(to: begun) {
      throw DataError.invalid(path, "\(objection); delete it, or name another file (--journal)")
    }
    self.plan = begun
    for (place, line) in lines.enumerated().dropFirst() {
      guard let result = Self.value(TrialResult.self, line), result.trial >= 0, result.epochs > 0,
        result.settings == begun.settings(trial: result.trial, epochs: result.epochs)
      else {
        throw DataError.invalid(
          "\(path), line \(place + 1)",
          "this is not the result of a trial of this search; delete the line, or name another file (--journal)")
      }
      results.append(result)
    }
  }

  /// Adds a result.
  ///
  /// - Throws: `DataError` where the file can't be written; it then holds the results before.
  public mutating func append(_ result: TrialResult) throws {
    content += Array("\(try jsonLine(result))\n".utf8)
    results.append(result)
    try Files.write(content, to: path)
  }

  private static func value<Value: Decodable>(_: Value.Type, _ line: some Sequence<UInt8>) -> Value? {
    try? JSONDecoder().decode(Value.self, from: Data(line))
  }
}
