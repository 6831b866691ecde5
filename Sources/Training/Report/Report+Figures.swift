extension Report {
  /// What a figure means, in a few words, and whether more of it is better.
  private static let meanings: [(key: String, isHigherBetter: Bool, meaning: String)] = [
    ("loss", false, "what training makes small"),
    ("accuracy", true, "share of rows whose class is predicted"),
    ("precision", true, "of what is predicted to be of a class, the share that is"),
    ("recall", true, "of what is of a class, the share that is found"),
    ("f1", true, "harmonic mean of precision and recall"),
    ("cohen_kappa", true, "agreement beyond chance"),
    ("matthews", true, "correlation of true and predicted classes"),
    ("log_loss", false, "mean of −ln p of the true class"),
    ("perplexity", false, "between how many classes it wavers"),
    ("brier_score", false, "squared error of the probabilities"),
    ("calibration_error", false, "how far probabilities are from what comes true"),
    ("roc_auc", true, "chance that a row of the class scores above another"),
    ("pr_auc", true, "mean precision over all recalls"),
    ("rmse", false, "root of the mean squared error"),
    ("mae", false, "mean absolute error"),
    ("r2", true, "share of the variance that is explained"),
    ("mse", false, "mean squared error"),
    ("mape", false, "mean error in percent of the truth"),
    ("msle", false, "squared error of logarithms"),
    ("explained_variance", true, "R² where all may be off by the same"),
  ]

  private static func meaning(_ key: String) -> (isHigherBetter: Bool, words: String)? {
    if key.hasPrefix("top_") { return (true, "share of rows whose class is among the most likely") }
    return meanings.first { $0.key == key }.map { ($0.isHigherBetter, $0.meaning) }
  }

  /// The network's most telling figures, large.
  var tiles: Markup? {
    guard let network = scores.first else { return nil }
    let wanted = ["accuracy", "f1", "roc_auc", "r2", "rmse", "mae"]
    let inFolds = crossValidation?.models.first.map { Set($0.figures.map(\.key)) }
    let figures = wanted.compactMap { key in
      inFolds?.contains(key) == false ? nil : network.figures.first { $0.key == key }
    }.prefix(3)
    guard !figures.isEmpty else { return nil }
    let folds = crossValidation
    let confidence = NumberText.percent(network.intervals?.confidence ?? 0, decimals: 0)
    let tiles: [Markup] = figures.map { figure in
      if let spread = folds?.models.first?.figures.first(where: { $0.key == figure.key }), let count = folds?.count {
        let deviation = "± \(text(figure.key, spread.standardDeviation)) over \(count) folds"
        return
          "<li><b>\(figure.name)</b><strong>\(text(figure.key, spread.mean))</strong><span>\(deviation)</span></li>"
      }
      let interval: Markup? = range(figure, network).map { "<span>\(confidence): \($0)</span>" }
      let best = scores.dropFirst().compactMap { model in
        model.figures.first { $0.key == figure.key }.map { (name: model.name, value: $0.value) }
      }
      let isHigher = Self.meaning(figure.key)?.isHigherBetter ?? true
      let rival = best.max { isHigher ? $0.value < $1.value : $0.value > $1.value }
      let beside: Markup? = rival.map { "<span><bdi>\($0.name)</bdi>: \(text(figure.key, $0.value))</span>" }
      return "<li><b>\(figure.name)</b><strong>\(text(figure.key, figure.value))</strong>\(interval)\(beside)</li>"
    }
    return "<ul class=\"tiles\">\(tiles)</ul>"
  }

  /// Means over folds, of the network and of what it has to beat.
  var foldsTable: Markup? {
    guard let folds = crossValidation, let network = folds.models.first else { return nil }
    let heads: [Markup] = folds.models.map { "<th scope=\"col\" dir=\"auto\">\($0.name)</th>" }
    let models = folds.models.map(\.figures)
    let rows: [Markup] = network.figures.map { figure in
      let cells: [Markup] = models.map { figures in
        guard let spread = figures.first(where: { $0.key == figure.key }) else { return "<td>–</td>" }
        let deviation = "± \(text(figure.key, spread.standardDeviation))"
        return "<td>\(text(figure.key, spread.mean))<span>\(deviation)</span></td>"
      }
      return "<tr><th scope=\"row\">\(figure.name)</th>\(cells)</tr>"
    }
    return .table(
      caption:
        "Each of \(folds.count) parts of the rows was held back once, while another network, and the models beside it, "
        + "learnt from the others. Means over the parts, and their standard deviation. All that follows is of one more "
        + "network, which is the one that is saved.",
      head: "<tr><th scope=\"col\">figure</th>\(heads)</tr>", rows: rows, style: "figures")
  }

  /// Every figure of every model.
  var figuresTable: Markup? {
    guard !scores.isEmpty else { return nil }
    var figures: [(key: String, name: String)] = []
    for figure in scores.flatMap(\.figures) where !figures.contains(where: { $0.key == figure.key }) {
      figures.append((figure.key, figure.name))
    }
    let heads: [Markup] = scores.map { "<th scope=\"col\" dir=\"auto\">\($0.name)</th>" }
    let rows: [Markup] = figures.map { key, name in
      let meaning = Self.meaning(key)
      let values = scores.map { model in model.figures.first { $0.key == key }?.value }
      let best = meaning.flatMap { meaning in
        let known = values.compactMap { $0 }.filter { !$0.isNaN }
        return meaning.isHigherBetter ? known.max() : known.min()
      }
      let cells: [Markup] = zip(scores, values).map { model, value in
        guard let value, let figure = model.figures.first(where: { $0.key == key }) else { return "<td>–</td>" }
        let interval: Markup? = range(figure, model).map { "<span>\($0)</span>" }
        let style: Markup = scores.count > 1 && value == best ? " class=\"best\"" : ""
        return "<td\(style)>\(text(key, value))\(interval)</td>"
      }
      let words: Markup? = meaning.map {
        "<span>\($0.words); \($0.isHigherBetter ? "higher" : "lower") is better</span>"
      }
      return "<tr><th scope=\"row\">\(name)\(words)</th>\(cells)</tr>"
    }
    return .table(
      caption: caption, head: "<tr><th scope=\"col\">figure</th>\(heads)</tr>", rows: rows, style: "figures")
  }

  private var caption: String {
    let drawn = scores.compactMap(\.intervals).first
    let intervals = drawn.map {
      " Below a figure its \(NumberText.percent($0.confidence, decimals: 0)) interval, by "
        + "\(NumberText.count($0.resamples, "bootstrap resample")) of the rows."
    }
    return (scores.count > 1 ? "The best of each row is bold." : "On the rows that were measured.") + (intervals ?? "")
  }

  private func range(_ figure: Figure, _ model: Scores) -> String? {
    model.intervals?[figure.key].map { "\(text(figure.key, $0.lowerBound)) to \(text(figure.key, $0.upperBound))" }
  }

  private func text(_ key: String, _ value: Double) -> String {
    ["accuracy", "precision", "recall"].contains(key) || key.hasPrefix("top_")
      ? NumberText.percent(value) : NumberText.plain(value)
  }
}
