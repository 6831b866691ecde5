import DescentFormats
import Foundation
import Testing

/// The page that `--report` writes: that it needs nothing else, and says what the run came to.
@Suite struct ReportPageTests {
  // MARK: Runs

  /// Which rows test, by a column: 40 of 160. A class that a number tells, but for one row of those that test, `wrong`.
  private static let wrong = 131

  private func classes(_ workshop: Workshop) throws {
    let rows = (0..<160).map { row in
      let x = Double(row * 37 % 160) / 4
      let isHigh = (x > 20) != (row == Self.wrong)
      // rows without a target are left out, and count all the same
      let y = row % 50 == 7 ? "" : isHigh ? "high" : "low"
      let part = row % 4 == 3 ? "test" : row % 4 == 2 ? "validation" : "train"
      return "\(row),\(x),\(["red", "green", "blue"][row % 3]),same,\(part),\(y)"
    }
    try workshop.write(lines: ["number,x,colour,unit,part,y"] + rows, to: "my data.csv")
  }

  private static let command = [
    "train", "my data.csv", "--target", "y", "--split", "column:part", "--layers", "8", "--epochs", "60",
    "--learning-rate", "0.05", "--l2", "0.0001", "--metrics", "metrics.jsonl", "--report",
    "report.html",
  ]

  private func quantity(_ workshop: Workshop) throws {
    let rows = (0..<160).map { row in
      let x = Double(row * 37 % 160) / 4
      let part = row % 4 == 3 ? "test" : "train"
      return "\(x),\(row % 5),\(part),\(2 * x + Double(row % 5) + (row == Self.wrong ? 500 : 0))"
    }
    try workshop.write(lines: ["x,z,part,q"] + rows, to: "q.csv")
  }

  /// What holds of any page: one file, to be read without a network, in print and aloud.
  private func expectWhole(_ page: ReportPage) throws {
    for attribute in ["src", "href", "xlink:href", "data", "action", "poster", "srcset"] {
      for value in page.values(of: attribute) {
        #expect(value.hasPrefix("#") || value.hasPrefix("data:image/png;base64,"), "\(attribute)=\(value.prefix(60))")
      }
    }
    let words = page.text.replacing("http://www.w3.org/2000/svg", with: "").lowercased()
    for word in ["http:", "https:", "url(", "@import", "<script", "<link", "<iframe", "<object", "javascript:"] {
      #expect(!words.contains(word), "\(word)")
    }
    #expect(page.text.hasPrefix("<!DOCTYPE html>") && page.text.hasSuffix("</html>\n"))
    #expect(page.has("<html lang=\"en\">") && page.has("<meta charset=\"utf-8\"/>") && page.has("@media print"))
    let drawings = page.tags("svg")
    #expect(!drawings.isEmpty && drawings.allSatisfy { $0.contains(" role=\"img\"") })
    for piece in page.text.components(separatedBy: "<svg ").dropFirst() {
      #expect(piece.contains(/^[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/), "\(piece.prefix(200))")
    }
    #expect(page.tags("table").count == page.tags("caption").count)
    for tag in page.tags("th") { #expect(tag.contains(" scope=\"")) }
    for tag in page.tags("img") { #expect(tag.contains(/\salt="[^"]+"/)) }
  }

  // MARK: Classes

  @Test func ofClasses() throws {
    let workshop = try Workshop()
    try classes(workshop)
    let run = try workshop.run(Self.command)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    let page = try workshop.page("report.html")
    try expectWhole(page)

    // the epoch chosen is that of the least loss of those that watch
    let records = try workshop.records("metrics.jsonl")
    let losses = records.compactMap { $0["validation_loss"] as? Double }
    let best = 1 + (losses.indices.min { losses[$0] < losses[$1] } ?? -1)
    let curves = try page.section("learning curves")
    #expect(curves.has("epoch \(best)") && curves.has("chosen"), "epoch \(best)")
    #expect(curves.contents(of: "figcaption") == ["Loss", "Accuracy"])
    let lines = curves.values(of: "points").map { $0.split(separator: " ").count }
    #expect(lines.filter { $0 == losses.count }.count >= 4, "\(lines): of \(losses.count) epochs each")

    // 40 rows test; the one that is labelled wrongly is taken for the other class
    let final = try #require(records.last)
    let accuracy = try #require(final["test_accuracy"] as? Double)
    #expect(abs(accuracy - 37.0 / 38) < 1e-9)
    let confusion = try page.section("confusion matrix")
    let counts = try ["high", "low"].map { name in try confusion.row(name).dropFirst().prefix(2).map { Int($0) } }
    let high = Self.testRows.filter { $0.y == "high" }.count
    let isHigh = Self.testRows.first { $0.row == Self.wrong }?.y == "high"
    #expect(counts[0] == [high - (isHigh ? 1 : 0), isHigh ? 1 : 0])
    #expect(counts[1] == [isHigh ? 0 : 1, 38 - high - (isHigh ? 0 : 1)])

    let ranking = try page.section("ROC")
    #expect(ranking.contents(of: "title").contains { $0.contains("ROC") })
    #expect(ranking.contents(of: "title").contains { $0.contains("recision") })
    #expect(try page.section("calibration").contents(of: "desc").first?.contains("rows") == true)
    #expect(!page.headings.contains { $0.contains("residual") })

    // the column that decides stands before the one that says nothing; what is left out is not among them
    let importance = try page.section("relies on")
    #expect(importance.contents(of: "title").contains { $0.lowercased().contains("permutation importance") })
    let names = importance.rows.compactMap(\.first).filter { ["x", "colour", "unit", "number", "part"].contains($0) }
    #expect(names == ["x", "colour"])

    // the row of the file, counted with those that have no target, and its fields
    let mistakes = try page.section("mistakes")
    let heads = try #require(mistakes.rows.first)
    let worst = try #require(mistakes.rows.dropFirst().first)
    let fields = Dictionary(zip(heads, worst)) { first, _ in first }
    let row = try #require(Self.testRows.first { $0.row == Self.wrong })
    #expect(fields["row"] == "\(Self.wrong + 1)" && fields["true"] == row.y && fields["predicted"] != row.y)
    #expect(fields["x"] == "\(row.x)" && fields["colour"] == row.colour)
    #expect(mistakes.rows.count == 2, "there is one mistake")

    let columns = try page.section("columns")
    #expect(columns.rows.dropFirst().map { $0[0] } == ["number", "x", "colour", "unit", "part", "y"])
    #expect(try columns.row("x")[1...3] == ["number", "0", "160"] && columns.row("unit")[1] == "constant")
    #expect(try columns.row("y")[2] == "4" && columns.row("unit")[5].contains("left out"))
    let network = try page.section("network")
    #expect(network.rows.contains { $0.contains("dense") && $0.contains("8") }, "\(network.rows)")
    #expect(try page.section("settings").row("learning rate")[1] == "0.05")
  }

  /// The rows of the file that test and have a target.
  private static let testRows: [(row: Int, x: Double, colour: String, y: String)] = (0..<160).compactMap { row in
    let x = Double(row * 37 % 160) / 4
    guard row % 4 == 3, row % 50 != 7 else { return nil }
    return (row, x, ["red", "green", "blue"][row % 3], (x > 20) != (row == wrong) ? "high" : "low")
  }

  @Test func theCommandThatRepeatsIt() throws {
    let workshop = try Workshop()
    try classes(workshop)
    #expect(try workshop.run(Self.command).code == 0)
    let line = try #require(workshop.page("report.html").contents(of: "code").first)
    #expect(line.hasPrefix("descent train 'my data.csv' --target y "))
    let (model, page) = (try workshop.bytes("model.safetensors"), try workshop.bytes("report.html"))
    for name in ["model.safetensors", "report.html"] { try FileManager.default.removeItem(atPath: workshop.path(name)) }
    #expect(try workshop.shell("\"$0\" \(line.dropFirst("descent ".count))") == 0)
    expectSame(try workshop.bytes("model.safetensors"), model)
    expectSame(try workshop.bytes("report.html"), page)
  }

  /// Classes that nothing tells, and a network large enough to learn rows by heart: figures of rows that it has learnt would
  /// be near 1, and those of rows that it has not seen are what the program prints.
  @Test(arguments: ["--test 0.2", "--test 0", "--test 0 --folds 2"])
  func figuresAreOfRowsThatWereNotLearnt(options: String) throws {
    let workshop = try Workshop()
    let rows = (0..<80).map { row in
      let mixed = [7919, 104_729, 1_299_709].map { Double((row + 1) * (row + 3) * $0 % 1009) / 4 }
      return "\(mixed[0]),\(mixed[1]),\(mixed[2]),\((row + 1) * (row + 7) * 611_953 % 1013 < 500 ? "u" : "v")"
    }
    try workshop.write(lines: ["a,b,c,y"] + rows, to: "t.csv")
    let output = TrainingOutput(
      try workshop.succeed(
        "train t.csv --target y --layers 64 --epochs 150 --learning-rate 0.01 --schedule constant --dropout 0 --l2 0 "
          + "--report report.html \(options)"))
    let page = try workshop.page("report.html")
    // folds stand first, beside what they have to beat
    #expect(page.headings.contains("cross-validation") == options.contains("folds"))
    if options.contains("folds") {
      let folds = try page.section("cross-validation")
      #expect(folds.rows.first == ["figure", "this network", "always the same", "linear model"])
      #expect(try folds.row("accuracy").count == 4 && page.has("over 2 folds"))
    }
    for model in ["this network", "linear model"] {
      let printed = try output.comparison(model, "accuracy")
      #expect(printed < 0.85, "\(model) can't know better")
      let figures = try page.section("key figures")
      let place = try #require(figures.rows.first?.firstIndex(of: model))
      let shown = try figures.row("accuracy")[place]
      let share = try #require(Double(shown.prefix { $0.isNumber || $0 == "." }))
      #expect(abs(share / 100 - printed) < 0.001, "\(model): the page says \(shown)")
    }
  }

  // MARK: A quantity

  @Test func ofAQuantity() throws {
    let workshop = try Workshop()
    try quantity(workshop)
    try workshop.succeed(
      "train q.csv --target q --split column:part --layers 8 --epochs 20 --learning-rate 0.05 --report report.html "
        + "--metrics metrics.jsonl")
    let page = try workshop.page("report.html")
    try expectWhole(page)
    #expect(try page.section("residuals").contents(of: "title").contains { $0.lowercased().contains("residual") })
    for word in ["confusion", "roc", "calibration"] { #expect(!page.headings.contains { $0.contains(word) }) }
    #expect(try page.section("learning curves").contents(of: "figcaption") == ["Loss"])
    let importance = try page.section("relies on").rows.compactMap(\.first).filter { ["x", "z", "part"].contains($0) }
    #expect(importance == ["x", "z"])
    // the row that is off by 500 comes first
    let mistakes = try page.section("mistakes")
    #expect(try #require(mistakes.rows.dropFirst().first).first == "\(Self.wrong + 1)")
    let off = try #require(mistakes.rows.dropFirst().first?.first { $0.hasPrefix("−") || $0.hasPrefix("+") })
    let error = try #require(Double(off.replacing("−", with: "-").replacing("+", with: "")))
    #expect(abs(error + 500) < 60)
    // the figures are those of the rows that test
    let final = try #require(workshop.records("metrics.jsonl").last)
    let figure = try page.section("key figures").row("R²")[1]
    let printed = try #require(Double(figure.replacing("−", with: "-")))
    let explained = final["test_r2"] as? Double
    #expect(abs(printed - (explained ?? .nan)) < 1e-3)
  }

  // MARK: Pictures

  @Test(.enabled(if: readsPictures)) func ofAFolderOfPictures() throws {
    let workshop = try Workshop()
    func pixels(_ number: Int, isDown: Bool) -> [UInt8] {
      (0..<36).map { place in
        let step = isDown ? place / 6 : place % 6
        return UInt8(40 * step + number)
      }
    }
    for part in ["train", "test"] {
      for number in 0..<12 {
        for name in ["down", "right"] {
          // one picture of those that test lies in the wrong folder
          let isDown = (name == "down") != (part == "test" && number == 5 && name == "down")
          let picture = Picture(width: 6, height: 6, channels: 1, pixels: pixels(number, isDown: isDown))
          try workshop.write(try picture.png(), to: "data/\(part)/\(name)/\(number).png")
        }
      }
    }
    try workshop.write("- flatten\n- dense\n".utf8, to: "net.yaml")
    try workshop.succeed(
      "train data --network net.yaml --epochs 30 --learning-rate 0.02 --report report.html --metrics metrics.jsonl")
    let accuracy = try #require(workshop.records("metrics.jsonl").last?["test_accuracy"] as? Double)
    #expect(abs(accuracy - 23.0 / 24) < 1e-9)
    let page = try workshop.page("report.html")
    try expectWhole(page)
    let mistakes = try page.section("mistakes")
    #expect(mistakes.rows.count == 2 && mistakes.rows[1].contains("down") && mistakes.rows[1].contains("right"))
    let source = try #require(mistakes.values(of: "src").first)
    let encoded = String(source.dropFirst("data:image/png;base64,".count))
    let shown = try Picture(bytes: Array(try #require(Data(base64Encoded: encoded))), place: "page")
    #expect(shown.width == 6 && shown.height == 6 && shown.pixels == pixels(5, isDown: false))
    let counts = try ["down", "right"].map { try page.section("confusion").row($0).dropFirst().prefix(2) }
    #expect(counts == [["11", "1"], ["0", "12"]])
  }

  // MARK: Where it goes

  @Test func nothingIsLeftWhereTheRunFails() throws {
    let workshop = try Workshop()
    try workshop.write("a,y\n1,x\n\"2,z\n".utf8, to: "bad.csv")
    expectFailure(try workshop.run("train bad.csv --target y --quiet --report report.html"), 65, ["bad.csv, line 3"])
    #expect(!workshop.has("report.html") && !workshop.has("model.safetensors"))
    expectFailure(
      try workshop.run("train iris --epochs 1000000 --quiet --report none/report.html"), 73, ["none/report.html"])
    for option in ["--output", "--metrics"] {
      expectFailure(try workshop.run("train iris --quiet --report a \(option) a"), 64, ["--report", option])
    }
    expectFailure(try workshop.run("train bad.csv --target y --quiet --report bad.csv"), 64, ["--report", "overwrite"])
    #expect(try workshop.lines("bad.csv").count == 3)
  }
}
