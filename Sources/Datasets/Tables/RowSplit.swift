import DescentFormats
import DescentTensors

/// How a table's rows are divided into those to learn from, those that watch the training, and those to judge by.
public struct RowSplit: Sendable, Equatable {
  /// What decides where a row goes.
  public enum Method: Sendable, Equatable {
    /// A draw.
    case random
    /// A draw within each class, so that every part has all classes in the same shares.
    case stratified
    /// A column of dates or numbers: the latest rows test, those before them watch.
    case time(column: String)
    /// A column whose equal values stay together: rows of one person, one place, one recording.
    case group(column: String)
    /// A column that says it: `train`, `validation` or `test`.
    case column(String)

    /// The column that is looked at.
    public var column: String? {
      switch self {
      case .random, .stratified: nil
      case .time(let column), .group(let column), .column(let column): column
      }
    }
  }

  /// What decides; nil for stratified where there are classes, random otherwise.
  public var method: Method?
  /// The share of the rows that test, from [0, 1).
  public var testShare: Double
  /// The share of the other rows that watch the training, from [0, 1).
  public var validationShare: Double
  /// Draws the order.
  public var seed: UInt64

  /// A split of these shares.
  public init(method: Method? = nil, testShare: Double = 0.2, validationShare: Double = 0.2, seed: UInt64 = 0) {
    (self.method, self.testShare, self.validationShare, self.seed) = (method, testShare, validationShare, seed)
  }

  /// Reads `random`, `stratified`, `time:COLUMN`, `group:COLUMN` or `column:COLUMN`.
  public static func method(named words: String) throws(DatasetNameError) -> Method {
    let parts = words.split(separator: ":" as Character, maxSplits: 1).map { String($0) }
    switch (parts.first, parts.count) {
    case ("random", 1): return .random
    case ("stratified", 1): return .stratified
    case ("time", 2): return .time(column: parts[1])
    case ("group", 2): return .group(column: parts[1])
    case ("column", 2): return .column(parts[1])
    default:
      throw DatasetNameError(
        "--split \(words) is not known; it is random, stratified, time:COLUMN, group:COLUMN or column:COLUMN")
    }
  }

  /// The rows of three parts, ascending.
  public struct Parts: Sendable, Equatable {
    /// To learn from.
    public var training: [Int32]
    /// To watch the training.
    public var validation: [Int32]
    /// To judge by.
    public var test: [Int32]
  }

  /// Divides rows by a draw, within each group of `strata` where there are any.
  ///
  /// - Parameters:
  ///   - rows: the rows to divide.
  ///   - strata: for each row of the table a class; empty for one class.
  func parts(of rows: [Int32], strata: [Int32] = []) -> Parts {
    var parts = Parts(training: [], validation: [], test: [])
    for group in grouped(rows, strata) {
      let (rest, test) = cut(group, testShare)
      let (training, validation) = cut(rest, validationShare)
      parts.training += training
      parts.validation += validation
      parts.test += test
    }
    return parts.sorted
  }

  /// Divides rows so that those of equal `keys` stay together.
  func parts(of rows: [Int32], keeping keys: [Int32]) -> Parts {
    var parts = Parts(training: [], validation: [], test: [])
    let test = testShare * Double(rows.count)
    let validation = validationShare * (Double(rows.count) - test)
    for group in groups(of: rows, keys) {
      // the part that lacks most takes the group, as far as that brings it nearer to its share
      if Double(parts.test.count) + Double(group.count) / 2 <= test {
        parts.test += group
      } else if Double(parts.validation.count) + Double(group.count) / 2 <= validation {
        parts.validation += group
      } else {
        parts.training += group
      }
    }
    return parts.sorted
  }

  /// Divides rows by a moment: the earliest to learn from, the latest to judge by. Rows of one moment stay together.
  func parts(of rows: [Int32], after moments: [Double]) -> Parts {
    let order = InOrder(rows, moments)
    let count = order.rows.count
    let learning = order.end(count - Int((testShare * Double(count)).rounded()), of: count)
    return order.parts(learning: learning, testing: count, validationShare: validationShare)
  }

  /// Parts for so many folds by a moment: the rows in their order are cut into one block more than there are folds, and each
  /// block but the first tests what has learnt from those before it, of which the latest rows watch. Rows of one moment stay
  /// together, so that a block may be empty.
  func folded(_ count: Int, of rows: [Int32], after moments: [Double]) -> [Parts] {
    let order = InOrder(rows, moments)
    let ends = (1...count + 1).map { order.end((rows.count * $0 + (count + 1) / 2) / (count + 1), of: rows.count) }
    return zip(ends, ends.dropFirst()).map { learning, testing in
      order.parts(learning: learning, testing: testing, validationShare: validationShare)
    }
  }

  /// Rows by a moment, the earliest first.
  private struct InOrder {
    let rows: [Int32]
    private let moments: [Double]

    init(_ rows: [Int32], _ moments: [Double]) {
      self.rows = rows.sorted { (moments[Int($0)], $0) < (moments[Int($1)], $1) }
      self.moments = moments
    }

    /// The boundary between two moments that is nearest to `count` among the first `most` rows; 0 or `most` only where there
    /// is none.
    func end(_ count: Int, of most: Int) -> Int {
      guard count > 0, count < most else { return min(max(0, count), most) }
      let before = (1...count).last { isEnd($0) } ?? 0
      let after = (count..<most).first { isEnd($0) } ?? most
      if before == 0 || after == most { return before == 0 ? after : before }
      return count - before < after - count ? before : after
    }

    private func isEnd(_ place: Int) -> Bool { moments[Int(rows[place])] != moments[Int(rows[place - 1])] }

    /// The latest of those to learn from watch, and those behind them test.
    func parts(learning: Int, testing: Int, validationShare: Double) -> Parts {
      let training = end(learning - Int((validationShare * Double(learning)).rounded()), of: learning)
      return Parts(
        training: Array(rows[..<training]), validation: Array(rows[training..<learning]),
        test: Array(rows[learning..<testing])
      ).sorted
    }
  }

  /// Parts for so many folds, each of which tests once, while a share of the others watches the training.
  func folded(_ count: Int, of rows: [Int32], strata: [Int32] = [], keeping keys: [Int32]? = nil) -> [Parts] {
    let folds = keys.map { self.folds(count, of: rows, keeping: $0) } ?? self.folds(count, of: rows, strata: strata)
    return folds.map { test in
      let testing = Set(test)
      var split = self
      split.testShare = 0
      let others = rows.filter { !testing.contains($0) }
      var parts = keys.map { split.parts(of: others, keeping: $0) } ?? split.parts(of: others, strata: strata)
      parts.test = test
      return parts
    }
  }

  /// The rows of `count` folds, each of which tests once: drawn within each group of `strata`.
  func folds(_ count: Int, of rows: [Int32], strata: [Int32] = []) -> [[Int32]] {
    var folds = Array(repeating: [Int32](), count: count)
    var next = 0
    for group in grouped(rows, strata) {
      for row in group {
        folds[next % count].append(row)
        next += 1
      }
    }
    return folds.map { $0.sorted() }
  }

  /// The rows of `count` folds, those of equal `keys` in one fold: each group goes to the smallest.
  func folds(_ count: Int, of rows: [Int32], keeping keys: [Int32]) -> [[Int32]] {
    var folds = Array(repeating: [Int32](), count: count)
    for group in groups(of: rows, keys) {
      let smallest = folds.indices.min { (folds[$0].count, $0) < (folds[$1].count, $1) } ?? 0
      folds[smallest] += group
    }
    return folds.map { $0.sorted() }
  }

  /// The rows of each key, the keys in a drawn order.
  private func groups(of rows: [Int32], _ keys: [Int32]) -> [[Int32]] {
    var members: [Int32: [Int32]] = [:]
    var order: [Int32] = []
    for row in rows {
      if members[keys[Int(row)]] == nil { order.append(keys[Int(row)]) }
      members[keys[Int(row)], default: []].append(row)
    }
    var generator = SplitMix64(seed: seed)
    generator.shuffle(&order)
    return order.map { members[$0] ?? [] }
  }

  /// The rows, shuffled, one list for each class.
  private func grouped(_ rows: [Int32], _ strata: [Int32]) -> [[Int32]] {
    var generator = SplitMix64(seed: seed)
    var shuffled = rows
    generator.shuffle(&shuffled)
    guard !strata.isEmpty else { return [shuffled] }
    let classes = (rows.map { strata[Int($0)] }.max() ?? 0) + 1
    var groups = Array(repeating: [Int32](), count: Int(classes))
    for row in shuffled { groups[Int(max(0, strata[Int(row)]))].append(row) }
    return groups
  }

  /// The share behind, rounded; never all.
  private func cut(_ rows: [Int32], _ share: Double) -> ([Int32], [Int32]) {
    let held = min(Int((share * Double(rows.count)).rounded()), max(rows.count - 1, 0))
    return (Array(rows[held...]), Array(rows[..<held]))
  }
}

extension RowSplit.Parts {
  fileprivate var sorted: RowSplit.Parts {
    RowSplit.Parts(training: training.sorted(), validation: validation.sorted(), test: test.sorted())
  }
}
