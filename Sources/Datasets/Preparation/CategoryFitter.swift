import DescentFormats

/// Gathers the categories of the training part.
final class CategoryFitter: ColumnFitter {
  private let options: ColumnOptions
  private var texts: TextCounts
  private var missing = 0

  /// Values that become inputs of their own; more of them are codes for an embedding.
  static let mostOneHot = 30
  /// Values that are kept; of more the column is hashed.
  static let mostValues = 20_000
  /// Buckets of a hash where nothing is said.
  static let standardBuckets = 1024

  init(_ options: ColumnOptions) {
    self.options = options
    texts = TextCounts(limit: Self.mostValues)
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) {
    if field.isMissing { missing += 1 } else { texts.add(field) }
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    var counts = ValueCounts<String>()
    for place in 0..<texts.count { counts.add(texts.text(place), count: texts.count(of: place)) }
    var fill: String?
    switch options.fill {
    case .mode: fill = counts.commonest(1) { $0 }.first?.value
    case .constant(let value): fill = value
    default: break
    }
    // what is missing counts as what stands in for it
    if let fill, missing > 0 { counts.add(fill, count: missing) }
    let form =
      options.form
      ?? (texts.uncounted > 0 ? .hashing : counts.entries.count <= Self.mostOneHot ? .oneHot : .embedding)
    // a code for what is missing there is in any case
    let isFlagged = options.flagsMissing ?? (missing > 0 && (form == .oneHot || form == .ordinal))
    let preparation = CategoryPreparation(
      form: form, values: values(counts.entries, form),
      buckets: form == .hashing ? options.buckets ?? Self.standardBuckets : 0, flagsMissing: isFlagged, fill: fill)
    var reason: String?
    if options.order != nil, form == .ordinal {
      let others = counts.entries.lazy.filter { preparation.code(of: $0.key) == nil }.reduce(0) { $0 + $1.count }
      if others > 0 { reason = "\(others) \(others == 1 ? "row has" : "rows have") a value outside the order: unknown" }
    }
    return (.category(preparation), reason)
  }

  private func values(_ counts: [(key: String, count: Int)], _ form: CategoryPreparation.Form) -> [String] {
    if form == .hashing { return [] }
    if form == .ordinal, let order = options.order { return order }
    // a value that the training part shows once teaches nothing but noise: as a code it stands for the unknown
    let least = form == .embedding ? 2 : 1
    var values = counts.filter { $0.count >= least }.map(\.key)
    if values.isEmpty { values = counts.map(\.key) }
    return Self.ordered(values, byNumbersWithin: form == .ordinal)
  }

  /// Ascending as numbers where all are, each once; else by Unicode scalars, where it is asked for with the numbers within
  /// them as numbers.
  private static func ordered(_ values: [String], byNumbersWithin: Bool) -> [String] {
    let numbers = values.compactMap { Double($0) }
    guard numbers.count == values.count else {
      return byNumbersWithin
        ? values.sorted { NaturalOrder($0) < NaturalOrder($1) }
        : values.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }
    let order = values.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    var last = Double.nan
    return order.compactMap { place in
      defer { last = numbers[place] }
      return numbers[place] == last ? nil : values[place]
    }
  }
}

/// A text whose runs of digits are compared as whole numbers, so that `9 rooms` comes before `10 rooms`, and all else by
/// Unicode scalars.
struct NaturalOrder: Comparable {
  private let text: String

  init(_ text: String) { self.text = text }

  static func < (left: Self, right: Self) -> Bool {
    var (one, two) = (left.text.unicodeScalars[...], right.text.unicodeScalars[...])
    while let first = one.first, let second = two.first {
      if first.isDigit, second.isDigit {
        let (small, large) = (one.takeNumber(), two.takeNumber())
        if small.count != large.count { return small.count < large.count }
        if !small.elementsEqual(large) { return small.lexicographicallyPrecedes(large) }
      } else {
        if first != second { return first < second }
        one.removeFirst()
        two.removeFirst()
      }
    }
    // what is equal but for zeros before a number
    guard one.isEmpty, two.isEmpty else { return one.isEmpty }
    return left.text.unicodeScalars.lexicographicallyPrecedes(right.text.unicodeScalars)
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension Substring.UnicodeScalarView {
  /// Takes away a run of digits; what is returned has no zeros before it.
  fileprivate mutating func takeNumber() -> Self {
    let digits = prefix(while: \.isDigit)
    self = self[digits.endIndex...]
    return digits.drop { $0 == "0" }
  }
}
