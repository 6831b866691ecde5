import DescentNetworks

extension Report {
  /// The most rows of a table of columns or layers: data from anywhere may have a hundred thousand.
  static let mostRows = 500

  /// The report as one HTML file that needs nothing else: no script, no network, drawings inline.
  ///
  /// All text is escaped, in any script. Every drawing says in words what it shows. It follows the reader's light or dark
  /// theme, and prints.
  public func html() -> String {
    let sections = sections
    let links: [Markup] = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }
    let contents: Markup? = sections.count > 2 ? "<nav aria-label=\"Contents\"><ul>\(links)</ul></nav>" : nil
    let about: Markup? = summary.isEmpty ? nil : "<p dir=\"auto\">\(summary)</p>"
    let bodies: [Markup] = sections.map {
      """
      <section aria-labelledby="\($0.id)"><h2 id="\($0.id)">\($0.title)</h2>
      \($0.body)</section>

      """
    }
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
      <title>\(title.shortened(to: 200))</title><style>\(Self.style)</style></head><body><main>
      <header><p class="kind">Report</p><h1 dir="auto">\(title.shortened(to: 200))</h1>
      <p class="data">Data: <bdi>\(dataName.shortened(to: 300))</bdi></p>\(about)\(tiles)</header>
      \(contents)
      \(bodies)</main></body></html>

      """
    return page.text
  }

  private struct Section {
    let id: Markup
    let title: String
    let body: Markup
  }

  /// What there is to show, in the order in which one asks.
  private var sections: [Section] {
    var sections: [Section] = []
    func add(_ id: Markup, _ title: String, _ body: Markup?) {
      if let body { sections.append(Section(id: id, title: title, body: body)) }
    }
    func charts(_ sentence: String, _ figures: [Markup]) -> Markup {
      "<p>\(sentence)</p><div class=\"charts\">\(figures)</div>"
    }
    add("folds", "Cross-validation", foldsTable)
    add("figures", "Key figures", figuresTable)
    add("learning", "Learning curves", LearningCurves(history).map { charts($0.sentence, $0.figures) })
    add("confusion", "Confusion matrix", ConfusionMatrix(classes).map { "<p>\($0.sentence)</p>\($0.table)" })
    add("ranking", "ROC and precision–recall", RankingCurves(classes).map { charts($0.sentence, $0.figures) })
    add("calibration", "Calibration", CalibrationCharts(classes).map { charts($0.sentence, $0.figures) })
    add("quantities", "Predictions and residuals", QuantityCharts(quantities).map { charts($0.sentence, $0.figures) })
    add(
      "importance", "What the network relies on",
      ImportanceChart(importance).map { chart in
        "\(charts(chart.sentence, chart.figures))<details><summary>All numbers</summary>\(chart.table)</details>"
      })
    add("mistakes", "Worst mistakes", mistakesTable)
    add("columns", "Columns", columnsTable)
    add("network", "Network", networkTable)
    add("settings", "Settings", settingsTable)
    add("repeat", "To repeat it", repeatLines)
    return sections
  }

  private var repeatLines: Markup? {
    guard command != nil || seed != nil else { return nil }
    // a line is broken between words, not after their hyphens
    let words: [Markup] = (command ?? "").split(separator: " ").enumerated().map { place, word in
      "\(place == 0 ? "" : " ")<span>\(String(word))</span>"
    }
    let line: Markup? = words.isEmpty ? nil : "<pre tabindex=\"0\"><code>\(words)</code></pre>"
    let drawn: Markup? = seed.map { "<p>All random numbers follow from the seed \("\($0)").</p>" }
    return "\(line)\(drawn)"
  }
}
