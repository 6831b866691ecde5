import DescentFormats
import DescentTensors

/// How the rows of a table become samples: what was fitted on the training part, and is stored with the model.
///
/// A sample holds the numbers of all columns first, then the codes that are for embeddings, then the pieces of texts, and
/// last what is in files, pictures and recordings; each group in the order of the table.
public struct TablePreparation: Sendable, Equatable {
  /// The columns that become inputs, in the order of a sample's numbers.
  public let columns: [ColumnPreparation]
  /// Columns of the training table that do not: they may be there or not.
  public let leftOut: [String]

  /// A preparation of these columns.
  public init(columns: [ColumnPreparation], leftOut: [String] = []) {
    self.columns = ColumnPreparation.Group.allCases.flatMap { group in columns.filter { $0.group == group } }
    self.leftOut = leftOut
  }

  /// How many numbers a sample has.
  public var width: Int { columns.reduce(0) { $0 + $1.width } }

  /// How many of a sample's numbers are quantities, not codes: the first ones.
  public var quantityCount: Int { columns.reduce(0) { $0 + ($1.group == .quantities ? $1.width : 0) } }

  /// How many different codes each number behind the quantities has.
  public var codeCounts: [Int] { columns.flatMap(\.codeCounts) }

  /// What texts become: the numbers behind the codes.
  public var texts: [TextPreparation] { columns.compactMap(\.text) }

  /// The columns of pictures and recordings: the last of a sample's numbers.
  public var files: [ColumnPreparation] { columns.filter { $0.group == .files } }

  /// A name for each number of a sample; those that two columns would share are numbered.
  public var featureNames: [String] {
    var seen: Set<String> = []
    return columns.flatMap(\.featureNames).map { name in
      var unique = name
      var number = 2
      while !seen.insert(unique).inserted {
        unique = "\(name) (\(number))"
        number += 1
      }
      return unique
    }
  }

  /// The numbers of a sample that came from each column.
  public var featureGroups: [(name: String, features: Range<Int>)] {
    var start = 0
    return columns.map { column in
      defer { start += column.width }
      return (column.name, start..<start + column.width)
    }
  }
}

extension TablePreparation: Codable {
  private enum CodingKeys: String, CodingKey { case columns, leftOut }

  /// Reads what ``encode(to:)`` wrote, and refuses what can't be a preparation: model files come from anywhere.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      columns: try container.decode([ColumnPreparation].self, forKey: .columns),
      leftOut: try container.decode([String].self, forKey: .leftOut))
    var fault = columns.lazy.compactMap(\.fault).first
    if Set(columns.map(\.name)).count < columns.count { fault = "a column twice" }
    if let fault {
      throw DecodingError.dataCorruptedError(
        forKey: .columns, in: container, debugDescription: "its columns are prepared by \(fault)")
    }
  }
}

/// Turns the rows of a table into samples, and keeps account of what did not fit.
struct RowEncoder {
  private let preparation: TablePreparation
  /// Where each prepared column stands in the table; nil where it is missing.
  private let positions: [Int?]
  private let widths: [Int]
  /// What reads the files of a column that names any.
  private let encoders: [(any FileEncoder)?]
  private let table: Table
  private var unknown: [Int]
  /// What was found in the files of each column.
  private var facts: [[FileFacts]]

  /// - Throws: ``DataError`` where the table has none of the columns.
  init(_ preparation: TablePreparation, _ table: Table) throws(DataError) {
    (self.preparation, self.table) = (preparation, table)
    encoders = preparation.columns.map { column in
      switch column.inputs {
      case .picture(let picture): picture
      case .sound(let recording): RecordingEncoder(recording)
      default: nil
      }
    }
    positions = preparation.columns.map { column in table.columns.firstIndex(of: column.name) }
    widths = preparation.columns.map(\.width)
    unknown = widths.map { _ in 0 }
    facts = widths.map { _ in [] }
    guard positions.contains(where: { $0 != nil }) else {
      throw .invalid(
        table.place,
        "it has none of the columns that the model takes, which are \(quotedList(preparation.columns.map(\.name)))")
    }
  }

  /// What stands out about the rows so far, in sentences.
  func notes(target: String) -> [String] {
    let missing = positions.indices.filter { positions[$0] == nil }.map { preparation.columns[$0].name }
    var notes: [String] = []
    if !missing.isEmpty { notes.append("no column \(quotedList(missing)): its values are taken as missing") }
    let known = Set(preparation.columns.map(\.name) + preparation.leftOut + [target])
    let extra = table.columns.filter { !known.contains($0) }
    if !extra.isEmpty { notes.append("the model does not know \(quotedList(extra)): left out") }
    for (place, count) in unknown.enumerated() where count > 0 {
      notes.append(
        "\(quoted(preparation.columns[place].name)): \(count) \(count == 1 ? "value" : "values") that the training data "
          + "did not have, taken as unknown")
    }
    for (column, facts) in zip(preparation.columns, facts) where !facts.isEmpty {
      let clauses = column.notes(facts)
      if !clauses.isEmpty { notes.append("\(quoted(column.name)): \(clauses.joined(separator: "; "))") }
    }
    return notes
  }

  /// Takes account of files that have been read.
  mutating func add(_ found: [FileQueue.Found]) {
    for file in found {
      guard let column = positions.firstIndex(of: file.column) else { continue }
      facts[column].append(file.facts)
    }
  }

  /// Writes the numbers of a row's sample, but for those that are in files: they are there when the queue has been read.
  mutating func encode(
    _ row: borrowing TableRow, into out: UnsafeMutablePointer<Float>, _ queue: inout FileQueue
  ) throws(DataError) {
    var place = out
    for index in positions.indices {
      let position = positions[index]
      let field = position.map { row.fields[$0] }
      switch preparation.columns[index].inputs {
      case .number(let number):
        var value: Double?
        if let field, let position { value = try field.numberOrMissing(row, position) }
        number.encode(value, into: place)
        if !place[0].isFinite, let field, let position {
          throw row.invalid(
            position, "\(field.shown) is beyond the range of float32 as it is prepared; correct it or remove the row")
        }
      case .category(let category):
        if !category.encode(field, into: place) { unknown[index] += 1 }
      case .date(let date):
        var seconds: Double?
        if let field, let position { seconds = try field.dateOrMissing(row, position, date.order)?.seconds }
        date.encode(seconds, into: place)
      case .text(let text): text.encode(field, into: place)
      case .picture, .sound:
        place.update(repeating: 0, count: widths[index])
        if let field, !field.isMissing, let position, let encoder = encoders[index] {
          let file = try table.file(row, position)
          queue.add(file, encoder, UnsafeMutableBufferPointer(start: place, count: widths[index]))
        }
      }
      place += widths[index]
    }
  }
}
