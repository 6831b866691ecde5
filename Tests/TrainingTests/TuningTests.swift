import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTraining
import Foundation
import Testing

@Suite struct TuningTests {
  // MARK: What is drawn

  @Test func aTrialFollowsFromItsNumberAndTheSeed() {
    let (space, standard) = (SearchSpace(rows: 1000, features: 10), TrainingSettings())
    let first = (0..<50).map { space.sample(trial: $0, seed: 7, standard: standard) }
    let backwards = (0..<50).reversed().map { space.sample(trial: $0, seed: 7, standard: standard) }
    #expect(first == backwards.reversed())
    #expect(first[0] == standard)
    for (place, settings) in first.enumerated().dropFirst() { #expect(!first[..<place].contains(settings)) }
    #expect((1..<50).allSatisfy { space.sample(trial: $0, seed: 8, standard: standard) != first[$0] })
  }

  @Test func everythingIsDrawnAndNothingElse() {
    let space = SearchSpace(rows: 3000, features: 10)
    var standard = TrainingSettings()
    (standard.epochs, standard.loss, standard.seed, standard.learnsValidation) = (77, "huber", 5, true)
    let trials = (1..<500).map { space.sample(trial: $0, seed: 1, standard: standard) }
    #expect(Set(trials.map { $0.layers?.count ?? -1 }) == Set(space.depths))
    #expect(Set(trials.compactMap { $0.layers?.first }) == Set(space.widths))
    #expect(Set(trials.compactMap(\.activation)) == Set(space.activations))
    #expect(Set(trials.map(\.optimizer)) == Set(space.optimizers.map(\.optimizer)))
    #expect(Set(trials.map(\.batchSize)) == Set(space.batchSizes))
    #expect(Set(trials.map(\.dropout)) == Set(space.dropouts))
    #expect(Set(trials.map(\.schedule)) == Set(space.schedules))
    for settings in trials {
      let rates = space.optimizers.first { $0.optimizer == settings.optimizer }?.range
      #expect(rates?.contains(settings.learningRate) == true)
      #expect(settings.l2 == 0 || space.l2.contains(settings.l2))
      for (width, next) in zip(settings.layers ?? [], (settings.layers ?? []).dropFirst()) {
        #expect(next == width || next == max(16, width / 2))
      }
      #expect(settings.dropout == 0 || settings.layers != [])
      let kept = (settings.epochs, settings.loss, settings.seed, settings.learnsValidation)
      #expect(kept == (77, "huber", 5, true))
    }
    let withoutPenalty = trials.count { $0.l2 == 0 }
    #expect((75...175).contains(withoutPenalty))
    // a tenth of the trials or more in each order of magnitude
    for power in [1e-4, 1e-3] {
      #expect(trials.count { (power..<10 * power).contains($0.learningRate) } > 50)
    }
  }

  @Test func theSpaceFitsTheData() {
    #expect(SearchSpace(rows: 20, features: 4).batchSizes == [16])
    #expect(SearchSpace(rows: 1000, features: 4).batchSizes == [16, 32, 64])
    #expect(SearchSpace(rows: 60_000, features: 784).batchSizes.last == 512)
    #expect(SearchSpace(rows: 60_000, features: 784).widths.last == 512)
    #expect(SearchSpace(rows: 60_000, features: 1_000_000).widths == [16, 32, 48])
    #expect(SearchSpace(rows: 1000, features: 4).l2 == 5e-5...0.05)
  }

  @Test func everyNameIsKnown() {
    let space = SearchSpace()
    #expect(space.activations.allSatisfy { Activation.named($0) != nil })
    let (optimizers, schedules) = (TrainingSettings.optimizers.map(\.name), TrainingSettings.schedules.map(\.name))
    #expect(space.optimizers.allSatisfy { optimizers.contains($0.optimizer) })
    #expect(space.schedules.allSatisfy(schedules.contains))
  }

  // MARK: Halving

  private static let ladders: [(trials: Int, epochs: Int, least: Int, counts: [Int], lengths: [Int])] = [
    (27, 81, 1, [27, 9, 3, 1], [3, 9, 27, 81]),
    (27, 81, 9, [27, 9, 3], [9, 27, 81]),
    (27, 150, 10, [27, 9, 3], [17, 50, 150]),
    (100, 100, 1, [100, 33, 11, 3, 1], [1, 4, 11, 33, 100]),
    (4, 9, 1, [4, 1], [3, 9]),
    (2, 9, 1, [2], [9]),
    (1, 1, 1, [1], [1]),
    (1000, 5, 50, [1000], [5]),
  ]

  @Test(arguments: ladders)
  func rungs(trials: Int, epochs: Int, least: Int, counts: [Int], lengths: [Int]) {
    let rungs = SuccessiveHalving(trials: trials, epochs: epochs, leastEpochs: least).rungs
    #expect(rungs.map(\.trials) == counts)
    #expect(rungs.map(\.epochs) == lengths)
  }

  /// A search without a network: what a trial comes to is a formula of its settings and epochs.
  private struct Synthetic {
    let plan: TuningPlan
    let halving: SuccessiveHalving
    let loss: @Sendable (TrainingSettings, _ trial: Int) -> Double

    init(
      trials: Int = 27, seed: UInt64 = 3, _ loss: @escaping @Sendable (TrainingSettings, Int) -> Double = Self.distance
    ) throws {
      let samples = TrainingSamples(sample(60), TrainingSettings())
      plan = try TuningPlan(
        for: [samples], seed: seed, space: SearchSpace(rows: 48, features: 2), standard: TrainingSettings())
      halving = SuccessiveHalving(trials: trials, epochs: 27)
      self.loss = loss
    }

    /// The nearer the rate to 0.004, and the more epochs, the better; a great rate diverges.
    static func distance(_ settings: TrainingSettings, _: Int) -> Double {
      settings.learningRate > 0.1 ? .nan : abs(log(settings.learningRate / 0.004)) + 1 / Double(settings.epochs)
    }

    func result(_ trial: Int, _ rung: Int, _ epochs: Int) -> TrialResult {
      let settings = plan.settings(trial: trial, epochs: epochs)
      return TrialResult(trial: trial, rung: rung, settings: settings, loss: loss(settings, trial))
    }

    /// Runs with a journal, at most so many trials; what came of it and how many were measured.
    func run(_ path: String, atMost limit: Int = .max) throws -> (results: [TrialResult], measured: Int) {
      var journal = try TuningJournal(path: path, plan: plan)
      var measured = 0
      let results = try halving.run(known: journal.results) {
        measured >= limit
      } measure: { trial, rung, epochs in
        measured += 1
        let result = result(trial, rung, epochs)
        try journal.append(result)
        return result
      }
      return (results, measured)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 26, 27, 80, 243]) func theBestIsFound(trials: Int) throws {
    let search = try Synthetic(trials: trials)
    let ranked = TrialResult.ranked(search.halving.run(measure: search.result))
    #expect(ranked.map(\.trial).sorted() == Array(0..<trials))
    let losses = (0..<trials).map { search.result($0, 1, 27) }.map(\.loss)
    #expect(ranked.first?.loss == losses.min())
    #expect(ranked.first?.epochs == 27)
  }

  @Test func theBestThirdGoesOn() throws {
    // trial 5 is good at first and bad later, trial 11 the other way round, and not good enough to be seen
    let search = try Synthetic { settings, trial in
      switch trial {
      case 5: settings.epochs < 9 ? 0 : 100
      case 11: settings.epochs < 9 ? 100 : 0
      default: Double(trial)
      }
    }
    let results = search.halving.run(measure: search.result)
    let rungs = (1...4).map { rung in results.filter { $0.rung == rung }.map(\.trial) }
    #expect(rungs == [Array(0..<27), [0, 5, 1, 2, 3, 4, 6, 7, 8], [0, 5, 1], [0]])
    #expect(results.filter { $0.rung == 2 }.allSatisfy { $0.epochs == 3 && $0.settings.epochs == 3 })
  }

  @Test func whatDivergesComesLast() throws {
    let search = try Synthetic { settings, trial in
      trial == 2 || (trial == 0 && settings.epochs == 27) ? .infinity : Double(trial)
    }
    let results = search.halving.run(measure: search.result)
    // the last rung's only trial went wrong: with fewer epochs it is the best there is
    let ranked = TrialResult.ranked(results)
    #expect(ranked.prefix(3).map(\.trial) == [0, 1, 3])
    #expect(ranked.first?.epochs == 9)
    #expect(ranked.last?.trial == 2)
    #expect(!results.contains { $0.trial == 2 && $0.rung > 1 })

    let hopeless = try Synthetic { _, _ in .nan }
    let none = hopeless.halving.run(measure: hopeless.result)
    #expect(none.count == 27)
    #expect(TrialResult.ranked(none).first?.trial == 0)
  }

  // MARK: The journal

  /// A path that nothing lies at, and its end.
  private func withPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func aSearchGoesOnFromAnyPrefixOfItsJournal() throws {
    let search = try Synthetic(trials: 9)
    try withPath { path in
      let whole = try search.run(path)
      #expect(whole.measured == 9 + 3 + 1)
      let bytes = try Files.read(path)
      let ends = bytes.indices.filter { bytes[$0] == 0x0A }
      #expect(ends.count == 14)
      let cuts = [0, 1] + ends.flatMap { [$0 - 20, $0, $0 + 1] }
      for cut in cuts {
        try Files.write(Array(bytes[..<cut]), to: path)
        let again = try search.run(path)
        #expect(again.results == whole.results)
        #expect(again.measured == 13 - max(0, bytes[..<cut].count { $0 == 0x0A } - 1))
        #expect(try Files.read(path) == bytes)
      }
    }
  }

  @Test func timeEndsTheSearchAfterATrial() throws {
    let search = try Synthetic(trials: 9)
    try withPath { path in
      let whole = search.halving.run(measure: search.result)
      for limit in 0...13 {
        try? FileManager.default.removeItem(atPath: path)
        let part = try search.run(path, atMost: limit)
        #expect(part.results == Array(whole.prefix(limit)))
        #expect(try search.run(path).results == whole)
      }
    }
  }

  @Test func moreTrialsMayBeAskedForLater() throws {
    try withPath { path in
      let few = try Synthetic(trials: 27)
      _ = try few.run(path)
      let many = try Synthetic(trials: 80)
      let resumed = try many.run(path)
      #expect(resumed.results.map(\.trial) == many.halving.run(measure: many.result).map(\.trial))
      #expect(resumed.measured < resumed.results.count)
    }
  }

  @Test func aJournalThatDoesNotBelongIsRefused() throws {
    let search = try Synthetic(trials: 4)
    func expectRefusal(_ content: String, _ words: String, by plan: TuningPlan) throws {
      try withPath { path in
        try Files.write(Array(content.utf8), to: path)
        let error = #expect(throws: DataError.self) { try TuningJournal(path: path, plan: plan) }
        #expect(error?.kind == .invalid && error?.description.contains(words) == true, "\(error as Any)")
        #expect(try Files.read(path) == Array(content.utf8))
      }
    }
    try withPath { path in
      _ = try search.run(path)
      let text = String(decoding: try Files.read(path), as: UTF8.self)
      let lines = text.split(separator: "\n").map(String.init)
      try expectRefusal(text, "--seed 3", by: Synthetic(seed: 4).plan)
      let other = try TuningPlan(
        for: [TrainingSamples(sample(60, seed: 2), TrainingSettings())], seed: 3, space: search.plan.space,
        standard: TrainingSettings())
      try expectRefusal(text, "other data", by: other)
      var space = search.plan.space
      space.schedules = ["constant"]
      let narrower = try TuningPlan(
        for: [TrainingSamples(sample(60), TrainingSettings())], seed: 3, space: space, standard: TrainingSettings())
      try expectRefusal(text, "other choices", by: narrower)
      try expectRefusal("x,y\n1,2\n", "not the journal", by: search.plan)
      try expectRefusal("no line", "not the journal", by: search.plan)
      // a line from the middle of which something is lost, and one of another trial's settings
      let damaged = lines[0] + "\n" + lines[1].dropFirst(9) + "\n" + lines[2] + "\n"
      try expectRefusal(damaged, "line 2", by: search.plan)
      let swapped = lines[2].replacingOccurrences(of: #""trial":1,"#, with: #""trial":3,"#)
      #expect(swapped != lines[2])
      try expectRefusal(lines[0] + "\n" + lines[1] + "\n" + swapped + "\n", "line 3", by: search.plan)
    }
    let error = #expect(throws: DataError.self) { try TuningJournal(path: "/nowhere/tune.jsonl", plan: search.plan) }
    #expect(error?.kind == .unwritable)
  }

  // MARK: Networks

  @Test func trialsOfNetworksAreReproducibleAndDoNotSeeTheTestPart() throws {
    let whole = sample(200, task: .classification)
    guard case .float32(let features) = whole.features else { return }
    // the last 50 rows test; other numbers there must change nothing
    let spoilt = Dataset(
      name: "sample", features: .float32(features[..<300] + features[300...].map { 9 - $0 }), sampleShape: [2],
      featureNames: ["a", "b"], target: whole.target
    ).divided(training: Array(0..<150), validation: [], test: Array(150..<200))
    let divided = whole.divided(training: Array(0..<150), validation: [], test: Array(150..<200))
    let settings = TrainingSettings()
    let searches = try [divided, divided, spoilt].map {
      try Tuning(TrainingSamples($0, settings), validation: 0.2, seed: 4)
    }
    #expect(searches[0].plan == searches[1].plan)
    #expect(searches[0].plan.data != searches[2].plan.data)
    for trial in 0..<3 {
      let results = try searches.map { try $0.measure(trial: trial, rung: 1, epochs: 2, plan: $0.plan) }
      #expect(Set(results.map(\.loss)).count == 1 && results[0].loss.isFinite)
      #expect(Set(results.map(\.accuracy)).count == 1 && results[0].accuracy != nil && results[0].r2 == nil)
    }
  }

  /// A trial that runs when time is up is given up, but for the standard settings, and the search ends.
  @Test func timeEndsATrial() throws {
    let tuning = try Tuning(TrainingSamples(sample(100), TrainingSettings()), validation: 0.2, seed: 0)
    let results = try SuccessiveHalving(trials: 3, epochs: 4).run { trial, rung, epochs in
      do {
        return try tuning.measure(trial: trial, rung: rung, epochs: epochs, plan: tuning.plan, until: .now)
      } catch is Tuning.TimeIsUp {
        #expect(trial == 1)
        return nil
      }
    }
    #expect(results.map(\.trial) == [0])
  }

  @Test func aTrialThatDivergesIsInfinitelyBad() throws {
    let samples = TrainingSamples(sample(100), TrainingSettings())
    let tuning = try Tuning(samples, validation: 0.2, seed: 0)
    var space = tuning.plan.space
    (space.optimizers, space.depths, space.schedules) = ([.init("sgd", 1e30...1e30)], [2], ["constant"])
    let plan = try TuningPlan(for: [samples], seed: 0, space: space, standard: tuning.plan.standard)
    #expect(try tuning.measure(trial: 1, rung: 1, epochs: 5, plan: plan).loss == .infinity)
    let standard = try tuning.measure(trial: 0, rung: 1, epochs: 5, plan: plan)
    #expect(standard.loss.isFinite && standard.r2 != nil && standard.accuracy == nil)
  }
}
