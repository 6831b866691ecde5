import Foundation
import Testing

/// How `--split` and `--folds` divide a table: shown by targets that can be learnt only from rows that must not be seen.
@Suite struct SplitTests {
  // MARK: Groups

  /// Four rows of each of 24 people; the quantity is a matter of the person, and can't be told of one that was not seen.
  private func people(_ workshop: Workshop) throws {
    let rows = (0..<96).map { row in
      let person = row % 24
      return "p\(person),p\(person),\(Double(person * 7919 % 101) / 5 + Double(row % 5) / 100)"
    }
    try workshop.write(lines: ["person,name,q"] + rows, to: "t.csv")
  }

  @Test func rowsOfAGroupStayTogether() throws {
    let workshop = try Workshop()
    try people(workshop)
    let command = "train t.csv --target q --layers none --epochs 60"
    // with rows of everybody in each part, names say it all
    let drawn = TrainingOutput(try workshop.succeed("\(command) --split random"))
    #expect(try drawn.comparison("linear model", "R²") > 0.95)
    for seed in 0..<3 {
      let metrics = "--metrics result.jsonl --seed \(seed)"
      let kept = TrainingOutput(try workshop.succeed("\(command) --split group:person \(metrics)"))
      // all people of the test part are unknown, and get one answer: the mean at the best
      let result = try #require(workshop.records("result.jsonl").last)
      let explained = result["test_r2"] as? Double
      #expect(try #require(explained) <= 0)
      #expect(try kept.comparison("linear model", "R²") <= 0)
      #expect(try kept.column("person")["becomes"]?.hasPrefix("left out") == true)
      #expect(try kept.column("name")["becomes"]?.contains("15 inputs") == true, "15 people learn, 4 watch, 5 test")
    }
  }

  @Test func groupsStayTogetherInFolds() throws {
    let workshop = try Workshop()
    try people(workshop)
    let command = "train t.csv --target q --layers none --epochs 60 --learning-rate 0.05 --l2 0 --folds 3"
    let drawn = try TrainingOutput(workshop.succeed("\(command) --split random")).folds("R²")
    let kept = try TrainingOutput(workshop.succeed("\(command) --split group:person")).folds("R²")
    #expect(drawn.count == 3 && drawn.allSatisfy { $0 > 0.5 }, "\(drawn)")
    #expect(kept.count == 3 && kept.allSatisfy { $0 <= 0 }, "\(kept)")
  }

  // MARK: Time, and a column that says it

  /// A hundred rows in no order; what tells the classes apart is turned round in the last fifth of the days, which a
  /// column calls `test`.
  private func turnedRound(_ workshop: Workshop) throws {
    let rows = (0..<100).map { place in
      let day = place * 37 % 100
      let (isLate, x) = (day >= 80, Double(day % 2 == 0 ? -1 : 1) * (1 + Double(day % 7) / 10))
      let date = "2025-0\(1 + day / 28)-\(day % 28 < 9 ? "0" : "")\(1 + day % 28)"
      return "\(date),\(x),\(isLate ? "test" : day >= 64 ? "validation" : "train"),\((x > 0) != isLate ? "up" : "down")"
    }
    try workshop.write(lines: ["day,x,part,y"] + rows, to: "t.csv")
  }

  @Test(arguments: ["time:day", "column:part"])
  func theRowsThatTest(split: String) throws {
    let workshop = try Workshop()
    try turnedRound(workshop)
    let options = "--layers none --epochs 40 --learning-rate 0.05"
    let command = "train t.csv --target y \(options)"
    let other = split == "time:day" ? "part" : "day"
    let run = try workshop.succeed("\(command) --column \(other)=leave-out --split \(split) --metrics result.jsonl")
    let output = TrainingOutput(run)
    #expect(try output.lines[output.place(of: "data: ")].hasSuffix("64 to train, 16 to validate, 20 to test"))
    // right on the days before, and wrong on each of those that test: no other row is among these
    let records = try workshop.records("result.jsonl")
    let last = try #require(records.last)
    #expect(last["test_accuracy"] as? Double == 0)
    #expect(records.compactMap { $0["validation_accuracy"] as? Double }.max() == 1)
    #expect(try output.comparison("this network", "accuracy") == 0)
    #expect(try output.comparison("linear model", "accuracy") == 0)
  }

  @Test(arguments: [
    ("time:x9", ["'x9'", "'day'"]), ("column:x", ["'x'", "train", "test"]), ("column:none", ["'none'"]),
    ("group:none", ["'none'"]),
  ])
  func columnsThatSayNoPart(split: String, words: [String]) throws {
    let workshop = try Workshop()
    try turnedRound(workshop)
    expectFailure(try workshop.run("train t.csv --target y --quiet --split \(split)"), 65, ["t.csv"] + words)
    #expect(!workshop.has("model.safetensors"))
  }

  // MARK: Classes

  @Test func everyPartHasTheClassesInTheirShares() throws {
    let workshop = try Workshop()
    let rows = (0..<100).map { "\($0 * 31 % 17),\($0 < 70 ? "often" : $0 < 90 ? "seldom" : "rare")" }
    try workshop.write(lines: ["x,y"] + rows, to: "t.csv")
    for seed in 0..<4 {
      let output = TrainingOutput(
        try workshop.succeed("train t.csv --target y --layers 2 --epochs 1 --test 0.3 --seed \(seed)"))
      // 21, 6 and 3 of 30
      #expect(try output.comparison("always 'often'", "accuracy") == 0.7)
    }
    let drawn = try (0..<4).map { seed in
      try TrainingOutput(
        workshop.succeed("train t.csv --target y --layers 2 --epochs 1 --test 0.3 --seed \(seed) --split random")
      ).comparison("always 'often'", "accuracy")
    }
    #expect(Set(drawn).count > 1)
  }

  // MARK: Folds

  @Test func foldsAreSummedUpAndANetworkIsSaved() throws {
    let workshop = try Workshop()
    let rows = (0..<90).map { "\($0 * 37 % 90),\($0 * 53 % 11),\($0 * 37 % 90 < 40 ? "low" : "high")" }
    try workshop.write(lines: ["x,z,y"] + rows, to: "t.csv")
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y --layers 8 --epochs 4 --folds 3"))
    let lines = output.lines.filter { $0.hasPrefix("fold ") }
    #expect(lines.count == 3)
    for (place, line) in lines.enumerated() { #expect(line.hasPrefix("fold \(place + 1) of 3: ")) }
    let head = try output.place(of: "mean of 3 folds ")
    func cells(_ line: String) -> [String] {
      line.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
    let (names, summary) = (cells(output.lines[head]), cells(output.lines[head + 1]))
    #expect(summary[0] == "this network")
    // what it has to beat was measured on the same folds
    #expect(output.lines[head + 2].hasPrefix("always the same ") && output.lines[head + 3].hasPrefix("linear model "))
    for figure in ["accuracy", "precision", "recall", "F1"] {
      let values = try output.folds(figure)
      let mean = values.reduce(0, +) / 3
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
      let words = summary[try #require(names.firstIndex(of: figure))].split(separator: " ")
      #expect(words[1] == "±")
      let printed = try [words[0], words[2]].map { try #require(Double($0)) }
      #expect(abs(printed[0] - mean) < 1e-4 && abs(printed[1] - spread) < 1e-4, "\(figure) of \(values): \(printed)")
    }
    // the network that is saved has learnt from all rows
    #expect(try output.lines[output.place(of: "data: ")].hasSuffix("72 to train, 18 to validate"))
    #expect(output.lines.last == "saved to model.safetensors")
    #expect(try workshop.figures("evaluate model.safetensors t.csv --json")["samples"] == 90)
  }

  @Test func foldsOfAQuantityAndOfBuiltInData() throws {
    let workshop = try Workshop()
    let quantity = TrainingOutput(try workshop.succeed("train diabetes --layers 8 --epochs 2 --folds 4"))
    #expect(try quantity.folds("RMSE").count == 4)
    #expect(try quantity.lines[quantity.place(of: "mean of 4 folds ")].contains("R²"))
    let classes = TrainingOutput(try workshop.succeed("train iris --epochs 10 --folds 5 --learning-rate 0.01"))
    let accuracies = try classes.folds("accuracy")
    // thirty rows test in each fold
    #expect(accuracies.count == 5 && accuracies.allSatisfy { $0 > 0.8 && abs(($0 * 30).rounded() - $0 * 30) < 0.01 })
    expectFailure(try workshop.run("train iris --folds 1"), 64, ["--folds", "got 1"])
    expectFailure(try workshop.run("train iris --folds 151 --quiet"), 64, ["--folds 151", "150"])
  }
}
