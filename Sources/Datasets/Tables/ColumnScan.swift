import DescentFormats

/// What one walk over a table shows of a column: enough to tell its kind, without statistics.
struct ColumnScan {
  private let name: String
  private var (rows, missing) = (0, 0)
  /// Whether there are any: each different value counts once, and behind the first text nothing is looked at.
  private var (numbers, days, times, texts) = (0, 0, 0, 0)
  /// Numbers in `values` of words that mean nothing among numbers and dates, and how many came uncounted.
  private var (weakPlaces, uncountedWeak): ([Int], Int) = ([], 0)
  /// Whether a value came twice among those that are counted.
  private var repeats = false
  private var range = RunningRange()
  private var bytes = 0
  /// Whether all its numbers are whole.
  private(set) var areWhole = true
  private var haveBlanks = false
  /// Whether a number begins with a zero and another digit, as codes of one length do.
  private var haveLeadingZeros = false
  private var (shortest, longest) = (Int.max, 0)
  private var values = TextCounts(limit: DistinctCount.limit)
  private var dates = InEitherOrder(DateRange())
  /// Whether dates are looked at behind the first text, too.
  private let expectsDates: Bool

  private let isUnnamed: Bool

  /// - Parameters:
  ///   - asked: what a user says that the column is.
  ///   - isUnnamed: whether it stands first and the table has no name for it.
  init(_ name: String, as asked: ColumnSummary.Kind? = nil, isUnnamed: Bool = false) {
    (self.name, expectsDates, self.isUnnamed) = (name, asked == .dateTime, isUnnamed)
  }

  mutating func add(_ field: TableField) {
    rows += 1
    guard !field.isMissing else {
      missing += 1
      return
    }
    bytes += field.content.count
    // beyond the limit only texts may still turn out to be names of rows
    if values.uncounted == 0 || texts > 0 {
      let known = values.count
      // what a value is was seen when it came first
      if let place = values.add(field), place < known {
        repeats = true
        return
      }
    }
    // a column of text needs no closer look
    if texts > 0 && !expectsDates {
      if !haveBlanks { haveBlanks = field.content.contains { $0 == .space || $0 == .tab || $0 == .lineFeed } }
      return
    }
    switch field.number {
    case .finite(let number):
      numbers += 1
      range.add(number)
      areWhole = areWhole && number == number.rounded()
      haveLeadingZeros = haveLeadingZeros || field.isZeroLed
      (shortest, longest) = (min(shortest, field.content.count), max(longest, field.content.count))
    case .notFinite: addWeak()
    case .text:
      if let date = WrittenDate(field.content) {
        if date.isTimeOnly { times += 1 } else { days += 1 }
        dates.add(date) { range, seconds in range.add(seconds, field) }
      } else if field.isMarker {
        addWeak()
      } else {
        texts += 1
        haveBlanks = field.content.contains { $0 == .space || $0 == .tab || $0 == .lineFeed }
      }
    }
  }

  private mutating func addWeak() {
    if values.uncounted == 0 { weakPlaces.append(values.count - 1) } else { uncountedWeak += 1 }
  }

  private var weak: Int { weakPlaces.reduce(uncountedWeak) { $0 + values.count(of: $1) } }

  /// Bytes of a value on the mean.
  var meanLength: Double { Double(bytes) / Double(max(1, rows - missing)) }

  /// What its values can all be read as.
  private enum Reading { case numbers, dates, texts }

  /// Whether whole numbers of one length may be codes, since some begin with a zero; of two digits they are hours, days or
  /// months as well.
  private var mayBeCodes: Bool { haveLeadingZeros && areWhole && shortest == longest && longest > 2 }

  private var reading: Reading {
    if texts > 0 || (days > 0 && times > 0) || (numbers > 0 && days + times > 0) || dates.orders.disagree {
      return .texts
    }
    return days + times > 0 ? .dates : .numbers
  }

  /// The column as it shows, read in this way where the kind is not left to it.
  ///
  /// - Parameter statistics: those of its numbers, where another walk has gathered them.
  func summary(as forced: ColumnSummary.Kind? = nil, statistics: NumberSummary? = nil) -> ColumnSummary {
    var summary = shown(as: forced, statistics: statistics)
    summary.dateOrders = dates.orders
    return summary
  }

  private func shown(as forced: ColumnSummary.Kind?, statistics: NumberSummary?) -> ColumnSummary {
    if reading == .numbers, mayBeCodes, forced == nil || forced == .category || forced == .text {
      var summary = shown(as: forced, statistics: nil, reading: .texts)
      if forced == nil {
        summary.hint = "codes, since some begin with 0; --column '\(name)=number' says otherwise"
        // what repeats too seldom to tell anything is a quantity after all
        if ![.category, .binary, .identifier, .constant].contains(summary.kind) {
          return shown(as: nil, statistics: statistics, reading: .numbers)
        }
      }
      return summary
    }
    return shown(as: forced, statistics: statistics, reading: reading)
  }

  private func shown(
    as forced: ColumnSummary.Kind?, statistics: NumberSummary?, reading: Reading
  ) -> ColumnSummary {
    // words that may mean nothing are values among texts
    let present = rows - missing - (reading == .texts ? 0 : weak)
    switch reading {
    case .numbers:
      let values = counts { content in if case .finite(let number) = CSVNumber(content) { number } else { nil } }
      var facts = ColumnFacts(name: name, rows: rows, present: present, distinct: values.distinct)
      (facts.areWhole, facts.isRun, facts.isUnnamed) = (areWhole, range.isRun && !repeats, isUnnamed)
      return ColumnSummary(
        facts, kind: forced ?? facts.kindOfNumbers,
        range: numbers > 0 ? .numbers(range.minimum...range.maximum) : nil, numbers: statistics,
        commonest: values.commonestNumbers(areWhole: areWhole))
    case .dates:
      let values = counts { WrittenDate($0) == nil ? nil : String(decoding: $0, as: UTF8.self) }
      let facts = ColumnFacts(name: name, rows: rows, present: present, distinct: values.distinct)
      return ColumnSummary(
        facts, kind: forced ?? (values.distinct == .exactly(1) && present == rows ? .constant : .dateTime),
        range: .dates(first: dates.value.earliest?.text ?? "", last: dates.value.latest?.text ?? ""),
        commonest: values.commonest(ColumnSummary.mostCommonest) { $0 })
    case .texts:
      let values = counts { String(decoding: $0, as: UTF8.self) }
      var facts = ColumnFacts(name: name, rows: rows, present: present, distinct: values.distinct)
      facts.files = FileKind(namedByAll: values.entries.lazy.map(\.key))
      (facts.haveBlanks, facts.neverRepeat) = (haveBlanks, values.entries.allSatisfy { $0.count == 1 })
      var summary = ColumnSummary(
        facts, kind: forced ?? facts.kindOfTexts, commonest: values.commonest(ColumnSummary.mostCommonest) { $0 })
      if forced == nil { summary.hint = hint(values.entries) }
      return summary
    }
  }

  /// Values that keep nearly all others from being what they are, in a clause: a word among numbers, a path among pictures.
  private func hint(_ values: [(key: String, count: Int)]) -> String? {
    let kinds: [(words: String, suits: (String) -> Bool)] = [
      ("numbers", { CSVNumber.isNumber($0) }), ("names of pictures", { FileKind(path: $0) == .picture }),
      ("names of recordings", { FileKind(path: $0) == .recording }),
    ]
    for (words, suits) in kinds {
      let others = values.filter { !suits($0.key) }
      let (odd, all) = (others.reduce(0) { $0 + $1.count }, values.reduce(0) { $0 + $1.count })
      guard let first = others.first, Double(odd) <= ColumnFacts.oddShare * Double(all) else { continue }
      return "\(all - odd) of \(all) values are \(words), and \(quoted(first.key)) is none: mend or empty it"
    }
    return nil
  }

  /// How often the values come that the bytes mean, different bytes that mean the same as one: `1` and `1.0`, or the two
  /// spellings that Unicode has for `é`.
  private func counts<Value: Hashable>(
    _ value: (UnsafeBufferPointer<UInt8>) -> Value?
  ) -> ValueCounts<Value> {
    var counts = ValueCounts<Value>(isOverLimit: values.uncounted > 0, minimumCapacity: values.count)
    for place in 0..<values.count {
      if let value = value(values.content(place)) { counts.add(value, count: values.count(of: place)) }
    }
    return counts
  }
}

extension Table {
  /// A scan of each column, from left to right, that has seen no row yet.
  ///
  /// - Parameter asked: what a user says that a column is, by its name.
  func columnScans(as asked: (String) -> ColumnSummary.Kind? = { _ in nil }) -> [ColumnScan] {
    columns.enumerated().map { ColumnScan($1, as: asked($1), isUnnamed: $0 == 0 && isFirstUnnamed) }
  }
}

extension [ColumnScan] {
  /// Takes in a row of the columns' table.
  ///
  /// - Throws: ``DataError`` where there are more rows than can be counted.
  @inline(__always)
  mutating func add(_ row: borrowing TableRow) throws(DataError) {
    guard row.index < Int32.max else {
      throw .invalid(row.piece.place, "more than \(Int32.max) rows, the most that can be used")
    }
    let fields = row.fields
    withUnsafeMutableBufferPointer { scans in
      for column in scans.indices { scans[column].add(fields[column]) }
    }
  }
}

/// The earliest and the latest date, as they are written.
private struct DateRange {
  private(set) var earliest: (seconds: Double, text: String)?
  private(set) var latest: (seconds: Double, text: String)?

  mutating func add(_ seconds: Double, _ field: TableField) {
    if seconds < earliest?.seconds ?? .infinity { earliest = (seconds, field.text ?? "") }
    if seconds > latest?.seconds ?? -.infinity { latest = (seconds, field.text ?? "") }
  }
}
