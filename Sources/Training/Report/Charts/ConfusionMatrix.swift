/// Which classes are taken for which: all pairs, or those most often confused where the classes are many.
struct ConfusionMatrix {
  private let names: [String]
  private let metrics: ClassificationMetrics

  /// The most classes of which all pairs are shown.
  private static let mostClasses = 30
  /// The most pairs that are listed where there are more classes.
  private static let mostPairs = 25

  /// Nil where there are no rows.
  init?(_ results: Report.ClassResults?) {
    guard let results, results.count > 0 else { return nil }
    names = results.classNames.map { $0.shortened(to: 40) }
    metrics = results.metrics
  }

  var table: Markup { names.count <= Self.mostClasses ? matrix : pairs }

  /// How to read it.
  var sentence: String {
    names.count <= Self.mostClasses
      ? "A row for each true class, a column for each predicted one. Below a count is its share of the row."
      : "The pairs of classes that are confused most often."
  }

  private var matrix: Markup {
    let confusion = metrics.confusion
    let heads: [Markup] = names.map { "<th scope=\"col\" dir=\"auto\">\($0)</th>" }
    let rows: [Markup] = names.indices.map { truth in
      let total = confusion[truth].reduce(0, +)
      let cells: [Markup] = names.indices.map { prediction in
        let count = confusion[truth][prediction]
        let share = total == 0 ? 0 : Double(count) / Double(total)
        // no tint for what does not occur, ten for the rest
        let tint = count == 0 ? 0 : 1 + min(Int(share * 9), 8)
        let own: Markup = truth == prediction ? " own" : ""
        let part: Markup? = count == 0 ? nil : "<span>\(NumberText.percent(share, decimals: 0))</span>"
        return "<td class=\"t\(tint)\(own)\">\(NumberText.count(count))\(part)</td>"
      }
      return """
        <tr><th scope="row" dir="auto">\(names[truth])</th>\(cells)\
        <td class="sum">\(NumberText.count(total))</td></tr>
        """
    }
    return .table(
      caption: "\(NumberText.count(metrics.samples, "row"))",
      head: """
        <tr><td></td><th scope="colgroup" colspan="\(names.count)">predicted</th><td></td></tr>\
        <tr><th scope="col">true</th>\(heads)<th scope="col">all</th></tr>
        """, rows: rows, style: "confusion")
  }

  private var pairs: Markup {
    let wrong = metrics.confusedPairs
    let rows: [Markup] = wrong.prefix(Self.mostPairs).map { pair in
      let share = Double(pair.count) / Double(max(metrics.samples(of: pair.truth), 1))
      return """
        <tr><th scope="row" dir="auto">\(names[pair.truth])</th><td class="text" dir="auto">\(names[pair.prediction])</td>\
        <td>\(NumberText.count(pair.count))</td><td>\(NumberText.percent(share))</td></tr>
        """
    }
    let right = metrics.samples - wrong.reduce(0) { $0 + $1.count }
    let caption =
      "\(NumberText.count(wrong.count, "pair")) occur; the first \(min(wrong.count, Self.mostPairs)) are shown. "
      + "\(NumberText.count(right)) of \(NumberText.count(metrics.samples, "row")) are right."
    return .table(
      caption: caption,
      head: """
        <tr><th scope="col">true</th><th scope="col" class="text">predicted</th><th scope="col">rows</th>\
        <th scope="col">of the true class</th></tr>
        """, rows: rows)
  }
}
