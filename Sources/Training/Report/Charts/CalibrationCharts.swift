/// Whether probabilities mean what they say, and how many rows stand behind each of them.
struct CalibrationCharts {
  private let diagram: ReliabilityDiagram
  private let what: String
  private let count: Int

  /// Nil where there are no rows.
  init?(_ results: Report.ClassResults?) {
    guard let results, results.count > 0 else { return nil }
    count = results.count
    let places = 0..<results.count
    if results.classNames.count == 2 {
      what = "“\(results.classNames[1].shortened(to: 60))”"
      diagram = ReliabilityDiagram(probabilities: results.scores(of: 1), cameTrue: results.labels.map { $0 == 1 })
    } else {
      what = "the predicted class"
      let predictions = places.map { results.prediction($0) }
      diagram = ReliabilityDiagram(
        probabilities: places.map { results.probability($0, of: predictions[$0]) },
        cameTrue: places.map { predictions[$0] == Int(results.labels[$0]) })
    }
  }

  var sentence: String {
    "Where the network says that \(what) has a probability of 80\u{A0}%, it should be right 80\u{A0}% of the time: points on the "
      + "thin diagonal. Above it the network is too careful, below it too sure."
  }

  var figures: [Markup] { [reliability, counts] }

  private var reliability: Markup {
    let points = diagram.bins.compactMap { bin in
      bin.meanProbability.flatMap { mean in bin.share.map { (x: mean, y: $0) } }
    }
    var plot = Plot(
      x: Axis(covering: 0...1), y: Axis(covering: 0...1), xLabel: "mean probability", yLabel: "share that came true")
    plot.guide([(0, 0), (1, 1)])
    plot.line(points, .first)
    plot.marks(points, .first)
    let words = zip(diagram.bins.filter { $0.count > 0 }, points).map { bin, point in
      "mean probability \(NumberText.percent(point.x)), came true \(NumberText.percent(point.y)), "
        + NumberText.count(bin.count, "row")
    }
    return .chart(
      caption: "Reliability", plot.svg(title: "Reliability diagram", description: words.joined(separator: "; ") + "."))
  }

  private var counts: Markup {
    let most = diagram.bins.map(\.count).max() ?? 0
    var plot = Plot(
      x: Axis(covering: 0...1), y: Axis(covering: 0...Double(max(most, 1)), isWhole: true), xLabel: "probability",
      yLabel: "rows")
    for bin in diagram.bins { plot.bar(bin.bounds, height: Double(bin.count), .first) }
    let words = diagram.bins.map { bin in
      "\(NumberText.percent(bin.bounds.lowerBound, decimals: 0)) to "
        + "\(NumberText.percent(bin.bounds.upperBound, decimals: 0)): \(NumberText.count(bin.count))"
    }
    return .chart(
      caption: "Rows by probability of \(what)",
      plot.svg(title: "Rows by probability", description: words.joined(separator: "; ") + "."))
  }
}
