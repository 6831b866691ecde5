/// What stands between the fields of a table, found by looking at its first rows.
enum Separator {
  /// In the order in which they are preferred.
  static let candidates: [UInt8] = [.comma, .tab, UInt8(ascii: ";"), UInt8(ascii: "|")]

  /// Rows that are looked at.
  private static let rowsToSee = 20

  /// The separator that cuts the first rows into most fields, as many in each; a comma where none does.
  ///
  /// - Parameter bytes: the table's beginning, which may stop within a row.
  static func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt8 {
    var best = (separator: UInt8.comma, fields: 1)
    for separator in candidates {
      guard let fields = fieldCount(bytes, start, separator), fields > best.fields else { continue }
      best = (separator, fields)
    }
    return best.separator
  }

  /// How many fields each of the first rows has; nil where they differ or are no rows.
  private static func fieldCount(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ separator: UInt8) -> Int? {
    var scanner = CSVScanner(bytes, from: start, separator: separator)
    var count: Int?
    for _ in 0..<rowsToSee {
      scanner.skipEmptyLines()
      if scanner.isAtEnd { break }
      var fields = 0
      repeat {
        guard (try? scanner.next()) != nil else { return count }
        fields += 1
      } while !scanner.endsRow
      // the last row may be cut off
      if scanner.isAtEnd, count != nil { break }
      guard count ?? fields == fields else { return nil }
      count = fields
    }
    return count
  }
}
