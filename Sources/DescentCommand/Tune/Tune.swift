import ArgumentParser
import Descent

/// `descent tune`.
struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Searches the network and settings that suit data best, and trains it.",
    discussion: """
      Trials are drawn at random: hidden layers, activation, optimizer, learning rate and its schedule, batch size, \
      dropout and L2 penalty; trial 0 has what 'descent train' takes where nobody chooses. All are trained for few \
      epochs, the best third goes on with three times as many, and so on (successive halving), from fresh weights each \
      time. They are judged by their loss on the rows held back to validate, of small tables by that of four folds; the \
      test part is used once, to compare the best with trial 0 in the end. The network for pictures or recordings keeps \
      its convolutions.

      What has ended is in the journal. The same command takes up a search that was stopped, and with more --trials adds \
      to one that has ended. Delete the journal, or name another, to begin anew.

      Examples:
        descent tune houses.csv --target price
        descent tune digits --trials 81 --minutes 30
      """)

  @Argument(help: "A built-in name, a table, NumPy's arrays, or a folder, as 'descent train' takes them.")
  var data: String

  @OptionGroup var tables: TableArguments

  @Option(parsing: .unconditional, help: .count("Trials of the first round."))
  var trials = 27

  @Option(
    parsing: .unconditional,
    help: .number(
      "End the search after so many minutes; a trial that runs is given up at its next epoch, but for the standard settings. "
        + "(default: never)"))
  var minutes: Double?

  @Option(
    parsing: .unconditional, help: .count("Epochs of the last round and of the best network. (default: by the data)"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: .number("The share of the training part held back to judge the trials: above 0, below 1."))
  var validation = TrainingSettings().validation

  @Option(
    parsing: .unconditional,
    help: .count(
      "Judge every trial by so many folds of a table's rows but the test part. (default: 4 where there are fewer than "
        + "\(Self.fewRows) rows; else by one part)"))
  var folds: Int?

  private static let fewRows = 1_000

  @Option(help: .path("Where a line of JSON is kept for every trial that has ended."))
  var journal = "tune.jsonl"

  @Option(help: .path("Where the best network is saved."))
  var output = "model.safetensors"

  @Option(parsing: .unconditional, help: .count("What all random numbers follow from."))
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print nothing on standard output.")
  var quiet = false

  func run() throws {
    try checkOptions()
    machine.apply()
    let start = ContinuousClock().now
    let input = try TrainingInput(data, tables, validation: validation, seed: seed)
    StandardOutput.outliveItsReader()
    say(input.heading)
    let (samples, treatments) = try input.samples()
    say(treatments)
    guard !samples.split.validation.isEmpty else {
      throw DataError.invalid(data, "no row is left to judge the trials by; a search needs more rows")
    }
    try Files.checkWritable(output)
    let folds = try input.divisions(folds, ofFewerThan: Self.fewRows)
    let tuning = try Tuning(samples, folds: folds, validation: validation, seed: seed)
    let results = try search(tuning, since: start)
    try finish(results, samples, tuning)
  }

  /// Measures trials until none is left or time is up. What the journal was begun with holds.
  private func search(_ tuning: Tuning, since start: ContinuousClock.Instant) throws -> Search {
    var journal = try TuningJournal(path: journal, plan: tuning.plan)
    let epochs = epochs ?? tuning.epochs
    let halving = SuccessiveHalving(trials: trials, epochs: epochs, leastEpochs: tuning.leastEpochs)
    let rounds = halving.rungs.map { "\(counted($0.trials, "trial")) of \(counted($0.epochs, "epoch"))" }
    say("search: \(rounds.joined(separator: ", then ")), judged by \(counted(tuning.judgingRows, "row"))")
    if !journal.results.isEmpty { say("\(journal.path): \(counted(journal.results.count, "result")) taken over") }
    let plan = journal.plan
    // beyond some years a duration would overflow
    let deadline = minutes.map { start + .seconds(60 * min($0, 1e7)) }
    var isEndedByTime = false
    let results = try halving.run(known: journal.results) {
      isEndedByTime = deadline.map { ContinuousClock().now >= $0 } ?? false
      return isEndedByTime
    } measure: { trial, rung, epochs in
      let result: TrialResult
      do {
        result = try tuning.measure(trial: trial, rung: rung, epochs: epochs, plan: plan, until: deadline)
      } catch is Tuning.TimeIsUp {
        isEndedByTime = true
        return nil
      }
      try journal.append(result)
      say("round \(rung) of \(halving.rungs.count), \(result.line)")
      return result
    }
    if isEndedByTime, let minutes { say("ended after \(minutes) minutes; the same command goes on") }
    return Search(plan: plan, ranked: TrialResult.ranked(results), usualEpochs: epochs)
  }

  /// What a search came to.
  private struct Search {
    let plan: TuningPlan
    let ranked: [TrialResult]
    let usualEpochs: Int
    /// The best trial; the standard one where time was up before any.
    var best: Int { ranked.first?.trial ?? 0 }
    /// The epochs with which it was the best.
    var epochs: Int { ranked.first?.epochs ?? usualEpochs }
  }

  /// Trains the best trial's network and the standard one, compares them and saves the best.
  private func finish(_ search: Search, _ samples: TrainingSamples, _ tuning: Tuning) throws {
    say(TrialTable(search.ranked).text)
    let settings = search.plan.finalSettings(trial: search.best, epochs: search.epochs)
    let tuned = try train(samples, settings)
    try tuned.session.finishedModel(hasLearntAll: tuned.hasLearntAll).write(to: output)
    if let test = tuned.test {
      let standard = search.plan.standard
      let other = settings == standard ? test : try? train(samples, standard).test
      say(TestTable(trial: search.best, tuned: test, standard: other).text)
      if let other, other.merit > test.merit {
        say(
          "the standard settings did better on the test rows, which is chance or too short a search; 'descent train' takes them"
        )
      }
    }
    say("saved to \(output); this trains the same network:")
    say("  \(TrainCommandLine(self, settings).text)")
  }

  /// A network as `descent train` makes it.
  private struct Trained {
    let session: TrainingSession
    var test: Evaluation?
    var hasLearntAll = false
  }

  /// Trains as `descent train` does.
  private func train(_ samples: TrainingSamples, _ settings: TrainingSettings) throws -> Trained {
    let session = try TrainingSession(samples, settings: settings, terms: .standard(for: samples.dataset.task))
    let result = try session.run()
    var trained = Trained(session: session, test: result.test)
    // where that diverges, the weights from before are kept
    if settings.learnsValidation, let final = try? session.learnAll(after: result) {
      (trained.test, trained.hasLearntAll) = (final.test, true)
    }
    return trained
  }

  private func say(_ text: String) {
    guard !quiet, !Files.isStandardOutput(output), !text.isEmpty else { return }
    StandardOutput.say(text)
  }

  private func checkOptions() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UsageError(message) }
    }
    let most = 100_000
    try require((1...most).contains(trials), "--trials must be from 1 to \(most), got \(trials)")
    if let minutes {
      try require(minutes > 0 && minutes.isFinite, "--minutes must be above 0 and finite, got \(minutes)")
    }
    if let epochs {
      let most = Int(Int32.max)
      try require((1...most).contains(epochs), "--epochs must be from 1 to \(most), got \(epochs)")
    }
    try require(tables.test >= 0 && tables.test < 1, "--test must be in [0, 1), got \(tables.test)")
    try require(validation > 0 && validation < 1, "--validation must be in (0, 1), got \(validation)")
    for (name, path) in [("--output", output), ("--journal", journal)] {
      try require(!Files.areSame(path, data), "\(name) \(path) would overwrite the data")
    }
    try require(!Files.areSame(journal, output), "--journal and --output both name \(output); one would be lost")
  }
}
