import DescentFormats

/// What the fields of a column are, counted in the first pass over a table.
struct FieldKinds {
  private(set) var finite = 0
  private(set) var texts = 0
  private(set) var days = 0
  private(set) var times = 0
  /// NaN, infinity, and words that say that nothing is there.
  private(set) var markers = 0

  /// How a column is read.
  enum Reading {
    case numbers
    case dates
    case texts
  }

  /// Numbers or dates where nothing else is there but markers, else text.
  var reading: Reading {
    if finite > 0 { return texts + days + times == 0 ? .numbers : .texts }
    if texts > 0 { return .texts }
    if days > 0 || times > 0 { return days == 0 || times == 0 ? .dates : .texts }
    // nothing but markers: a column of numbers that has none
    return markers > 0 ? .numbers : .texts
  }

  mutating func add(_ field: CSVScanner.Field, _ reader: CSVReader) {
    guard !field.isEmpty else { return }
    // a column of text needs no closer look, but for the first field of another kind
    guard texts == 0 else { return }
    switch reader.number(of: field) {
    case .finite: finite += 1
    case .notFinite: markers += 1
    case .text:
      let content = reader.content(of: field)
      if Self.isMarker(content) {
        markers += 1
      } else if let date = ISODate(content) {
        if date.isTimeOnly { times += 1 } else { days += 1 }
      } else {
        texts += 1
      }
    }
  }

  /// Words that tables have in place of a number.
  private static let markerWords: Set<String> = ["na", "n/a", "#n/a", "null", "none", "?", "-", "--", "missing"]

  static func isMarker(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    guard content.count <= 7 else { return false }
    return markerWords.contains(String(decoding: content, as: UTF8.self).lowercased())
  }
}

/// A column on its second pass over a table, and what is kept of it for the third.
struct ColumnPass {
  let reading: FieldKinds.Reading
  private var numbers = NumberBuilder()
  private var values = ValueCounts<Double>()
  private var areWhole = true
  private var present = 0
  private var texts = ValueCounts<FieldKey>()
  private var haveBlanks = false
  private var earliest: (seconds: Double, field: CSVScanner.Field)?
  private var latest: (seconds: Double, field: CSVScanner.Field)?
  /// Only after ``beginThird()``.
  private(set) var deviations: Deviations?

  init(_ reading: FieldKinds.Reading) { self.reading = reading }

  mutating func add(_ field: CSVScanner.Field, weight: Double?, _ reader: CSVReader) {
    guard !field.isEmpty else { return }
    switch reading {
    case .numbers:
      guard case .finite(let number) = reader.number(of: field) else { return }
      present += 1
      numbers.add(number, weight: weight)
      values.add(number)
      areWhole = areWhole && number == number.rounded()
    case .dates:
      let content = reader.content(of: field)
      guard let date = ISODate(content) else { return }
      present += 1
      texts.add(FieldKey(bytes: content))
      if date.seconds < earliest?.seconds ?? .infinity { earliest = (date.seconds, field) }
      if date.seconds > latest?.seconds ?? -.infinity { latest = (date.seconds, field) }
    case .texts:
      let content = reader.content(of: field)
      present += 1
      texts.add(FieldKey(bytes: content))
      haveBlanks = haveBlanks || content.contains { $0 == .space || $0 == .tab || $0 == .lineFeed }
    }
  }

  mutating func beginThird() {
    guard reading == .numbers, present > 0 else { return }
    var deviations = numbers.deviations()
    if areWhole { deviations.takeWholeNumbers() }
    self.deviations = deviations
  }

  mutating func judge(_ number: Double) { deviations?.add(number) }

  /// The column's summary. Before the third pass is through, that of its numbers lacks what only that one counts.
  func summary(_ name: String, rows: Int, _ reader: CSVReader) -> ColumnSummary {
    switch reading {
    case .numbers:
      let summary = NumberSummary(numbers, deviations ?? Deviations(numbers.moments, numbers.quantiles))
      return ColumnSummary(name, count: rows, numbers: summary, values: values, areWhole: areWhole)
    case .dates:
      return ColumnSummary(
        name, count: rows, present: present, texts: shownTexts(reader), first: text(earliest?.field, reader),
        last: text(latest?.field, reader))
    case .texts:
      return ColumnSummary(name, count: rows, present: present, texts: shownTexts(reader), haveBlanks: haveBlanks)
    }
  }

  /// The texts that the bytes mean: quotes undone, and spellings that Unicode holds equal as one.
  private func shownTexts(_ reader: CSVReader) -> ValueCounts<String> {
    var shown = ValueCounts<String>(isOverLimit: texts.isOverLimit)
    for entry in texts.entries {
      let content = entry.key.bytes
      let hasDoubledQuotes = content.contains(.quote)
      let text = String(decoding: content, as: UTF8.self)
      shown.add(hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text, count: entry.count)
    }
    return shown
  }

  private func text(_ field: CSVScanner.Field?, _ reader: CSVReader) -> String {
    field.map { String(decoding: reader.content(of: $0), as: UTF8.self) } ?? ""
  }
}
