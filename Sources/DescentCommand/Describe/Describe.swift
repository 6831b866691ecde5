import ArgumentParser
import Descent

/// `descent describe`.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what data hold: types of columns, statistics, correlations.",
    discussion: """
      DATA is a table of any columns, without a target, or anything else that 'train' takes; the pixels of pictures are \
      one column.

      First comes each column's type: number, binary (two values, or one among gaps), category, text, date/time (2026-11-21, 14:05), \
      picture or sound (names of files), identifier, constant or empty; how many values are missing and how many differ. \
      In a column of numbers NaN, infinity, NA, N/A, null, none, missing, '?' and '-' are missing; in text what is \
      empty, NA, N/A, null, NaN and '?'.

      Variance and standard deviation are a sample's (n − 1). 'mean dev.' and 'median dev.' are mean absolute deviations \
      from the mean and the median. Outliers lie 1.5 interquartile ranges beyond the quartiles, or 3 standard \
      deviations from the mean. Correlations are Pearson's r.

      Percentiles of more than 5,000 different values are estimates (t-digest) whose rank is off by at most 0.1 % of the \
      rows, as are the quartiles and the median that outliers and deviations are reckoned from; all else is exact.
      """)

  @Argument(
    help: "What 'train' takes: a built-in name, a table, or a folder of pictures, recordings or texts.")
  var data: String

  @OptionGroup var text: TextArguments

  @Option(help: ArgumentHelp("Print means and medians weighted by this column, too.", valueName: "column"))
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The percentiles to print, from 0 to 100.", valueName: "p,p,..."))
  var percentiles = Percentiles([5, 25, 50, 75, 95])

  func run() throws {
    let summary = try TableSummary.load(
      data, encoding: text.textEncoding(), hasHeader: text.hasHeader, weights: weights)
    print(DescribedTable(summary, percentiles: percentiles.values, isWeighted: weights != nil).text)
  }
}

/// Percentiles as `5,25,50`.
struct Percentiles: ExpressibleByArgument, CustomStringConvertible {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  init?(argument: String) {
    var values: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(part), value >= 0, value <= 100 else { return nil }
      values.append(value)
    }
    self.values = values
  }

  var description: String { values.map(significant).joined(separator: ",") }
  var defaultValueDescription: String { description }
}
