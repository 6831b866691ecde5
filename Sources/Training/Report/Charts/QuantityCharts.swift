#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Predicted against true quantities, and what is left over.
struct QuantityCharts {
  private let points: [(prediction: Double, truth: Double)]
  private let drawn: [(prediction: Double, truth: Double)]
  private let name: String

  /// The most points that are drawn.
  private static let mostPoints = 2000

  /// Nil where there is nothing finite to draw.
  init?(_ results: Report.QuantityResults?) {
    guard let results else { return nil }
    points = results.finite
    guard !points.isEmpty else { return nil }
    drawn = thinned(points, to: Self.mostPoints)
    name = results.name.shortened(to: 40)
  }

  var sentence: String {
    guard drawn.count < points.count else { return "Every point is a row. On the thin line predictions are right." }
    return
      "Every point is a row, \(NumberText.count(drawn.count)) of \(NumberText.count(points.count)), evenly spaced in "
      + "their order. On the thin line predictions are right."
  }

  var figures: [Markup] { [scatter, residualsByPrediction, residualHistogram] }

  private var scatter: Markup {
    let values = drawn.flatMap { [$0.prediction, $0.truth] }
    let range = (values.min() ?? 0)...(values.max() ?? 0)
    let axis = Axis(covering: range)
    var plot = Plot(x: axis, y: axis, xLabel: "true \(name)", yLabel: "predicted", height: 330)
    plot.guide([(axis.domain.lowerBound, axis.domain.lowerBound), (axis.domain.upperBound, axis.domain.upperBound)])
    plot.dots(drawn.map { ($0.truth, $0.prediction) }, .first, radius: radius)
    let truths = points.map(\.truth)
    let predictions = points.map(\.prediction)
    let words =
      "\(NumberText.count(points.count, "row")): true values from \(text(truths.min())) to \(text(truths.max())), "
      + "predictions from \(text(predictions.min())) to \(text(predictions.max())); R² \(text(metrics.r2))."
    return .chart(caption: "Predicted against true", plot.svg(title: "Predicted against true", description: words))
  }

  private var residualsByPrediction: Markup {
    let points = drawn.map { (x: $0.prediction, y: $0.prediction - $0.truth) }
    let x = Axis(covering: (points.map(\.x).min() ?? 0)...(points.map(\.x).max() ?? 0))
    var plot = Plot(
      x: x, y: Axis(covering: residualRange(points.map(\.y))), xLabel: "predicted \(name)", yLabel: "residual",
      height: 330)
    plot.guide([(x.domain.lowerBound, 0), (x.domain.upperBound, 0)])
    plot.dots(points, .first, radius: radius)
    // a network that is off in one part only shows as thirds that differ
    let sorted = points.sorted { $0.x < $1.x }
    let thirds = (0..<3).map { sorted[$0 * sorted.count / 3..<($0 + 1) * sorted.count / 3].map(\.y) }
    let words = zip(["lowest", "middle", "highest"], thirds).filter { !$0.1.isEmpty }.map { name, residuals in
      "\(name) third of the predictions: mean residual \(text(mean(residuals)))"
    }
    return .chart(
      caption: "Residuals against prediction",
      plot.svg(title: "Residuals against prediction", description: words.joined(separator: "; ") + "."),
      note: "A residual is the prediction less the truth. No pattern is a good sign.")
  }

  private var residualHistogram: Markup {
    let residuals = points.map { $0.prediction - $0.truth }
    let axis = Axis(covering: residualRange(residuals), steps: binCount(residuals))
    let step = axis.ticks.count > 1 ? axis.ticks[1].value - axis.ticks[0].value : 1
    let count = max(Int(((axis.domain.upperBound - axis.domain.lowerBound) / step).rounded()), 1)
    var bins = [Int](repeating: 0, count: count)
    for residual in residuals { bins[min(Int(axis.place(residual) * Double(count)), count - 1)] += 1 }
    let x = Axis(covering: axis.domain, isTight: true)
    let y = Axis(covering: 0...Double(bins.max() ?? 1), isWhole: true)
    var plot = Plot(x: x, y: y, xLabel: "residual", yLabel: "rows")
    for (place, bin) in bins.enumerated() {
      let low = axis.domain.lowerBound + Double(place) * step
      plot.bar(low...low + step, height: Double(bin), .first)
    }
    plot.guide([(0, 0), (0, y.domain.upperBound)])
    let sorted = residuals.sorted()
    let part = { (share: Double) in text(sorted[Int(share * Double(sorted.count - 1))]) }
    let words =
      "Half of the residuals lie between \(part(0.25)) and \(part(0.75)), 90 % between \(part(0.05)) and \(part(0.95)); "
      + "their mean is \(text(mean(residuals)))."
    return .chart(caption: "Residuals", plot.svg(title: "Histogram of residuals", description: words), note: words)
  }

  private var radius: Double { drawn.count > 500 ? 1.6 : 2.6 }

  private var metrics: RegressionMetrics {
    var metrics = RegressionMetrics()
    for point in points { metrics.add(predicted: Float(point.prediction), truth: Float(point.truth)) }
    return metrics
  }

  /// The range of residuals, with 0.
  private func residualRange(_ residuals: [Double]) -> ClosedRange<Double> {
    min(residuals.min() ?? 0, 0)...max(residuals.max() ?? 0, 0)
  }

  /// Bins of a width of twice the interquartile range over the cube root of the count (Freedman and Diaconis, 1981), 8 to
  /// 40 of them.
  private func binCount(_ residuals: [Double]) -> Int {
    let sorted = residuals.sorted()
    let quartiles = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let width = 2 * quartiles / cbrt(Double(sorted.count))
    let range = residualRange(residuals)
    guard width > 0 else { return 8 }
    return Int(min(max((range.upperBound - range.lowerBound) / width, 8), 40))
  }

  private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(max(numbers.count, 1)) }

  private func text(_ number: Double?) -> String { number.map { NumberText.plain($0) } ?? "none" }
}
