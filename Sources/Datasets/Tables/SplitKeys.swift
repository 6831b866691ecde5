import DescentFormats

/// The rows where a column has no value.
struct Gaps {
  let column: Int
  private var missing: [Int32] = []
  /// Where stands what is missing among numbers and dates, and a value among texts.
  private var unclear: [Int32] = []

  init(_ column: Int) { self.column = column }

  mutating func add(_ row: borrowing TableRow) {
    let field = row.fields[column]
    if field.isMissing {
      missing.append(Int32(row.index))
    } else if field.isMarker {
      unclear.append(Int32(row.index))
    } else if case .notFinite = field.number {
      unclear.append(Int32(row.index))
    }
  }

  func rows(_ kind: InputKind?) -> [Int32] { kind == .number || kind == .date ? missing + unclear : missing }
}

/// What a split by a column needs of its values.
struct SplitKeys: Sendable {
  private let method: RowSplit.Method?
  private var dates = InEitherOrder([Double]())
  private(set) var codes: [Int32] = []
  private var numbers: [String: Int32] = [:]

  init(_ method: RowSplit.Method?) { self.method = method }

  private static let parts = ["train": Int32(0), "validation": 1, "valid": 1, "val": 1, "test": 2]

  /// When each row was, in an order that suits all.
  var moments: [Double] { dates.value }

  mutating func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    switch method {
    case .time:
      if let date = WrittenDate(field.content) {
        dates.add(date) { $0.append($1) }
        guard !dates.orders.disagree else {
          throw row.invalid(column, "\(field.shown) has day and month in another order than dates before it")
        }
      } else if let number = field.finiteNumber {
        dates.add(number) { $0.append($1) }
      } else {
        throw row.invalid(column, "\(field.shown) is no date and no number to put rows in order by")
      }
    case .group:
      let text = field.text ?? String(decoding: field.content, as: UTF8.self)
      let code = numbers[text] ?? Int32(numbers.count)
      numbers[text] = code
      codes.append(code)
    case .column:
      guard let part = Self.parts[(field.text ?? "").lowercased()] else {
        throw row.invalid(column, "\(field.shown) is no part; write train, validation or test")
      }
      codes.append(part)
    default: break
    }
  }

  func named(_ rows: [Int32]) -> RowSplit.Parts {
    RowSplit.Parts(
      training: rows.filter { codes[Int($0)] == 0 }, validation: rows.filter { codes[Int($0)] == 1 },
      test: rows.filter { codes[Int($0)] == 2 })
  }
}
