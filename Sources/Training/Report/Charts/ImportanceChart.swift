/// What the network relies on: a bar a column, the longest first, with the standard deviation over the repeats.
struct ImportanceChart {
  private let importance: PermutationImportance
  private let sorted: [PermutationImportance.Column]

  /// The most columns that are drawn; the table below the drawing holds all.
  private static let mostBars = 25
  private static let rowHeight = 34.0

  /// Nil where there are no columns.
  init?(_ importance: PermutationImportance?) {
    guard let importance, !importance.columns.isEmpty else { return nil }
    self.importance = importance
    let columns = importance.columns
    sorted = columns.indices.sorted { (-columns[$0].mean, $0) < (-columns[$1].mean, $1) }.map { columns[$0] }
  }

  var sentence: String {
    "How far the \(importance.scoreName) of \(text(importance.score)) drops when a column's values change places among "
      + "\(NumberText.count(importance.rowCount, "row")), mean and standard deviation of "
      + "\(NumberText.count(importance.columns[0].drops.count, "repeat")). Columns that say the same stand in for each "
      + "other: each of them seems to matter little."
  }

  var figures: [Markup] { [bars] }

  private var bars: Markup {
    let shown = Array(sorted.prefix(Self.mostBars))
    let ends = shown.flatMap { [$0.mean - $0.standardDeviation, $0.mean + $0.standardDeviation] }.filter(\.isFinite)
    let (low, high) = (min(ends.min() ?? 0, 0), max(ends.max() ?? 0, 0))
    let axis = Axis(covering: low...high, steps: 4)
    let (left, right) = (20.0, Plot.width - 20)
    let x = { (value: Double) in left + axis.place(value) * (right - left) }
    let foot = Double(shown.count) * Self.rowHeight + 6
    var body: Markup = ""
    for tick in axis.ticks {
      body +=
        "<line class=\"grid\" x1=\"\(at: x(tick.value))\" x2=\"\(at: x(tick.value))\" y1=\"0\" y2=\"\(at: foot)\"/>"
      body +=
        "<text class=\"tick\" x=\"\(at: x(tick.value))\" y=\"\(at: foot + 15)\" text-anchor=\"middle\">\(tick.label)</text>"
    }
    body += "<line class=\"axis\" x1=\"\(at: x(0))\" x2=\"\(at: x(0))\" y1=\"0\" y2=\"\(at: foot)\"/>"
    for (place, column) in shown.enumerated() where column.mean.isFinite {
      let top = Double(place) * Self.rowHeight
      let (from, to) = (x(min(column.mean, 0)), x(max(column.mean, 0)))
      let (lower, upper) = (x(column.mean - column.standardDeviation), x(column.mean + column.standardDeviation))
      let middle = top + 24
      body += """
        <text class="name" x="\(at: left)" y="\(at: top + 14)">\(column.name.shortened(to: 36))</text>\
        <text class="tick" x="\(at: right)" y="\(at: top + 14)" text-anchor="end">\(text(column.mean))</text>\
        <rect class="bar c0" x="\(at: from)" y="\(at: top + 19)" width="\(at: max(to - from, 0.5))" height="10"/>\
        <path class="whisker" d="M\(at: lower) \(at: middle)H\(at: upper)M\(at: lower) \(at: middle - 3)v6\
        M\(at: upper) \(at: middle - 3)v6"/>
        """
    }
    body +=
      "<text class=\"label\" x=\"\(at: (left + right) / 2)\" y=\"\(at: foot + 34)\" text-anchor=\"middle\">drop of the \(importance.scoreName)</text>"
    let words = shown.map { "\($0.name.shortened(to: 60)): \(text($0.mean)) ± \(text($0.standardDeviation))" }
    let limited = sorted.count > shown.count ? "The \(shown.count) most important of \(sorted.count) columns." : ""
    return .chart(
      caption: "Importance of columns",
      .drawing(
        width: Plot.width, height: foot + 42, title: "Permutation importance",
        description: words.joined(separator: "; ") + ".", body), note: limited)
  }

  /// Every column's numbers.
  var table: Markup {
    let rows: [Markup] = sorted.prefix(Report.mostRows).map {
      """
      <tr><th scope="row" dir="auto">\($0.name.shortened(to: 100))</th><td>\(text($0.mean))</td>\
      <td>\(text($0.standardDeviation))</td></tr>
      """
    }
    return .table(
      caption: "Drop of the \(importance.scoreName) by column",
      head:
        "<tr><th scope=\"col\">column</th><th scope=\"col\">mean drop</th><th scope=\"col\">standard deviation</th></tr>",
      rows: rows)
  }

  private func text(_ number: Double) -> String {
    abs(number) < 0.00005 ? "0" : NumberText.fixed(number, decimals: 4)
  }
}
