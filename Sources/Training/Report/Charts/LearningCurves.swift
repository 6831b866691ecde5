/// Loss, and accuracy where there is one, from epoch to epoch.
struct LearningCurves {
  private let history: History

  /// Nil where no epoch was trained.
  init?(_ history: History?) {
    guard let history, !history.epochs.isEmpty else { return nil }
    self.history = history
  }

  /// A drawing for the loss, and one for the accuracy where there is one.
  var figures: [Markup] {
    let loss = figure(
      "Loss", training: { $0.loss }, validation: { $0.validationLoss }, range: nil, text: { NumberText.plain($0) })
    let accuracy = figure(
      "Accuracy", training: { $0.accuracy }, validation: { $0.validationAccuracy }, range: 0...1,
      text: { NumberText.percent($0) })
    return [loss, accuracy].compactMap { $0 }
  }

  /// How the run went, in a sentence or two.
  var sentence: String {
    let count = history.epochs.count
    var words = "Training ran for \(NumberText.count(count, "epoch")); the weights of "
    words += (history.bestEpoch == 0 ? "the start" : "epoch \(history.bestEpoch)") + " were chosen."
    if let reason = history.stopReason { words += " It ended early: \(reason)." }
    return words
  }

  private func figure(
    _ name: String, training: (EpochRecord) -> Double?, validation: (EpochRecord) -> Double?,
    range: ClosedRange<Double>?, text: (Double) -> String
  ) -> Markup? {
    let lines = [
      Line(name: "training", style: .first, history, training),
      Line(name: "validation", style: .second, history, validation),
    ].compactMap { $0 }
    let values = lines.flatMap { $0.points.map(\.y) }
    guard let low = values.min(), let high = values.max() else { return nil }
    let x = Axis(covering: 1...Double(max(history.epochs.count, 2)), isTight: true, isWhole: true)
    // a loss that falls by orders of magnitude would lie on the floor of equal steps
    let isSteep = range == nil && low > 0 && high / low > 50
    let y =
      isSteep
      ? Axis(logarithmicCovering: low...high)
      : Axis(covering: range.map { _ in low...min(high, 1) } ?? min(low, 0)...high)
    var plot = Plot(
      x: x, y: y, xLabel: "epoch", yLabel: isSteep ? "\(name.lowercased()), logarithmic" : name.lowercased())
    let best = Double(history.bestEpoch)
    if best >= 1 { plot.upright(at: best, "chosen: epoch \(history.bestEpoch)") }
    for line in lines {
      plot.line(thinned(line.points, to: 400), line.style)
      let chosen = line.points.filter { $0.x == best }
      plot.marks(line.points.count == 1 ? line.points : chosen, line.style)
    }
    let words = lines.map { $0.words(best: history.bestEpoch, text) }.joined(separator: "; ")
    return .chart(
      caption: name, plot.svg(title: "\(name) by epoch", description: "\(words)."),
      keys: lines.map { ($0.style, $0.name) })
  }

  private struct Line {
    let name: String
    let style: Plot.Style
    let points: [(x: Double, y: Double)]

    /// Nil where there is nothing to draw.
    init?(name: String, style: Plot.Style, _ history: History, _ value: (EpochRecord) -> Double?) {
      (self.name, self.style) = (name, style)
      points = history.epochs.compactMap { record in
        guard let number = value(record), number.isFinite else { return nil }
        return (Double(record.epoch), number)
      }
      if points.isEmpty { return nil }
    }

    func words(best: Int, _ text: (Double) -> String) -> String {
      var words =
        "\(name) goes from \(text(points[0].y)) in the first epoch to \(text(points[points.count - 1].y)) in the last"
      if let chosen = points.first(where: { $0.x == Double(best) }) { words += ", \(text(chosen.y)) in the chosen one" }
      return words
    }
  }
}
