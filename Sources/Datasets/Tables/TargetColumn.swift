import DescentFormats

/// The column to predict, gathered in one walk over a table and then taken as classes or as values.
struct TargetColumn {
  /// Number columns with more different values than this are quantities, unless the task says otherwise.
  static let mostNumericClasses = 20
  /// Classes that a network is made for at most; a column of more texts is hardly one of classes.
  static let mostClasses = 1000

  private let name: String
  private let place: String
  /// The number of each row's text among the different ones; −1 where it is missing, −2 where it is not counted.
  private var codes: [Int32] = []
  private var values: [Float] = []
  private var texts = TextCounts(limit: mostClasses + 1)
  private var (hasText, areWhole) = (false, true)
  /// The error of the first field that is no finite number within float32.
  private var firstNotFinite: DataError?
  private var firstText: DataError?
  private var missing = 0

  init(_ name: String, place: String) { (self.name, self.place) = (name, place) }

  /// What it is: a target for all rows of the table, and why it is taken so.
  struct Reading {
    /// Of rows that miss it, the class −1 or the value NaN.
    let target: Dataset.Target
    /// A clause.
    let reason: String
    /// How many rows miss it.
    let missing: Int
  }

  mutating func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) {
    guard field.isMissing else { return count(field, row, column) }
    codes.append(-1)
    values.append(.nan)
    missing += 1
  }

  /// Takes in a field that is not missing, whatever it says.
  mutating func count(_ field: TableField, _ row: borrowing TableRow, _ column: Int) {
    // with too many to be classes nobody asks how many
    codes.append(texts.uncounted > 0 ? -2 : texts.add(field).map { Int32($0) } ?? -2)
    switch field.number {
    case .finite(let number) where Float(number).isFinite:
      values.append(Float(number))
      areWhole = areWhole && number == number.rounded()
    case .text:
      values.append(.nan)
      if !hasText {
        firstText = row.invalid(
          column, "\(field.shown) is no number, and regression predicts numbers; use classification")
      }
      hasText = true
    case .finite, .notFinite:
      values.append(.nan)
      firstNotFinite = firstNotFinite ?? row.notFinite(column)
    }
  }

  /// - Throws: ``DataError`` where it cannot be what the task needs: text for a quantity, one class, too many classes.
  func reading(as task: Dataset.Task?) throws(DataError) -> Reading {
    let here = "\(place), column \(quoted(name))"
    guard missing < codes.count else { throw .invalid(here, "no row has a value to learn from") }
    if hasText, task == .regression, let firstText { throw firstText }
    if !hasText, let firstNotFinite { throw firstNotFinite }
    let different = hasText ? 0 : Set(values.lazy.filter { !$0.isNaN }.prefix(1_000_000)).count
    let isFew = areWhole && different <= Self.mostNumericClasses
    let asked = "that is the task asked for"
    if task == nil { try checkMeaning(here) }
    switch task ?? (hasText || isFew ? .classification : .regression) {
    case .regression:
      guard hasText || different > 1 || codes.count - missing == 1 else {
        throw .invalid(here, "every row has the same value; there is nothing to learn")
      }
      let reason =
        areWhole
        ? "\(quoted(name)) holds more than \(Self.mostNumericClasses) different whole numbers"
        : "\(quoted(name)) holds numbers with fractions"
      return Reading(target: .values(values), reason: task == nil ? reason : asked, missing: missing)
    case .classification:
      let reason = hasText ? "\(quoted(name)) holds text" : "\(quoted(name)) holds \(different) different whole numbers"
      return Reading(target: try classes(here), reason: task == nil || hasText ? reason : asked, missing: missing)
    }
  }

  /// Texts are classes where nobody says otherwise, unless nearly all of them are numbers, or hardly one comes twice.
  private func checkMeaning(_ here: String) throws(DataError) {
    guard hasText, let firstText, (Self.mostNumericClasses + 1...Self.mostClasses).contains(texts.count) else { return }
    let present = codes.count - missing
    let numbers = values.count { !$0.isNaN }
    if Double(present - numbers) <= ColumnFacts.oddShare * Double(present) {
      throw .invalid(
        firstText.place,
        "\(numbers) of \(present) values are numbers, and this one is none: mend or empty it; where they are classes all the "
          + "same, use --task classification")
    }
    if 2 * texts.count > present {
      throw .invalid(
        here,
        "\(texts.count) different texts in \(present) rows are hardly classes; choose another target, put classes together, "
          + "or use --task classification")
    }
  }

  /// Numbers the classes: in numeric order where all are numbers, else in the order of their Unicode scalars. A class
  /// keeps the text that the table has for it, of numbers the first one: `1` of `1`, `1.0` and `01`.
  private func classes(_ here: String) throws(DataError) -> Dataset.Target {
    guard texts.uncounted == 0, texts.count <= Self.mostClasses else {
      throw .invalid(
        here,
        "more than \(Self.mostClasses) different classes; choose another target, put classes together, or, where these "
          + "are numbers to be estimated, use --task regression")
    }
    var found: [(name: String, number: Double)] = []
    var label: [Int32] = []
    var byText: [String: Int32] = [:]
    var byNumber: [Double: Int32] = [:]
    for place in 0..<texts.count {
      let content = texts.content(place)
      guard let text = String(validating: content, as: UTF8.self) else {
        throw .invalid(
          here,
          "the class \(quoted(texts.text(place))) is not valid UTF-8; save the table as UTF-8, or name its encoding")
      }
      var number = 0.0
      if !hasText, case .finite(let value) = CSVNumber(content) { number = value }
      let known = hasText ? byText[text] : byNumber[number]
      label.append(known ?? Int32(found.count))
      guard known == nil else { continue }
      byText[text] = Int32(found.count)
      byNumber[number] = Int32(found.count)
      found.append((text, number))
    }
    guard found.count > 1 else {
      throw .invalid(
        here,
        "every row has the class \(quoted(found[0].name)); there is nothing to tell apart with fewer than two classes")
    }
    let order = found.indices.sorted {
      hasText
        ? found[$0].name.unicodeScalars.lexicographicallyPrecedes(found[$1].name.unicodeScalars)
        : found[$0].number < found[$1].number
    }
    var rank = Array(repeating: Int32(0), count: found.count)
    for (position, place) in order.enumerated() { rank[place] = Int32(position) }
    return .classes(
      labels: codes.map { $0 < 0 ? -1 : rank[Int(label[Int($0)])] }, names: order.map { found[$0].name })
  }
}
