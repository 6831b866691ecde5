import DescentFormats
import Foundation
import Testing

/// From data to a model and back: what the figures and files must be.
@Suite struct TrainingTests {
  // MARK: The same command

  @Test(arguments: [
    "digits --epochs 2", "digits --epochs 1 --precision bfloat16",
    "spiral:size=200 --layers 8,8 --epochs 3 --dropout 0.2",
  ])
  func sameCommandSameBytes(command: String) throws {
    let workshop = try Workshop()
    for name in ["a", "b"] { try workshop.succeed("train \(command) --seed 3 --quiet --output \(name)") }
    for threads in [1, 2] {
      try workshop.succeed(
        "train \(command) --seed 3 --quiet --deterministic --threads \(threads) --output threads\(threads)")
    }
    try workshop.succeed("train \(command) --seed 4 --quiet --output other")
    let first = try workshop.bytes("a")
    #expect(try first == workshop.bytes("b"))
    #expect(try workshop.bytes("threads1") == workshop.bytes("threads2"))
    let (own, other) = (try weights(first), try weights(workshop.bytes("other")))
    #expect(own != other)
  }

  private func weights(_ bytes: [UInt8]) throws -> [[UInt8]] {
    try SafeTensorsFile(bytes, place: "model").entries.map(\.bytes)
  }

  @Test func modelFileHoldsWhatDecidesTheResultAndNothingElse() throws {
    let workshop = try Workshop()
    try workshop.succeed("train iris --epochs 1 --layers 5 --quiet --threads 1 --metrics m --output somewhere")
    let file = try SafeTensorsFile(path: workshop.path("somewhere"))
    #expect(file.entries.map(\.name).sorted() == ["0.bias", "0.weight", "2.bias", "2.weight"])
    #expect(file["0.weight"]?.shape == [5, 4] && file["2.weight"]?.shape == [3, 5])
    #expect(
      file.metadata.keys.sorted() == ["checksum", "data", "format", "learnt", "network", "preparation", "training"])
    let text = file.metadata.values.joined()
    for word in ["somewhere", "threads", "seconds", "deterministic"] { #expect(!text.contains(word)) }
    for (key, value) in file.metadata where !["checksum", "format"].contains(key) {
      let object = try JSONSerialization.jsonObject(with: Data(value.utf8))
      let sorted = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
      #expect(keys(value) == keys(String(decoding: sorted, as: UTF8.self)))
    }
  }

  /// What stands before a colon, in order.
  private func keys(_ json: String) -> [String] { json.matches(of: /"(\w+)":/).map { String($0.1) } }

  // MARK: Figures

  @Test(arguments: [
    ("iris --epochs 12", ["accuracy"]), ("digits --epochs 1", ["accuracy"]),
    ("xor --epochs 20 --layers 4", ["accuracy"]), ("digits --epochs 1 --precision bfloat16", ["accuracy"]),
    ("iris --epochs 3 --loss mean-squared", ["accuracy"]),
    ("diabetes --epochs 8", ["rmse", "mae", "r2"]), ("plane --epochs 3", ["rmse", "mae", "r2"]),
    ("diabetes --epochs 2 --loss mean-absolute-percentage", ["rmse", "mae", "r2"]),
    ("digits --epochs 2 --task regression", ["rmse", "mae", "r2"]),
  ])
  func evaluationRepeatsTheLastLine(command: String, figures: [String]) throws {
    let workshop = try Workshop()
    let data = try #require(command.split(separator: " ").first)
    try workshop.succeed("train \(command) --quiet --metrics m.jsonl --early-stopping 2")
    let records = try workshop.records("m.jsonl")
    let last = try #require(records.last)
    #expect(last["final"] as? Bool == true && last["epochs"] as? Int == records.count - 1)
    #expect(Set(last.keys) == Set(["final", "epochs", "best_epoch", "test_loss"] + figures.map { "test_\($0)" }))
    let evaluated = try workshop.figures("evaluate model.safetensors \(data) --json")
    let more =
      figures == ["accuracy"]
      ? [
        "precision", "recall", "f1", "cohen_kappa", "matthews", "log_loss", "perplexity", "brier_score",
        "calibration_error", "roc_auc", "pr_auc",
      ] + (data == "digits" ? ["top_5_accuracy"] : [])
      : ["mse", "explained_variance"]
    // MAPE and MSLE are there where no value is 0, or below
    let others = Set(evaluated.keys).subtracting(["samples", "loss"] + figures + more)
    #expect(others.isSubset(of: figures == ["accuracy"] ? [] : ["mape", "msle"]))
    #expect(Set(["samples", "loss"] + figures + more).isSubset(of: evaluated.keys))
    let printed = try workshop.succeed("evaluate model.safetensors \(data)").output
    for name in figures == ["accuracy"] ? ["Cohen's kappa", "ROC AUC", "log loss"] : ["MSE", "explained variance"] {
      #expect(printed.contains("\(name) "))
    }
    for name in ["loss"] + figures { #expect(evaluated[name] == last["test_\(name)"] as? Double, "\(name)") }
    let isClasses = figures == ["accuracy"]
    var keys = ["epoch", "loss", "seconds", "samples_per_second"]
    if isClasses { keys.append("accuracy") }
    if data != "xor" { keys += ["validation_loss"] + (isClasses ? ["validation_accuracy"] : []) }
    for (place, record) in records.dropLast().enumerated() {
      #expect(Set(record.keys) == Set(keys))
      #expect(record["epoch"] as? Int == place + 1)
    }
  }

  @Test func predictionsAreAsRightAsEvaluationSays() throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { row in
      "\(row % 7),\(row * row % 11),\(["red", "gr,ee\"n", "bl\nue", "grün"][row * row % 4])"
    }
    let quoted = rows.map { row in
      let fields = row.split(separator: ",", maxSplits: 2)
      return "\(fields[0]),\(fields[1]),\"\(fields[2].replacing("\"", with: "\"\""))\""
    }
    try workshop.write(Array((["a,b,colour"] + quoted).joined(separator: "\n").utf8), to: "t.csv")
    try workshop.succeed("train t.csv --target colour --epochs 40 --layers 16 --learning-rate 0.01 --quiet")
    let accuracy = try workshop.figures("evaluate model.safetensors t.csv --json")["accuracy"]
    try workshop.succeed("predict model.safetensors t.csv --probabilities --output p.csv")
    // the predictions are a table themselves: read them with the probabilities as features of another model
    let table = try csv(workshop.bytes("p.csv"))
    #expect(try table.map { Array($0.prefix(3)) } == csv(workshop.bytes("t.csv")))
    let predictions = table.map { Array($0.dropFirst(3)) }
    let truths = try csv(workshop.bytes("t.csv")).dropFirst().map { $0[2] }
    #expect(predictions[0].first == "prediction" && Set(predictions[0].dropFirst()) == Set(truths))
    #expect(predictions.count == 61)
    let right = zip(predictions.dropFirst().map { $0[0] }, truths).filter { $0 == $1 }.count
    #expect(Double(right) / 60 == accuracy)
    for row in predictions.dropFirst() {
      let shares = try row.dropFirst().map { try #require(Double($0)) }
      #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
      let best = try #require(shares.indices.max { shares[$0] < shares[$1] })
      #expect(predictions[0][best + 1] == row[0])
    }
  }

  /// Fields of a table as RFC 4180 has them.
  private func csv(_ bytes: [UInt8]) throws -> [[String]] {
    var rows: [[String]] = [[]]
    var (field, isQuoted) = ("", false)
    let characters = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var place = 0
    while place < characters.count {
      let scalar = characters[place]
      place += 1
      if scalar == "\"" {
        if isQuoted, place < characters.count, characters[place] == "\"" {
          field.append("\"")
          place += 1
        } else {
          isQuoted.toggle()
        }
      } else if !isQuoted, scalar == "," || scalar == "\n" {
        rows[rows.count - 1].append(field)
        field = ""
        if scalar == "\n" { rows.append([]) }
      } else {
        field.unicodeScalars.append(scalar)
      }
    }
    if rows.last?.isEmpty == true, field.isEmpty { return rows.dropLast() }
    rows[rows.count - 1].append(field)
    return rows
  }

  @Test func regressionPredictsInItsOwnUnit() throws {
    let workshop = try Workshop()
    let rows = (0..<80).map { "\($0),\(1000 + 25 * $0).5" }
    try workshop.write(Array((["x,rent"] + rows).joined(separator: "\n").utf8), to: "t.csv")
    let text = try workshop.succeed("train t.csv --target rent --layers none --epochs 60 --learning-rate 0.05").output
    #expect(text.contains("regression of 'rent' ('rent' holds numbers with fractions)"))
    let figures = try workshop.figures("evaluate model.safetensors t.csv --json")
    #expect(try #require(figures["r2"]) > 0.99)
    try workshop.succeed("predict model.safetensors t.csv")
    let lines = try workshop.lines("predictions.csv")
    #expect(lines[0] == "x,rent,prediction")
    let predictions = try lines.dropFirst().map { try #require($0.split(separator: ",").last.flatMap { Double($0) }) }
    let squares = zip(predictions, 0..<80).map { pow($0 - (1000.5 + 25 * Double($1)), 2) }
    #expect(abs((squares.reduce(0, +) / 80).squareRoot() - (figures["rmse"] ?? 0)) < 0.01)
    expectFailure(
      try workshop.run("predict model.safetensors t.csv --probabilities"), 64, ["'rent'", "--probabilities"])
  }

  @Test func columnsInAnotherOrderAndNoTarget() throws {
    let workshop = try Workshop()
    let rows = (0..<40).map { ($0 % 5, $0 % 3, $0 % 2 == 0 ? "even" : "odd") }
    func table(_ header: String, _ line: ((Int, Int, String)) -> String) -> [UInt8] {
      Array(([header] + rows.map(line)).joined(separator: "\n").utf8)
    }
    try workshop.write(table("a,b,y") { "\($0.0),\($0.1),\($0.2)" }, to: "t.csv")
    try workshop.write(table("y,extra,b,a") { "\($0.2),text,\($0.1),\($0.0)" }, to: "u.csv")
    try workshop.write(table("b,a") { "\($0.1),\($0.0)" }, to: "v.csv")
    try workshop.succeed("train t.csv --target y --epochs 2 --quiet")
    let figures = try workshop.figures("evaluate model.safetensors t.csv --json")
    #expect(try workshop.figures("evaluate model.safetensors u.csv --json") == figures)
    expectFailure(try workshop.run("evaluate model.safetensors v.csv"), 65, ["v.csv", "'y'"])
    for name in ["t", "u", "v"] {
      let run = try workshop.run("predict model.safetensors \(name).csv --probabilities --output \(name)")
      #expect(run.code == 0 && run.errors.isEmpty == (name != "u"), "\(run.errors)")
    }
    let predictions = try ["t", "u", "v"].map { try workshop.lines($0).map { $0.split(separator: ",").suffix(3) } }
    #expect(predictions[0] == predictions[1] && predictions[0] == predictions[2])
    #expect(try workshop.run("predict model.safetensors u.csv").errors.contains("'extra'"))
  }

  @Test func partsOfTheData() throws {
    let workshop = try Workshop()
    try workshop.succeed("train iris --epochs 1 --quiet")
    for (split, count) in [("train", 120.0), ("test", 30), ("all", 150)] {
      #expect(try workshop.figures("evaluate model.safetensors iris --json --split \(split)")["samples"] == count)
      try workshop.succeed("predict model.safetensors iris --split \(split)")
      #expect(try workshop.lines("predictions.csv").count == Int(count) + 1)
    }
    #expect(try workshop.figures("evaluate model.safetensors iris --json")["samples"] == 30)
    try workshop.succeed("predict model.safetensors iris --output default.csv")
    #expect(try workshop.lines("default.csv").count == 31)
  }

  @Test(arguments: [
    ("1\n2\n1\n2", "", "classification into 2 classes ('y' holds 2 different whole numbers)"),
    ("1.0\n2\n1\n2", "", "classification into 2 classes"),
    ("1.5\n2\n1\n2", "", "regression of 'y' ('y' holds numbers with fractions)"),
    ("x\ny\n1\n2", "", "classification into 4 classes ('y' holds text)"),
    ((0..<20).map { "\($0)" }.joined(separator: "\n"), "", "classification into 20 classes"),
    ((0..<21).map { "\($0)" }.joined(separator: "\n"), "", "regression of 'y' ('y' holds more than 20"),
    ("1\n2\n1\n2", "--task regression", "regression of 'y' (that is the task asked for)"),
    ("1.5\n2\n1.5\n2", "--task classification", "classification into 2 classes (that is the task asked for)"),
  ])
  func taskFollowsTheTarget(column: String, options: String, expected: String) throws {
    let workshop = try Workshop()
    let rows = column.split(separator: "\n").enumerated().map { "\($0.offset),\($0.element)" }
    try workshop.write(Array((["a,y"] + rows).joined(separator: "\n").utf8), to: "t.csv")
    let text = try workshop.succeed("train t.csv --target y --epochs 1 --layers 2 \(options)").output
    #expect(text.contains("task: \(expected)"), "\(text)")
  }

  // MARK: The end of training

  @Test func earlyStoppingRestoresTheBestEpoch() throws {
    let workshop = try Workshop()
    let rows = (0..<40).map { "\($0 * 7 % 40),\($0 * 13 % 40),\($0 * $0 % 3)" }
    try workshop.write(Array((["a,b,y"] + rows).joined(separator: "\n").utf8), to: "t.csv")
    let command = "train t.csv --target y --learning-rate 0.02 --schedule constant --metrics m.jsonl --quiet"
    try workshop.succeed("\(command) --epochs 200 --early-stopping 3")
    let records = try workshop.records("m.jsonl")
    let losses = records.compactMap { $0["validation_loss"] as? Double }
    let last = try #require(records.last)
    let best = try #require(last["best_epoch"] as? Int)
    try #require(losses.count < 200 && losses.count == best + 3)
    #expect(losses[best - 1] == losses.min())
    let stopped = try workshop.bytes("model.safetensors")
    // the same run, ended at the best epoch, has the same weights
    try workshop.succeed("\(command) --epochs \(best) --early-stopping \(best) --output short")
    let short = try weights(workshop.bytes("short"))
    #expect(try weights(stopped) == short)
    #expect(try workshop.records("m.jsonl").last?["best_epoch"] as? Int == best)
  }

  @Test func smallChangeOfLossEndsTraining() throws {
    let workshop = try Workshop()
    let run = try workshop.succeed("train iris --epochs 300 --min-loss-change 0.02 --metrics m.jsonl")
    let losses = try workshop.records("m.jsonl").compactMap { $0["loss"] as? Double }
    #expect(losses.count > 1 && losses.count < 300)
    for (place, loss) in losses.enumerated().dropFirst() {
      #expect((abs(loss - losses[place - 1]) < 0.02) == (place == losses.count - 1))
    }
    #expect(run.output.contains("ended after epoch \(losses.count): the loss changed by less than 0.02"))
  }

  @Test func lastSmallerBatchCounts() throws {
    let workshop = try Workshop()
    // weights that hardly move: the mean over batches of 3, 3 and 2 rows is the mean over 8 rows in one batch
    let rows = (0..<8).map { "\($0 * $0),\($0 % 2)" }
    try workshop.write(Array((["a,y"] + rows).joined(separator: "\n").utf8), to: "t.csv")
    var losses: [Double] = []
    for size in [3, 8, 100] {
      try workshop.succeed(
        "train t.csv --target y --validation 0 --epochs 1 --learning-rate 1e-12 --dropout 0 --batch-size \(size) "
          + "--metrics m"
      )
      losses.append(try #require(workshop.records("m").first?["loss"] as? Double))
    }
    #expect(abs(losses[0] - losses[1]) < 1e-6 && losses[1] == losses[2])
  }

  @Test(arguments: [2, 3])
  func fewRows(count: Int) throws {
    let workshop = try Workshop()
    let rows = (0..<count).map { "\($0),\($0).5" }
    try workshop.write(Array((["a,y"] + rows).joined(separator: "\n").utf8), to: "t.csv")
    try workshop.succeed("train t.csv --target y --epochs 3 --validation 0.99 --quiet")
    #expect(try workshop.figures("evaluate model.safetensors t.csv --json")["samples"] == Double(count))
  }

  // MARK: What a network learns

  @Test(arguments: ["xor --layers 8 --epochs 1000", "staircase --layers 8 --epochs 200"], [0, 1])
  func learns(command: String, seed: Int) throws {
    let workshop = try Workshop()
    try workshop.succeed("train \(command) --seed \(seed) --quiet --metrics m.jsonl")
    #expect(try workshop.records("m.jsonl").last?["test_accuracy"] as? Double == 1)
  }

  @Test func digitsAreLearnt() throws {
    let workshop = try Workshop()
    try workshop.succeed("train digits --quiet --metrics m.jsonl")
    let accuracy = try workshop.records("m.jsonl").last?["test_accuracy"] as? Double
    #expect(try #require(accuracy) >= 0.95)
  }
}
