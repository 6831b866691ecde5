import Foundation
import Testing

/// What `descent train` says before it trains, and beside what it sets its network.
@Suite struct ColumnTableTests {
  // MARK: The table of columns

  private func table(_ workshop: Workshop) throws {
    let rows = (0..<120).map { row in
      let fields = [
        "row-\(row)x", "7", "\(Double(row * 37 % 120) / 4)", row % 30 == 4 ? "" : "\(row % 9)",
        ["red", "green", "blue", "grey"][row % 4], row % 5 == 0 ? "m" : "f",
        "2025-0\(1 + row / 19)-\(10 + row % 19)", "", "\(row * 1000)", row % 3 == 0 ? "yes" : "no",
      ]
      return fields.joined(separator: ",")
    }
    try workshop.write(lines: ["id,unit,price,rooms,colour,sex,day,nothing,area,y"] + rows, to: "t.csv")
  }

  @Test func everyColumnIsShownBeforeTraining() throws {
    let workshop = try Workshop()
    try table(workshop)
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y --layers 4 --epochs 1"))
    #expect(output.lines.first == "t.csv: 120 rows, 10 columns")
    #expect(try output.place(of: "column ") < output.place(of: "epoch "))
    #expect(try output.place(of: "y ") < output.place(of: "epoch "))
    let expected: [(name: String, type: String, missing: String, distinct: String, range: String)] = [
      ("id", "identifier", "0", "120", "row-0x"), ("unit", "constant", "0", "1", "7"),
      ("price", "number", "0", "120", "0 … 29.75"), ("rooms", "number", "4", "9", "0 … 8"),
      ("colour", "category", "0", "4", "red"), ("sex", "binary", "0", "2", "f, m"),
      ("day", "date/time", "0", "120", "2025-01-10 … 2025-07-15"), ("nothing", "empty", "120", "0", ""),
      ("area", "number", "0", "120", "0 … 119,000"), ("y", "binary", "0", "2", "no, yes"),
    ]
    for column in expected {
      let said = try output.column(column.name)
      #expect(said["type"] == column.type && said["missing"] == column.missing, "\(said)")
      #expect(said["distinct"] == column.distinct && said["range"]?.hasPrefix(column.range) == true, "\(said)")
    }
    for name in ["id", "unit", "nothing"] {
      #expect(try output.column(name)["becomes"]?.hasPrefix("left out: ") == true)
    }
    for (name, word) in [
      ("price", "standardised"), ("rooms", "flag"), ("colour", "one-hot, 4 inputs"), ("day", "cycle"), ("y", "target"),
    ] {
      let becomes = try output.column(name)["becomes"]
      #expect(becomes?.contains(word) == true, "\(name): \(becomes ?? "")")
    }
    // what is left out is not in the network, and what is not there changes nothing
    let names = try workshop.succeed("summary model.safetensors").output
    #expect(!names.isEmpty)
    try workshop.succeed("predict model.safetensors t.csv --output all.csv")
    try workshop.shell("cut -d, -f3- t.csv > some.csv")
    let run = try workshop.run("predict model.safetensors some.csv --output some-predictions.csv")
    #expect(run.code == 0)
    let (all, some) = (try workshop.lines("all.csv"), try workshop.lines("some-predictions.csv"))
    #expect(all.map { $0.split(separator: ",").last } == some.map { $0.split(separator: ",").last })
  }

  @Test func askedColumnsAreWhatWasAskedFor() throws {
    let workshop = try Workshop()
    try table(workshop)
    let options = [
      "price=number,log", "rooms=category", "colour=leave-out", "area=min-max=-1..1", "id=category,hash=8",
    ].map { "--column \($0)" }.joined(separator: " ")
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y --layers 4 --epochs 1 \(options)"))
    for (name, words) in [
      ("price", ["log"]), ("rooms", ["one-hot"]), ("colour", ["left out"]), ("area", ["min–max"]),
      ("id", ["8 hashes"]),
    ] {
      let said = try output.column(name)["becomes"] ?? ""
      for word in words { #expect(said.contains(word), "\(name): \(said)") }
    }
    #expect(try output.column("rooms")["type"] == "category" && output.column("id")["type"] == "category")
    for (option, code, words) in [
      ("--column nope=number", Int32(64), ["'nope'", "'price'"]), ("--column price=colour", 64, ["price", "colour"]),
      ("--column price", 64, ["--column price"]), ("--column sex=number", 65, ["t.csv, line", "'sex'", "number"]),
      ("--column price=number --column price=text", 64, ["price", "twice"]),
    ] {
      expectFailure(try workshop.run("train t.csv --target y --quiet \(option)"), code, words)
    }
  }

  @Test func rowsWithoutATargetAreCounted() throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { "\($0 % 7),\($0 % 10 == 3 ? "" : $0 % 2 == 0 ? "even" : "odd")" }
    try workshop.write(lines: ["x,y"] + rows, to: "t.csv")
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y --layers 4 --epochs 1"))
    #expect(output.lines[0].hasPrefix("t.csv: 60 rows, 2 columns"))
    #expect(output.lines[0].contains("6 rows without a target"))
    #expect(try output.lines[output.place(of: "data: ")].contains("54 samples"))
    #expect(try output.column("y")["missing"] == "6")
  }

  // MARK: Baselines

  @Test func classesAreSetBesideTheMajorityAndALinearModel() throws {
    let workshop = try Workshop()
    let rows = (0..<100).map { row in
      // two groups with a gap between them
      let x = Double(row * 37 % 100) + (row * 37 % 100 < 60 ? 0.5 : 60.5)
      return "\(x),\(row * 13 % 7),\(x < 60 ? "cheap" : "dear")"
    }
    try workshop.write(lines: ["x,z,y"] + rows, to: "t.csv")
    let output = TrainingOutput(
      try workshop.succeed("train t.csv --target y --layers 8 --epochs 40 --metrics metrics.jsonl"))
    // twelve of twenty rows
    #expect(try output.comparison("always 'cheap'", "accuracy") == 0.6)
    #expect(try output.comparison("always 'cheap'", "recall") == 0)
    #expect(try output.comparison("linear model", "accuracy") == 1)
    let own = try workshop.records("metrics.jsonl").last?["test_accuracy"] as? Double
    #expect(try output.comparison("this network", "accuracy") == own)
    #expect(try output.place(of: "epoch 1") < output.place(of: "linear model"))
    #expect(try output.lines[output.place(of: "this network") - 1].hasPrefix("on 20 test rows"))
  }

  /// What no linear model can tell apart, a network can: that is what the comparison is for.
  @Test func aNetworkBeyondALinearModel() throws {
    let workshop = try Workshop()
    let rows = (0..<200).map { row in
      let (x, z) = (row * 37 % 20, row * 53 % 19)
      return "\(x),\(z),\((x < 10) == (z < 9) ? "same" : "other")"
    }
    try workshop.write(lines: ["x,z,y"] + rows, to: "t.csv")
    let options = "--layers 16 --epochs 120 --learning-rate 0.02 --dropout 0 --l2 0.001"
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y \(options)"))
    #expect(try output.comparison("linear model", "accuracy") < 0.75)
    #expect(try output.comparison("this network", "accuracy") > 0.9)
  }

  @Test func aQuantityIsSetBesideItsMeanAndALinearModel() throws {
    let workshop = try Workshop()
    let rows = (0..<100).map { row in
      let (a, b) = (row % 11, row * 7 % 13)
      return "\(a),\(b),\(Double(2 * a - 3 * b) + 5.5)"
    }
    try workshop.write(lines: ["a,b,q"] + rows, to: "t.csv")
    let output = TrainingOutput(try workshop.succeed("train t.csv --target q --layers 4 --epochs 2"))
    #expect(try output.comparison("always the mean", "R²") <= 0)
    #expect(try output.comparison("always the mean", "R²") > -0.5)
    // but for its penalty of half a square a row, which is that of scikit-learn's ridge regression
    #expect(try output.comparison("linear model", "R²") >= 0.999)
    #expect(try output.comparison("linear model", "RMSE") < output.comparison("always the mean", "RMSE") / 50)
  }
}
