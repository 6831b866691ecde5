import Descent

extension Train {
  /// What is trained and how, when all that can be checked beforehand is.
  func checkedPlan(for samples: TrainingSamples) throws -> Plan {
    let plan = try plan(for: samples)
    let need = MemoryNeed(try summary(plan, samples), samples.dataset, plan.settings)
    try need.check()
    try checkBatches(plan, samples)
    try checkAugmentation(plan, samples)
    try Files.checkWritable(output, byteCount: need.fileBytes)
    if let report { try Files.checkWritable(report) }
    return plan
  }

  /// - Parameter folds: what came of the folds before, for the report.
  func train(_ samples: TrainingSamples, _ checked: Plan, folds: CrossValidation?) throws {
    let metricsFile = try metrics.map { try MetricsFile(path: $0) }
    let (plan, tried) = try tryingPenalties(checked, samples)
    var session = try session(samples, plan)
    let rate = plan.findsLearningRate ? session.findLearningRate() : nil
    let bar = isSilent ? nil : ProgressBar(epochCount: session.model.settings.epochs)
    let watchers: [(any Callback)?] = [bar, metricsFile]
    say(try session.summary)
    if let rate { say("rate \(rate.rate): found by a range test of \(rate.points.count) steps") }
    say(tried)
    if !plan.reasons.isEmpty { say("chosen: " + plan.reasons.map(\.text).joined(separator: "; ")) }
    var result: TrainingSession.Result
    do {
      result = try session.run(callbacks: watchers.compactMap { $0 })
    } catch let error as TrainingDiverged {
      bar?.clear()
      try save(session.model)
      throw error
    }
    let learnsAll = session.model.settings.learnsValidation && !samples.split.validation.isEmpty
    // where another network follows, figures of this one would only be confused with its
    say(learnsAll ? result.ending : result.summary)
    var comparison = isSilent && report == nil ? nil : Comparison(session)
    // rows that watched judge a network only as long as it has not learnt them
    let isTested = session.dataset.hasTestPart
    var page = report == nil || isTested ? nil : try TrainingReport(session, result.history, comparison, folds).page()
    var isLearntAnew = false
    if learnsAll {
      let final = try learnAll(session, after: result)
      say(refitted(session, isKept: final == nil))
      if let test = final?.test { comparison?.network = test }
      isLearntAnew = final != nil
      result = final ?? result
    }
    try save(session.finishedModel(hasLearntAll: isLearntAnew))
    say(comparison?.text ?? "")
    if comparison != nil { say(session.dataset.schema.positiveClassNote ?? "") }
    say(comparison == nil && !isSilent ? "no row is left to judge the network by; how good it is, nobody knows" : "")
    if let report {
      if isTested { page = try TrainingReport(session, result.history, comparison, folds).page() }
      try page?.write(to: report, of: session, isLearntAnew: isLearntAnew)
    }
    say("saved to \(output)")
    try metricsFile?.finish(result)
  }

  /// What became of the second training.
  func refitted(_ session: TrainingSession, isKept: Bool) -> String {
    let (split, dataset) = (session.split, session.dataset)
    let rows = counted(split.training.count + split.validation.count, "row")
    let which = dataset.hasTestPart ? "all \(rows) but the test part" : "all \(rows), those that watched among them"
    guard !isKept else { return "trained again on \(which), and it fits them worse: the network from before is saved" }
    return "trained again on \(which), for \(counted(session.model.settings.epochs, "epoch")); that network is saved"
      + (dataset.hasTestPart ? "" : ", and the figures are of the one before")
  }

  /// Trains again with the rows that watched; nil where that is no better or goes wrong, and the weights from before are
  /// kept.
  func learnAll(
    _ session: TrainingSession, after watched: TrainingSession.Result
  ) throws -> TrainingSession.Result? {
    do { return try session.learnAll(after: watched) } catch is TrainingDiverged { return nil }
  }

  /// Trains a network for each fold, and says how they do beside what they have to beat.
  func crossValidate(_ input: TrainingInput, _ folds: Int) throws -> CrossValidation {
    var crossValidation = CrossValidation()
    try input.forEachFold(folds) { number, samples in
      let plan = try plan(for: samples)
      try checkBatches(plan, samples)
      var session = try session(samples, try tryingPenalties(plan, samples).plan)
      if plan.findsLearningRate { _ = session.findLearningRate() }
      let result = try session.run()
      let learnsAll = session.model.settings.learnsValidation && !session.split.validation.isEmpty
      let final = learnsAll ? try learnAll(session, after: result) : nil
      guard let test = final?.test ?? result.test else { return }
      let baselines =
        isSilent && report == nil ? nil : Baselines(session, measuredOn: session.dataset.testRows)
      crossValidation.add(network: test, baselines: baselines)
      say("fold \(number) of \(folds): \(test.firstLine)")
    }
    say(crossValidation.summary)
    return crossValidation
  }

  func session(_ samples: TrainingSamples, _ plan: Plan) throws -> TrainingSession {
    try TrainingSession(samples, settings: plan.settings, terms: plan.terms, description: plan.description)
  }

  /// What goes to standard output by its name has it for itself.
  var isSilent: Bool {
    quiet || Files.isStandardOutput(output) || metrics.map(Files.isStandardOutput) == true
  }

  func say(_ text: String) {
    if !isSilent, !text.isEmpty { StandardOutput.say(text) }
  }

  /// Saves the network; where that fails, in the folder for temporary files, so that the work is not lost.
  func save(_ model: SavedModel) throws {
    do {
      try model.write(to: output)
    } catch let error as DataError {
      let name = "descent-\(String(UInt64.random(in: 0 ... .max), radix: 36)).safetensors"
      let refuge = "\(Files.temporaryFolder)/\(name)"
      guard (try? model.write(to: refuge)) != nil else { throw error }
      throw DataError.unwritable(error.place, "\(error.message); the network is saved to \(refuge) instead")
    }
  }
}
