/// The receiver operating characteristic, and precision over recall: of two classes the second's, of more one against the
/// rest for each.
struct RankingCurves {
  private let curves: [(name: String, curve: RankingCurve)]
  private let areas: RankingMetrics.Areas
  private let isBinary: Bool
  private let classCount: Int
  /// Of two classes the share of rows that are of the second.
  private let share: Double

  /// The most classes that are drawn.
  private static let mostClasses = 10

  /// Nil where no class has a curve.
  init?(_ results: Report.ClassResults?) {
    guard let results, results.count > 0 else { return nil }
    classCount = results.classNames.count
    isBinary = classCount == 2
    var metrics = RankingMetrics(classCount: classCount)
    for place in 0..<results.count {
      let row = place * classCount..<(place + 1) * classCount
      metrics.add(scores: results.probabilities[row], label: Int(results.labels[place]))
    }
    areas = metrics.areas
    let drawn = isBinary ? [1] : Array(0..<min(classCount, Self.mostClasses))
    curves = drawn.compactMap { label in
      let curve = RankingCurve(scores: results.scores(of: label), labels: results.labels, of: label)
      return curve.map { (results.classNames[label], $0) }
    }
    share = Double(results.labels.count { $0 == 1 }) / Double(results.count)
    guard !curves.isEmpty else { return nil }
  }

  var figures: [Markup] { [roc, precisionRecall] }

  /// What is drawn, in a sentence.
  var sentence: String {
    if isBinary {
      return
        "How well the probability of “\(curves[0].name.shortened(to: 60))” tells it from the other class, at every threshold."
    }
    let limited =
      classCount > Self.mostClasses ? " The first \(Self.mostClasses) of \(classCount) classes are drawn." : ""
    return "How well each class's probability tells it from all others, at every threshold.\(limited)"
  }

  private var roc: Markup {
    var plot = Plot(
      x: Axis(covering: 0...1), y: Axis(covering: 0...1), xLabel: "false positive rate", yLabel: "true positive rate",
      height: 330)
    plot.guide([(0, 0), (1, 1)])
    for (place, curve) in curves.enumerated() {
      let points = [(x: 0.0, y: 0.0)] + curve.curve.points.map { (x: $0.falsePositiveRate, y: $0.recall) }
      plot.line(corners(of: points), .number(place))
    }
    let words = curves.map { curve in
      let recall = curve.curve.points.last { $0.falsePositiveRate <= 0.1 }?.recall ?? 0
      return "\(curve.name.shortened(to: 60)): area \(text(curve.curve.areas.roc)); with at most 10 % false positives "
        + "\(NumberText.percent(recall)) of the class are found"
    }
    return .chart(
      caption: "ROC curve", plot.svg(title: "ROC curve", description: words.joined(separator: ". ") + "."),
      keys: keys(\.roc), note: note(areas.roc, "The thin diagonal is chance."))
  }

  private var precisionRecall: Markup {
    var plot = Plot(
      x: Axis(covering: 0...1), y: Axis(covering: 0...1), xLabel: "recall", yLabel: "precision", height: 330)
    if isBinary { plot.guide([(0, share), (1, share)]) }
    for (place, curve) in curves.enumerated() {
      // each threshold's precision holds back to the recall of the one before, as average precision counts it
      var points: [(x: Double, y: Double)] = []
      var recall = 0.0
      for point in curve.curve.points where point.recall > recall {
        points += [(recall, point.precision), (point.recall, point.precision)]
        recall = point.recall
      }
      plot.line(corners(of: points), .number(place))
    }
    let words = curves.map { "\($0.name.shortened(to: 60)): average precision \(text($0.curve.areas.precisionRecall))" }
    return .chart(
      caption: "Precision over recall",
      plot.svg(title: "Precision over recall", description: words.joined(separator: ". ") + "."),
      keys: keys(\.precisionRecall),
      note: note(areas.precisionRecall, isBinary ? "The thin line is chance." : ""))
  }

  private func keys(_ area: KeyPath<RankingMetrics.Areas, Double?>) -> [(style: Plot.Style, name: String)] {
    curves.enumerated().map { place, curve in
      (.number(place), "\(curve.name.shortened(to: 40)): \u{2068}\(text(curve.curve.areas[keyPath: area]))\u{2069}")
    }
  }

  private func note(_ mean: Double?, _ guide: String) -> String {
    let mean = isBinary ? "" : "Mean area over \(classCount) classes: \(text(mean)). "
    return mean + "The number beside a name is the area. " + guide
  }

  private func text(_ area: Double?) -> String { area.map { NumberText.fixed($0, decimals: 3) } ?? "undefined" }

  /// The points of a line without those that no eye would miss.
  private func corners(of points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var kept: [(x: Double, y: Double)] = []
    for (place, point) in points.enumerated() {
      // nothing that goes on where the two before it went
      while kept.count > 1 {
        let (a, b) = (kept[kept.count - 2], kept[kept.count - 1])
        let isStraight = abs((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)) < 1e-12
        guard isStraight else { break }
        kept.removeLast()
      }
      if let last = kept.last, place + 1 < points.count, abs(point.x - last.x) + abs(point.y - last.y) < 0.002 {
        continue
      }
      kept.append(point)
    }
    return kept
  }
}
