import DescentFormats
import Foundation
import Testing

@Suite struct TuneTests {
  private static let command = "tune iris --trials 4 --epochs 6 --deterministic --threads 1"

  /// Lines that say something of the trials, times left out.
  private func trials(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.contains("trial ") && !$0.hasPrefix("round") }
  }

  @Test func irisIsTunedAndTheCommandLineTrainsTheSameNetwork() throws {
    let workshop = try Workshop()
    let run = try workshop.succeed("\(Self.command) --output tuned.safetensors")
    for trial in 0..<4 { #expect(run.output.contains("trial \(trial): validation loss ")) }
    for word in ["rank", "on 30 test rows", "tuned (trial ", "default (trial 0)", "accuracy"] {
      #expect(run.output.contains(word), "\(word)")
    }
    #expect(try workshop.records("tune.jsonl").count == 1 + 4)
    let line = try #require(run.output.split(separator: "\n").last)
    let words = line.split(separator: " ")
    #expect(words.prefix(3) == ["descent", "train", "iris"] && words.contains("--deterministic"))
    let (tuned, before) = (try workshop.bytes("tuned.safetensors"), try workshop.lines("tune.jsonl"))
    let train = words.dropFirst().map { $0 == "tuned.safetensors" ? "trained.safetensors" : String($0) }
    #expect(try workshop.run(train).code == 0)
    #expect(try workshop.bytes("trained.safetensors") == tuned)

    // a finished search is taken over as it is
    let again = try workshop.succeed("\(Self.command) --output tuned.safetensors")
    #expect(again.output.contains("4 results taken over"))
    #expect(trials(again.output) == trials(run.output))
    #expect(try workshop.bytes("tuned.safetensors") == tuned)
    #expect(try workshop.lines("tune.jsonl") == before)
  }

  @Test func aStoppedSearchGoesOnToTheSameEnd() throws {
    let workshop = try Workshop()
    let run = try workshop.succeed(Self.command)
    let model = try workshop.bytes("model.safetensors")
    let journal = try workshop.bytes("tune.jsonl")
    let ends = journal.indices.filter { journal[$0] == 0x0A }
    // two trials are whole, the third half-written
    try workshop.write(journal[..<(ends[2] + 40)], to: "tune.jsonl")
    let resumed = try workshop.succeed(Self.command)
    #expect(resumed.output.contains("2 results taken over"))
    #expect(trials(resumed.output) == trials(run.output))
    #expect(try workshop.bytes("model.safetensors") == model)
    #expect(try workshop.records("tune.jsonl").count == 5)
  }

  @Test func aTableIsTuned() throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { row in "\(row),\(row * 7 % 60),\(["red", "blue"][row % 2]),\(3 * row + row % 2)" }
    try workshop.write((["a,b,it's,y"] + rows).joined(separator: "\n").utf8, to: "table.csv")
    let options = ["--target", "y", "--column", "it's=category", "--trials", "3", "--epochs", "4", "--journal", "j"]
    let run = try workshop.run(["tune", "table.csv", "--deterministic"] + options)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("R²") && run.output.contains(#"--column 'it'\''s=category'"#))
    #expect(run.output.contains("--test 0.2"))
    #expect(try workshop.records("j").count == 1 + 3)
    #expect(try workshop.succeed("evaluate model.safetensors table.csv").output.contains("RMSE"))
    // other columns make other data
    let other = try workshop.run("tune table.csv --target y --column b=category --trials 3 --epochs 4 --journal j")
    #expect(other.code == 65 && other.errors.contains("other data") && other.output.contains("becomes"))
    #expect(try workshop.run(["tune", "table.csv"] + options + ["--seed", "1", "--quiet"]).code == 65)
  }

  @Test func timeIsKept() throws {
    let workshop = try Workshop()
    let run = try workshop.succeed("tune iris --trials 20 --epochs 3 --minutes 1e-9")
    // the clock has run since before the data were read: no trial begins, and the standard network is trained
    #expect(run.output.contains("the same command goes on"))
    #expect(try workshop.records("tune.jsonl").count == 1)
    #expect(run.output.contains("tuned (trial 0)"))
    #expect(FileManager.default.fileExists(atPath: workshop.path("model.safetensors")))
  }

  /// Arguments, the exit code, and words of the message.
  private static let wrong: [(arguments: [String], code: Int32, words: [String])] = [
    (["tune"], 64, ["<data>"]),
    (["tune", "iris", "--trials", "0"], 64, ["--trials", "got 0"]),
    (["tune", "iris", "--minutes", "0"], 64, ["--minutes", "above 0"]),
    (["tune", "iris", "--minutes", "nan"], 64, ["--minutes"]),
    (["tune", "iris", "--epochs", "0"], 64, ["--epochs", "got 0"]),
    (["tune", "iris", "--validation", "0"], 64, ["--validation", "(0, 1)"]),
    (["tune", "iris", "--split", "random"], 64, ["--split", "tables"]),
    (["tune", "table.csv"], 64, ["--target"]),
    (["tune", "table.csv", "--target", "y", "--journal", "./table.csv"], 64, ["--journal", "overwrite"]),
    (["tune", "table.csv", "--target", "y", "--output", "./table.csv"], 64, ["--output", "overwrite"]),
    (["tune", "iris", "--output", "a", "--journal", "a"], 64, ["--journal", "--output"]),
    (["tune", "iris", "--journal", "table.csv"], 65, ["table.csv", "not the journal", "--journal"]),
    (["tune", "iris", "--journal", "nowhere/j"], 73, ["nowhere"]),
    (["tune", "iris", "--output", "nowhere/m"], 73, ["nowhere"]),
    (["tune", "nothing.csv", "--target", "y"], 66, ["nothing.csv"]),
  ]

  @Test(arguments: wrong)
  func whatIsWrongIsSaid(arguments: [String], code: Int32, words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write("a,y\n1,x\n2,z\n".utf8, to: "table.csv")
    let run = try workshop.run(arguments + ["--quiet"])
    #expect(run.code == code, "\(arguments): \(run.errors)")
    #expect(run.errorLines.count == 1 && run.output.isEmpty)
    for word in words { #expect(run.errors.contains(word), "\(arguments): \(run.errors)") }
    #expect(try workshop.lines("table.csv").count == 3)
    #expect(!FileManager.default.fileExists(atPath: workshop.path("model.safetensors")))
  }
}
