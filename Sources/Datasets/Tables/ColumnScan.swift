import DescentFormats

/// What one walk over a table shows of a column: enough to tell its kind, without statistics.
struct ColumnScan {
  /// Different texts and numbers that are told apart.
  private static let limit = 20_000

  private let name: String
  private var (rows, missing, numbers, days, times, texts, weak) = (0, 0, 0, 0, 0, 0, 0)
  private var moments = RunningRange()
  private var bytes = 0
  private var areWhole = true
  private var haveBlanks = false
  private var values = TextCounts(limit: Self.limit)
  private var earliest: (seconds: Double, text: String)?
  private var latest: (seconds: Double, text: String)?

  init(_ name: String) { self.name = name }

  mutating func add(_ field: TableField) {
    rows += 1
    guard !field.isMissing else {
      missing += 1
      return
    }
    bytes += field.content.count
    values.add(field.content)
    // a column of text needs no closer look
    if texts > 0 {
      if !haveBlanks { haveBlanks = field.content.contains { $0 == .space || $0 == .tab || $0 == .lineFeed } }
      return
    }
    switch field.number {
    case .finite(let number):
      numbers += 1
      moments.add(number)
      areWhole = areWhole && number == number.rounded()
    case .notFinite: weak += 1
    case .text:
      if let date = ISODate(field.content) {
        if date.isTimeOnly { times += 1 } else { days += 1 }
        if date.seconds < earliest?.seconds ?? .infinity { earliest = (date.seconds, field.text ?? "") }
        if date.seconds > latest?.seconds ?? -.infinity { latest = (date.seconds, field.text ?? "") }
      } else if FieldKinds.isMarker(field.content) {
        weak += 1
      } else {
        texts += 1
        haveBlanks = field.content.contains { $0 == .space || $0 == .tab || $0 == .lineFeed }
      }
    }
  }

  /// Bytes of a value on the mean.
  var meanLength: Double { Double(bytes) / Double(max(1, rows - missing)) }

  /// The column as it shows, read in this way where the kind is not left to it.
  func summary(as forced: ColumnSummary.Kind? = nil) -> ColumnSummary {
    let isText = texts > 0 || (days > 0 && times > 0) || (numbers > 0 && days + times > 0)
    // words that may mean nothing are values among texts
    let present = rows - missing - (isText ? 0 : weak)
    let distinct: DistinctCount =
      values.uncounted > 0 ? .moreThan(Self.limit) : .exactly(isText ? values.count : distinctValues)
    var facts = ColumnFacts(name: name, rows: rows, present: present, distinct: distinct)
    facts.haveBlanks = haveBlanks
    if isText { facts.files = FileKind(namedByAll: (0..<values.count).lazy.map(values.text)) }
    (facts.areWhole, facts.isRun) = (areWhole, moments.isRun)
    var (kind, range) = (facts.kindOfTexts, ColumnSummary.Range?.none)
    if !isText {
      if numbers > 0 {
        kind = facts.kindOfNumbers
        range = .numbers(moments.minimum...moments.maximum)
      } else if let earliest, let latest {
        kind = distinct == .exactly(1) ? .constant : .dateTime
        range = .dates(first: earliest.text, last: latest.text)
      } else {
        kind = .empty
      }
    } else if case .moreThan = distinct, kind == .text, !haveBlanks, missing == 0,
      values.counts.allSatisfy({ $0 == 1 })
    {
      // no value came twice among as many as are told apart
      kind = .identifier
    }
    return ColumnSummary(
      name: name, kind: forced ?? kind, count: rows, missing: rows - present, distinct: distinct, range: range,
      numbers: nil, commonest: commonest)
  }

  /// Different values of a column that is no text: numbers by their value, `1` and `1.0` being one.
  private var distinctValues: Int {
    var (different, others) = (Set<Double>(), 0)
    for place in 0..<values.count {
      let content = values.content(place)
      if case .finite(let number) = CSVNumber(content) {
        different.insert(number)
      } else if ISODate(content) != nil {
        others += 1
      }
    }
    return different.count + others
  }

  private var commonest: [ColumnSummary.ValueCount] {
    guard values.uncounted == 0 else { return [] }
    let order = values.counts.indices.sorted { (-values.counts[$0], $0) < (-values.counts[$1], $1) }
    return order.prefix(ColumnSummary.mostCommonest).map { .init(value: values.text($0), count: values.counts[$0]) }
  }
}

/// Smallest, largest and mean of numbers, for a walk that has no time for more.
struct RunningRange {
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  private var sum = 0.0
  private var count = 0.0

  mutating func add(_ value: Double) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    sum += value
    count += 1
  }

  /// Whether whole numbers that all differ are one after the other: as many as fit into the range, with their mean in its
  /// middle.
  var isRun: Bool { maximum - minimum == count - 1 && abs(sum / count - (minimum / 2 + maximum / 2)) < 0.01 }
}
