import Foundation
import Testing

/// What `descent bench` prints. Nothing here depends on how fast the machine is.
@Suite struct BenchTests {
  static let picturesAreThere = FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist")

  /// The objects of the lines that a run prints.
  private func records(_ line: String) throws -> [[String: Any]] {
    try Workshop().succeed(line).output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  private func number(_ record: [String: Any], _ key: String) throws -> Double {
    try #require(record[key] as? Double, "\(key) in \(record)")
  }

  @Test func aTrainingStepInOneLine() throws {
    let record = try #require(try records("bench tiny --json --seconds 0.05").first)
    #expect(record["workload"] as? String == "tiny" && record["peer"] as? String == "descent")
    #expect(record["unit"] as? String == "samples/s")
    let (value, least, most) = try (number(record, "value"), number(record, "min"), number(record, "max"))
    #expect(0 < least && least <= value && value <= most)
    #expect(try number(record, "loss_last") < number(record, "loss_first"))
    // 2-8-8-1: 88 multiply-adds forward, as many for weight gradients, 72 for input gradients, 2 operations each
    #expect(abs(try number(record, "flops_per_second") / (value * 2 * (88 + 88 + 72)) - 1) < 1e-6)
    #expect(try number(record, "fraction_of_peak") > 0)
  }

  @Test func batchesOfAnotherSize() throws {
    let losses = try [1, 7, 300].map { size in
      try number(try records("bench tiny --json --seconds 0.05 --batch \(size)")[0], "loss_first")
    }
    #expect(Set(losses).count == 3)
  }

  @Test func forPeople() throws {
    let output = try Workshop().succeed("bench tiny --seconds 0.05 --threads 1").output
    for word in ["tiny: ", " samples/s (", "GFLOP/s", "% of peak", "loss "] {
      #expect(output.contains(word), "\(output)")
    }
  }

  @Test(arguments: ["planning-network", "planning-chain"])
  func planning(_ name: String) throws {
    let record = try records("bench \(name) --json --seconds 0.05")[0]
    #expect(record["unit"] as? String == "ms" && record["flops_per_second"] is NSNull)
    #expect(abs(try number(record, "nodes") - 1000) < 20)
    let (arena, live) = try (number(record, "arena_bytes"), number(record, "live_bytes"))
    #expect(0 < live && live <= arena && arena <= 1.2 * live)
    #expect(try Workshop().succeed("bench \(name) --seconds 0.05").output.contains("arena 1."))
  }

  @Test func reading() throws {
    let record = try #require(try records("bench --reading --json --seconds 0.05").first)
    #expect(record["workload"] as? String == "reading-numbers" && record["unit"] as? String == "MB/s")
    // 2,500 rows of 17 numbers of 7 or 8 bytes with their separators, and a word
    let bytes = try number(record, "bytes")
    #expect(2500 * 17 * 8 < bytes && bytes < 2500 * 18 * 9)
    #expect(try number(record, "walk") > 0 && number(record, "survey") > 0)
    #expect(try Workshop().succeed("bench --reading --seconds 0.05").output.contains("the walk "))
  }

  @Test func stepsOfThePlan() throws {
    let lines = try Workshop().succeed("bench --profile tiny --seconds 0.05").output.split(separator: "\n")
    #expect(lines[0] == "tiny:")
    for word in ["µs", "%", "read", "written", "GB/s", "GFLOP/s", "threads"] { #expect(lines[1].contains(word)) }
    // a row a step, numbered, then the sums and the arena
    let steps = lines.dropFirst(2).dropLast(2)
    #expect(steps.enumerated().allSatisfy { $0.element.split(separator: " ")[0] == "\($0.offset + 1)" })
    #expect(steps.contains { $0.contains("matmul 10×2×8") })
    #expect(lines[lines.count - 2].contains("\(steps.count) steps"))
    #expect(lines[lines.count - 1].hasPrefix("arena: "))
  }

  @Test(.enabled(if: picturesAreThere, "Fashion-MNIST is not installed"))
  func picturesAndPredictions() throws {
    let records = try records("bench nielsen infer-mlp --json --seconds 0.05")
    #expect(records.map { $0["workload"] as? String } == ["nielsen", "infer-mlp"])
    #expect(records.map { $0["unit"] as? String } == ["samples/s", "µs"])
    #expect(records[1]["loss_first"] is NSNull && records[1]["loss_last"] is NSNull)
    // time and speed say the same: 2 · (784·512 + 512·256 + 256·10) operations a call
    let flops = try number(records[1], "value") * 1e-6 * number(records[1], "flops_per_second")
    #expect(abs(flops / 1_070_080 - 1) < 1e-6)
  }
}
