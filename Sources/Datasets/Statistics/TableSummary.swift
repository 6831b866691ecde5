import DescentFormats

/// What a table holds: each column's type and statistics, and which columns of numbers go together.
public struct TableSummary: Sendable {
  /// What the data are called: a path or a built-in name.
  public let name: String
  /// How many rows there are.
  public let rowCount: Int
  /// The columns, from left to right.
  public let columns: [ColumnSummary]
  /// The pairs of number columns whose correlation is defined, the strongest first: `x` stands left of `y` in the table.
  /// Rows where one of both is missing do not count.
  public let correlations: [CorrelatedPair]
  /// Whether there are more columns of numbers than the first ``mostCorrelated``, and those were left out of
  /// ``correlations``.
  public let hasUncorrelatedColumns: Bool

  /// What is to be said of a header that looks like a row; nil where it does not.
  public internal(set) var headerNote: String?

  /// The most columns of numbers of which all pairs are correlated.
  public static let mostCorrelated = 64

  /// Two columns and their correlation.
  public struct CorrelatedPair: Sendable, Hashable {
    /// The left column's name.
    public let x: String
    /// The right column's name.
    public let y: String
    /// Pearson's r, from −1 to 1.
    public let coefficient: Double
  }

  /// Summarises the data that a user names: built-in or generated data, a folder, or a table of any columns.
  ///
  /// - Parameters:
  ///   - spec: the name or path, as of ``DataSource/load(_:encoding:hasHeader:sound:task:)``.
  ///   - encoding: how a table's text is written; nil for UTF-8, or what a byte order mark says.
  ///   - hasHeader: whether a table's first line names the columns.
  ///   - weights: the column that weighs the rows, for weighted means and medians.
  /// - Throws: ``DataError`` where the data is missing or wrong, ``DatasetNameError`` where it is asked for wrongly.
  public static func load(
    _ spec: String, encoding: TextEncoding? = nil, hasHeader: Bool = true, weights: String? = nil
  ) throws -> TableSummary {
    switch try DataSource.load(spec, encoding: encoding, hasHeader: hasHeader) {
    case .samples(let dataset): try TableSummary(dataset, weights: weights)
    case .folder(let folder): try TableSummary(folder.dataset, weights: weights)
    case .table(let table), .texts(let table): try TableSummary(table, weights: weights)
    }
  }

  init(name: String, rowCount: Int, columns: [ColumnSummary], correlations: CorrelationTable) {
    self.name = name
    self.rowCount = rowCount
    self.columns = columns
    self.correlations = correlations.pairs(names: columns.map(\.name))
    hasUncorrelatedColumns = correlations.hasMore
  }
}

/// The correlations of all pairs of some columns.
struct CorrelationTable {
  /// The columns that take part, ascending.
  let columns: [Int]
  /// Whether columns were left out because they are too many.
  let hasMore: Bool
  /// Of column i with each column before it, row by row of a triangle.
  private var triangle: [Correlation]
  /// The row's numbers, nil where they are missing.
  private var row: [Double?]

  init(_ summaries: [ColumnSummary]) {
    let fitting = summaries.indices.filter {
      summaries[$0].holdsNumbers && [.number, .binary].contains(summaries[$0].kind)
    }
    columns = Array(fitting.prefix(TableSummary.mostCorrelated))
    hasMore = fitting.count > columns.count
    triangle = Array(repeating: Correlation(), count: columns.count * (columns.count - 1) / 2)
    row = Array(repeating: nil, count: columns.count)
  }

  mutating func set(_ place: Int, _ value: Double?) { row[place] = value }

  /// Takes in the row that was set.
  mutating func addRow() {
    var next = 0
    for y in row.indices {
      guard let second = row[y] else {
        next += y
        continue
      }
      for x in 0..<y {
        if let first = row[x] { triangle[next].add(first, second) }
        next += 1
      }
    }
  }

  func pairs(names: [String]) -> [TableSummary.CorrelatedPair] {
    var pairs: [TableSummary.CorrelatedPair] = []
    var next = 0
    for y in columns.indices {
      for x in 0..<y {
        if let coefficient = triangle[next].coefficient {
          pairs.append(.init(x: names[columns[x]], y: names[columns[y]], coefficient: coefficient))
        }
        next += 1
      }
    }
    return pairs.indices.sorted { (-abs(pairs[$0].coefficient), $0) < (-abs(pairs[$1].coefficient), $1) }.map {
      pairs[$0]
    }
  }
}
