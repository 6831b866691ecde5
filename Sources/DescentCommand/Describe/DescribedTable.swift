import Descent

/// What `descent describe` prints: tables one below the other, of which each has a line for a column.
struct DescribedTable {
  private let summary: TableSummary
  private let percentiles: [Double]
  private let isWeighted: Bool

  init(_ summary: TableSummary, percentiles: [Double], isWeighted: Bool) {
    (self.summary, self.percentiles, self.isWeighted) = (summary, percentiles, isWeighted)
  }

  var text: String {
    let head =
      "\(summary.name): \(counted(summary.rowCount, "row")), \(counted(summary.columns.count, "column"))"
      + (summary.headerNote.map { "; \($0)" } ?? "")
    let parts = [[head], types, moments, quantiles, histograms, values, correlations].filter { !$0.isEmpty }
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var types: [String] {
    let rows = summary.columns.map { column in
      [
        lineOfText(column.name), column.kind.rawValue, grouped(Double(column.missing)), shown(column.distinct),
        column.range.map(shown) ?? "",
      ]
    }
    return alignedTable(["column", "type", "missing", "distinct", "range"], rows, numbers: [2, 3])
  }

  /// The columns of numbers that have a size.
  private var numbers: [(name: String, numbers: NumberSummary)] {
    summary.columns.compactMap { column in
      guard column.kind == .number, let numbers = column.numbers else { return nil }
      return (lineOfText(column.name), numbers)
    }
  }

  private var moments: [String] {
    let weighted = isWeighted ? ["weighted mean", "weighted median"] : []
    let header = ["numbers", "mean"] + weighted + ["std dev.", "variance", "skew", "mean dev.", "median dev."]
    let rows = numbers.map { name, numbers in
      let (moments, deviations) = (numbers.moments, numbers.deviations)
      let weighted = isWeighted ? [numbers.weightedMean, numbers.weightedMedian] : []
      let figures =
        [moments.mean] + weighted + [
          moments.standardDeviation, moments.variance, moments.skewness, deviations.meanAbsoluteFromMean,
          deviations.meanAbsoluteFromMedian,
        ]
      return [name] + figures.map(significant)
    }
    return rows.isEmpty ? [] : alignedTable(header, rows, numbers: Set(1..<header.count))
  }

  private var quantiles: [String] {
    let header =
      ["percentiles", "min"] + percentiles.map { "\(significant($0))%" }
      + ["max", "range", "IQR", "outliers IQR", "outliers 3σ"]
    let rows = numbers.map { name, numbers in
      let figures: [Double?] =
        [numbers.moments.minimum] + percentiles.map { numbers.quantiles.quantile($0 / 100) }
        + [numbers.moments.maximum, numbers.range, numbers.interquartileRange]
      let outliers = [numbers.deviations.outliersByQuartiles, numbers.deviations.outliersBySigma]
      return [name] + figures.map(significant) + outliers.map { grouped(Double($0)) }
    }
    return rows.isEmpty ? [] : alignedTable(header, rows, numbers: Set(1..<header.count))
  }

  private var histograms: [String] {
    let rows = numbers.map { name, numbers in
      let ends = shown(.numbers(numbers.moments.minimum...numbers.moments.maximum))
      return [name, bars(numbers.deviations.histogram), ends]
    }
    return rows.isEmpty ? [] : alignedTable(["histogram", "", ""], rows, numbers: [])
  }

  /// Blocks as high as the counts; nothing where there is none, the lowest block for the rarest.
  private func bars(_ counts: [Int]) -> String {
    let most = max(counts.max() ?? 0, 1)
    let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return String(counts.map { $0 == 0 ? " " : blocks[min(Int(8 * Double($0) / Double(most)), 7)] })
  }

  private var values: [String] {
    let rows: [[String]] = summary.columns.compactMap { column in
      let isRepeated = column.kind == .text && column.commonest.first?.count ?? 0 > 1
      guard [.binary, .category].contains(column.kind) || isRepeated else { return nil }
      let shown = column.commonest.prefix(6)
      var parts = shown.map { "\(lineOfText($0.value, limit: 24)) \(grouped(Double($0.count)))" }
      let others = column.count - column.missing - shown.reduce(0) { $0 + $1.count }
      if others > 0 { parts.append("others \(grouped(Double(others)))") }
      return [lineOfText(column.name), parts.joined(separator: ", ")]
    }
    return rows.isEmpty ? [] : alignedTable(["most common", ""], rows, numbers: [])
  }

  private var correlations: [String] {
    let shown = summary.correlations.prefix(10)
    guard !shown.isEmpty else { return [] }
    let rows = shown.map { pair in
      [lineOfText(pair.x), lineOfText(pair.y), significant((pair.coefficient * 1000).rounded() / 1000)]
    }
    var lines = alignedTable(["strongest correlations", "", "r"], rows, numbers: [2])
    if summary.hasUncorrelatedColumns {
      lines.append("(of the first \(TableSummary.mostCorrelated) columns of numbers)")
    }
    return lines
  }
}

/// How many values differ, as a cell of a table.
func shown(_ distinct: DistinctCount) -> String {
  switch distinct {
  case .exactly(let count): grouped(Double(count))
  case .moreThan(let limit): "> \(grouped(Double(limit)))"
  }
}

/// From where to where values go, as a cell of a table.
func shown(_ range: ColumnSummary.Range) -> String {
  switch range {
  // years have no comma
  case .numbers(let range)
  where range.lowerBound >= 1000 && range.upperBound < 3000
    && [range.lowerBound, range.upperBound].allSatisfy { $0 == $0.rounded() }:
    "\(Int(range.lowerBound)) … \(Int(range.upperBound))"
  case .numbers(let range): "\(significant(range.lowerBound)) … \(significant(range.upperBound))"
  case .dates(let first, let last): "\(lineOfText(first)) … \(lineOfText(last))"
  }
}
