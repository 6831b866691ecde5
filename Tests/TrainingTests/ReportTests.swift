import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// The page: that it is whole, says the numbers, and takes nothing from a file for markup.
@Suite struct ReportTests {
  /// Names as a hostile file has them, and honest ones in other scripts.
  private static let hostile = "<script>alert('x')</script>&amp;\"\u{0}\u{202E}"
  private static let arabic = "درجة الحرارة"

  private func run(_ name: String) throws -> Report {
    let dataset = try Dataset.load(name)
    var settings = TrainingSettings()
    settings.epochs = 4
    settings.layers = [8]
    let terms = LossTerms.standard(for: dataset.task)
    settings.loss = terms.loss.name
    let session = try TrainingSession(dataset, settings: settings, terms: terms)
    let result = try session.run()
    let (evaluator, probabilities) = (session.model.evaluator, session.model.terms.probabilities)
    let rows = dataset.testRows
    let evaluation = evaluator.evaluate(session.data, rows: rows, probabilities: probabilities)
    let results = evaluator.rowResults(session.data, rows: rows, probabilities: probabilities)
    var report = Report(title: "\(name) \(Self.hostile)", dataName: Self.hostile)
    report.summary = Self.hostile
    report.command = "descent train \(Self.hostile) --epochs 4"
    report.scores = [
      .init(name: "network", evaluation, intervals: BootstrapIntervals(results, of: evaluation, resamples: 50)),
      .init(name: Self.hostile, figures: [Figure("accuracy", "accuracy", 0.125), Figure("R²", "r2", 0.125)]),
    ]
    report.history = result.history
    report.classes = .init(results, classNames: dataset.classNames)
    report.quantities = .init(results, name: Self.hostile)
    report.importance = PermutationImportance(
      evaluator, session.data, rows: rows,
      groups: dataset.featureNames.indices.map { place in
        (
          name: place == 0 ? Self.hostile : place == 1 ? Self.arabic : dataset.featureNames[place],
          features: place..<place + 1
        )
      }, repeats: 2, mostRows: 50)
    report.mistakes = report.classes?.worstMistakes(5) ?? report.quantities?.worstMistakes(5) ?? []
    report.mistakeFieldNames = [Self.hostile, Self.arabic]
    for place in report.mistakes.indices { report.mistakes[place].fields = [Self.hostile, Self.arabic] }
    if !report.mistakes.isEmpty { report.mistakes[0].picture = [0x89, 0x50, 0x4E, 0x47] }
    report.columns = try TableSummary(dataset).columns.map { .init($0, use: Self.hostile) }
    report.columns.append(
      .init(name: Self.arabic, type: "text", missing: 1_234, distinct: .moreThan(100_000), range: "", use: "left out"))
    report.network = try session.model.description.summary(for: dataset.schema)
    report.settings = [.init(Self.hostile, Self.hostile)]
    report.seed = 42
    return report
  }

  @Test(arguments: ["breast-cancer", "digits", "diabetes"])
  func aRunMakesAWholePage(name: String) throws {
    let report = try run(name)
    let page = report.html()
    let elements = try MarkupReader.elements(of: page)
    #expect(page == report.html())

    // what comes from a file is text: no element of it, and no raw control character
    #expect(!elements.contains { $0.name == "script" })
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&quot;\u{FFFD}"))
    #expect(!page.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(page.contains(Self.arabic))

    // nothing is fetched
    for element in elements {
      for (attribute, value) in element.attributes where ["src", "href"].contains(attribute) {
        #expect(value.hasPrefix("data:image/png;base64,") || value.hasPrefix("#"), "\(attribute)=\(value)")
      }
      #expect(!element.attributes.contains { $0.name.hasPrefix("on") })
    }
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url(") && !page.contains("@import"))

    // for those who do not see it
    #expect(elements.first { $0.name == "html" }?["lang"] == "en")
    let headings = elements.filter { ["h1", "h2", "h3"].contains($0.name) }.map(\.name)
    #expect(headings.first == "h1" && headings.dropFirst().allSatisfy { $0 == "h2" } && headings.count > 8)
    let drawings = elements.filter { $0.name == "svg" }
    #expect(drawings.count >= 5)
    for drawing in drawings {
      #expect(drawing["role"] == "img")
      #expect(drawing.children.prefix(2) == ["title", "desc"])
    }
    for table in elements where table.name == "table" { #expect(table.children.first == "caption") }
    for head in elements where head.name == "th" { #expect(head["scope"] != nil) }
    for picture in elements where picture.name == "img" { #expect(picture["alt"]?.isEmpty == false) }
    let ids = elements.compactMap { $0["id"] }
    #expect(Set(ids).count == ids.count)
    for link in elements where link.name == "a" { #expect(ids.contains(String((link["href"] ?? "").dropFirst()))) }

    // the drawings stay within their frames
    for drawing in drawings {
      let frame = (drawing["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
      try #require(frame.count == 4)
      for (x, y) in drawing.points { #expect(x >= 0 && x <= frame[2] && y >= 0 && y <= frame[3]) }
      #expect(!drawing.points.isEmpty)
    }

    // the numbers
    #expect(page.contains("50 bootstrap resamples") && page.contains("from the seed 42"))
    #expect(page.contains("1,234") && page.contains("over 100,000"))
    if let classes = report.classes {
      let right = (0..<classes.labels.count).count { row in
        let shares = classes.probabilities[row * classes.classNames.count..<(row + 1) * classes.classNames.count]
        return predictedClass(shares) == Int(classes.labels[row])
      }
      #expect(
        report.scores[0].figures.first { $0.key == "accuracy" }?.value == Double(right) / Double(classes.labels.count))
      #expect(page.contains("<caption>\(classes.labels.count) rows</caption>"))
      #expect(page.contains("ROC curve") && page.contains("Reliability") && !page.contains("residual"))
    } else {
      #expect(page.contains("Predicted against true") && page.contains("Residuals") && !page.contains("ROC"))
    }
  }

  @Test func whatIsNotThereIsLeftOut() throws {
    let page = Report(title: "Nothing", dataName: "none").html()
    let elements = try MarkupReader.elements(of: page)
    #expect(!elements.contains { ["section", "svg", "table", "nav", "h2"].contains($0.name) })
    #expect(page.contains("<h1 dir=\"auto\">Nothing</h1>"))
    // results without rows, and a run without epochs
    var report = Report(title: "Nothing", dataName: "none")
    report.classes = .init(labels: [], probabilities: [], classNames: ["a", "b"])
    report.quantities = .init(truths: [], predictions: [], name: "y")
    #expect(report.html() == page)
  }

  @Test func manyClassesAreListedAsPairs() throws {
    // 40 classes, each taken for the next one once and class 7 for class 3 four times
    var (labels, predictions): ([Int32], [Int]) = ([], [])
    for label in 0..<40 {
      labels += [Int32(label), Int32(label)]
      predictions += [label, (label + 1) % 40]
    }
    labels += [7, 7, 7, 7]
    predictions += [3, 3, 3, 3]
    var probabilities = [Float](repeating: 0.01, count: labels.count * 40)
    for (row, prediction) in predictions.enumerated() { probabilities[row * 40 + prediction] = 0.61 }
    var report = Report(title: "Many", dataName: "many")
    report.classes = .init(labels: labels, probabilities: probabilities, classNames: (0..<40).map { "class \($0)" })
    let page = report.html()
    _ = try MarkupReader.elements(of: page)
    #expect(page.contains("41 pairs occur; the first 25 are shown. 40 of 84 rows are right."))
    let first = try #require(page.firstRange(of: "<tr><th scope=\"row\" dir=\"auto\">class 7</th>"))
    #expect(
      page[first.upperBound...].hasPrefix("<td class=\"text\" dir=\"auto\">class 3</td><td>4</td><td>66.7\u{A0}%</td>"))
    #expect(page.contains("The first 10 of 40 classes are drawn."))
  }

  @Test func countsAndSharesOfRowsAreSaid() throws {
    // one of two "no" and neither of two "yes" is right
    var report = Report(title: "Two", dataName: "two")
    report.classes = .init(
      labels: [0, 1, 1, 0], probabilities: [0.92, 0.08, 0.8, 0.2, 0.95, 0.05, 0.4, 0.6], classNames: ["no", "yes"])
    let page = report.html()
    #expect(
      page.contains(
        "<th scope=\"row\" dir=\"auto\">no</th><td class=\"t5 own\">1<span>50\u{A0}%</span></td>"
          + "<td class=\"t5\">1<span>50\u{A0}%</span></td><td class=\"sum\">2</td>"))
    #expect(
      page.contains(
        "<th scope=\"row\" dir=\"auto\">yes</th><td class=\"t9\">2<span>100\u{A0}%</span></td>"
          + "<td class=\"t0 own\">0</td><td class=\"sum\">2</td>"))
    // of the pairs of a "yes" and a "no" one in four is in the right order: 0.2 and 0.08
    #expect(page.contains("yes: area 0.250") && page.contains("yes: \u{2068}0.250\u{2069}"))
    // the probabilities of "yes": 0.05 and 0.08 in the first bin, one of them a "yes"
    #expect(page.contains("mean probability 6.5\u{A0}%, came true 50.0\u{A0}%, 2 rows"))
  }

  @Test func theWorstMistakesComeFirst() throws {
    let classes = Report.ClassResults(
      labels: [0, 1, 1, 0], probabilities: [0.9, 0.1, 0.8, 0.2, 0.95, 0.05, 0.4, 0.6], classNames: ["no", "yes"],
      rows: [10, 11, 12, 13])
    let wrong = classes.worstMistakes()
    #expect(wrong.map(\.row) == [13, 12, 14] && wrong.map(\.place) == [2, 1, 3])
    #expect(wrong.map(\.truth) == ["yes", "yes", "no"] && wrong.map(\.prediction) == ["no", "no", "yes"])
    #expect(wrong.map(\.certainty) == [0.95, 0.8, 0.6].map { Double(Float($0)) })
    #expect(classes.worstMistakes(1).count == 1)
    let values = Report.QuantityResults(truths: [1, 2, 3, 4], predictions: [1, 5, 2.5, .nan], name: "y")
    #expect(values.worstMistakes().map(\.row) == [4, 2, 3])
    #expect(values.worstMistakes()[1].error == 3)
  }

  /// Numbers of any size, constant ones, and none that is finite.
  @Test(
    arguments: [
      [1e30, 2e30, -1e30], [1e-30, 2e-30, 0], [5, 5, 5], [0, 0, 0], [.nan, 1, .infinity], [.nan, .nan, .nan],
      [16_777_216, 16_777_218, 16_777_220], [-3.4e38, 3.4e38, 0],
    ] as [[Float]])
  func quantitiesOfAnySizeAreDrawn(truths: [Float]) throws {
    var report = Report(title: "Sizes", dataName: "sizes")
    report.quantities = .init(truths: truths, predictions: truths.reversed(), name: "y")
    report.mistakes = report.quantities?.worstMistakes() ?? []
    let elements = try MarkupReader.elements(of: report.html())
    #expect(elements.count { $0.name == "svg" } == (truths.contains(where: \.isFinite) ? 3 : 0))
    for drawing in elements where drawing.name == "svg" {
      #expect(drawing.points.allSatisfy { $0.0 >= 0 && $0.0 <= 360 && $0.1 >= 0 && $0.1 <= 330 })
    }
  }

  @Test func manyPointsAreThinned() throws {
    var report = Report(title: "Many", dataName: "many")
    let truths = (0..<5001).map { Float($0) }
    report.quantities = .init(truths: truths, predictions: truths.map { $0 + 1 }, name: "y")
    let page = report.html()
    let elements = try MarkupReader.elements(of: page)
    #expect(elements.count { $0.name == "circle" } == 4000)
    #expect(page.contains("2,000 of 5,001, evenly spaced"))
  }
}
