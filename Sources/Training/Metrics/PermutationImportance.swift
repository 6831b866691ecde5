import DescentDatasets
import DescentTensors

/// How much a network relies on each column: how far its score drops when the column's numbers change places among the
/// rows, so that they fit the other columns and the target no longer.
///
/// importance(c) = s − 1/K · Σₖ sₖ(c), with s the score on the rows as they are and sₖ(c) that with column c in the k-th
/// random order. The score is the accuracy of classes and R² of values. Columns that say the same stand in for each other:
/// each of them seems to matter little.
///
/// Source: L. Breiman, "Random forests", 2001, section 10; A. Fisher, C. Rudin and F. Dominici, "All models are wrong, but
/// many are useful: learning a variable's importance by studying an entire class of prediction models simultaneously",
/// 2019. scikit-learn: `permutation_importance`.
public struct PermutationImportance: Sendable, Hashable {
  /// The importance of one column.
  public struct Column: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// By how much the score drops in each order.
    public let drops: [Double]

    /// The mean of the drops. Below 0 where chance alone is at work.
    public var mean: Double { drops.reduce(0, +) / Double(drops.count) }

    /// The drops' standard deviation, √(1/K · Σ (dₖ − d̄)²).
    public var standardDeviation: Double {
      (drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drops.count)).squareRoot()
    }
  }

  /// The score's name: `accuracy` or `R²`.
  public let scoreName: String
  /// The score on the rows as they are.
  public let score: Double
  /// How many rows were used.
  public let rowCount: Int
  /// The columns, in the order in which they were given.
  public let columns: [Column]

  /// The most rows that are used unless more are asked for.
  public static let mostRows = 2000

  /// The importance of columns for a network's score.
  ///
  /// - Parameters:
  ///   - data: samples of float32.
  ///   - rows: what the score is taken of, best rows that the network has not been trained on; one or more; all of them
  ///     where none are named.
  ///   - groups: the columns, each with the places of its numbers among a sample's, row-major.
  ///   - repeats: K, 1 or more. Every column goes through the same K orders.
  ///   - mostRows: where there are more rows, so many of them are drawn.
  ///   - seed: draws rows and orders. The same network, rows and seed give the same numbers.
  public init(
    _ evaluator: Evaluator, _ data: some SampleSource, rows: [Int32]? = nil,
    groups: [(name: String, features: Range<Int>)], repeats: Int = 5, mostRows: Int = Self.mostRows, seed: UInt64 = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    var rows = rows ?? data.rows
    check(
      !rows.isEmpty && repeats > 0 && mostRows > 0,
      "PermutationImportance: needs a row and a repeat, got \(rows.count) rows, \(mostRows) at most, and \(repeats)",
      file: file, line: line)
    var generator = SplitMix64(seed: seed)
    if rows.count > mostRows {
      generator.shuffle(&rows)
      rows = Array(rows.prefix(mostRows))
    }
    var order = Array(0..<Int32(rows.count))
    let orders = (0..<repeats).map { _ in
      generator.shuffle(&order)
      return order
    }
    let score = { (features: Range<Int>, order: [Int32]) in
      let source = PermutedSamples(base: data, sampleRows: rows, features: features, order: order)
      let evaluation = evaluator.evaluate(source)
      return evaluation.classification?.accuracy ?? evaluation.regression?.r2 ?? .nan
    }
    let whole = score(0..<0, Array(0..<Int32(rows.count)))
    self.score = whole
    scoreName = data.classCount == nil ? "R²" : "accuracy"
    rowCount = rows.count
    columns = groups.map { group in
      Column(name: group.name, drops: orders.map { whole - score(group.features, $0) })
    }
  }
}

/// Some rows of samples, where some features come from another row.
private struct PermutedSamples<Base: SampleSource>: SampleSource {
  let base: Base
  /// The base's rows that are this source's.
  let sampleRows: [Int32]
  let features: Range<Int>
  /// For each sample, that among them whose features it has.
  let order: [Int32]

  var count: Int { sampleRows.count }
  var classCount: Int? { base.classCount }

  func inputs(of rows: ArraySlice<Int32>) -> Tensor {
    let own = base.inputs(of: baseRows(rows))
    guard !features.isEmpty else { return own }
    let others = base.inputs(of: rows.map { sampleRows[Int(order[Int($0)])] }[...]).scalars(Float.self)
    var numbers = own.scalars(Float.self)
    let width = numbers.count / rows.count
    check(
      features.lowerBound >= 0 && features.upperBound <= width,
      "PermutationImportance: features \(features) of samples of \(width) numbers")
    for start in stride(from: 0, to: numbers.count, by: width) {
      let range = start + features.lowerBound..<start + features.upperBound
      numbers.replaceSubrange(range, with: others[range])
    }
    return Tensor(numbers, shape: own.shape)
  }

  func targets(of rows: ArraySlice<Int32>) -> Tensor { base.targets(of: baseRows(rows)) }
  func classes(of rows: ArraySlice<Int32>) -> [Int32] { base.classes(of: baseRows(rows)) }
  func values(of rows: ArraySlice<Int32>) -> [Float] { base.values(of: baseRows(rows)) }
  func values(fromOutputs outputs: [Float]) -> [Float] { base.values(fromOutputs: outputs) }

  private func baseRows(_ rows: ArraySlice<Int32>) -> ArraySlice<Int32> { rows.map { sampleRows[Int($0)] }[...] }
}
