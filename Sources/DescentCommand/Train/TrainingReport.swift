import Descent

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Report {
  /// Writes the page, whole or not at all.
  ///
  /// - Parameter isLearntAnew: whether the network that is saved is one that learnt the watching rows too.
  func write(to path: String, of session: TrainingSession, isLearntAnew: Bool) throws {
    var page = self
    if isLearntAnew {
      page.summary +=
        " The curves are of the run that was watched. The network that is saved then learnt from the watching rows too, "
        + "from its start and for \(session.model.settings.epochs) epochs; "
        + (session.dataset.hasTestPart ? "that is the one measured here." : "what is measured here is the one before.")
    }
    try Files.write(Array(page.html().utf8), to: path)
  }
}

/// The page of `--report`.
struct TrainingReport {
  private let session: TrainingSession
  private let history: History
  private let comparison: Comparison?
  private let folds: CrossValidation?

  init(_ session: TrainingSession, _ history: History, _ comparison: Comparison?, _ folds: CrossValidation?) {
    (self.session, self.history, self.comparison, self.folds) = (session, history, comparison, folds)
  }

  /// The page, of the network as it is now.
  func page() throws -> Report {
    let (model, dataset, samples) = (session.model, session.dataset, session.samples)
    var report = Report(title: "What a network learnt of \(dataset.targetName)", dataName: dataset.name)
    let isTest = dataset.hasTestPart
    let rows = isTest ? dataset.testRows : samples.split.validation
    let part = isTest ? "rows that the network did not see in its training" : "rows that watched the training"
    report.summary =
      "\(counted(samples.split.training.count, "row")) to learn from, "
      + "\(counted(samples.split.validation.count, "row")) to watch, \(counted(dataset.testRows.count, "row")) to test. "
      + (rows.isEmpty
        ? ""
        : "All figures\(folds == nil ? "" : " but those of the folds") are of \(counted(rows.count, "row")): \(part).")
    report.command = CommandLine.arguments.enumerated().map { $0 == 0 ? "descent" : quotedForShell($1) }
      .joined(separator: " ")
    report.crossValidation = folds
    report.history = history
    report.seed = model.settings.seed
    report.settings = settings(model.settings)
    report.network = try model.description.summary(for: dataset.schema)
    report.columns = samples.table?.treatments.map { Report.Column($0.column, use: $0.summary) } ?? []
    guard !rows.isEmpty else { return report }
    try judge(&report, rows)
    return report
  }

  /// Figures, curves, importance and mistakes of rows.
  private func judge(_ report: inout Report, _ rows: [Int32]) throws {
    let (model, data) = (session.model, session.data)
    let evaluator = model.evaluator
    let evaluation = evaluator.evaluate(data, rows: rows, probabilities: model.terms.probabilities)
    let results = evaluator.rowResults(data, rows: rows, probabilities: model.terms.probabilities)
    let intervals = BootstrapIntervals(results, of: evaluation, seed: model.settings.seed)
    report.scores = [.init(name: "this network", evaluation, intervals: intervals)]
    report.scores += comparison?.baselines.entries.map { .init(name: $0.name, $0.evaluation) } ?? []
    if let names = model.schema.classNames {
      report.classes = Report.ClassResults(results, classNames: names)
      report.mistakes = report.classes?.worstMistakes() ?? []
    } else {
      report.quantities = Report.QuantityResults(results, name: model.schema.targetName)
      report.mistakes = report.quantities?.worstMistakes() ?? []
    }
    if let table = session.samples.table {
      report.importance = PermutationImportance(
        evaluator, data, rows: rows, groups: table.preparation.featureGroups, seed: model.settings.seed)
      try showRows(of: table, &report)
    } else {
      if session.dataset.sampleShape.count == 1 {
        let names = session.dataset.featureNames
        report.importance = PermutationImportance(
          evaluator, data, rows: rows, groups: names.indices.map { (names[$0], $0..<$0 + 1) }, seed: model.settings.seed
        )
      }
      if let files = session.samples.files {
        report.mistakeFieldNames = ["file"]
        for place in report.mistakes.indices { report.mistakes[place].fields = [files[report.mistakes[place].row - 1]] }
      }
      showPictures(&report)
    }
  }

  /// The table's fields beside each mistake.
  private func showRows(of table: PreparedTable, _ report: inout Report) throws {
    let used = table.treatments.indices.filter { table.treatments[$0].isUsed }.prefix(8)
    report.mistakeFieldNames = used.map { table.treatments[$0].column.name }
    var places: [Int: Int] = [:]
    for (place, mistake) in report.mistakes.enumerated() {
      let row = Int(table.sourceRows[mistake.row - 1])
      places[row] = place
      // the row of the file, not of those that have a target
      report.mistakes[place].row = row + 1
    }
    guard !places.isEmpty else { return }
    var fields: [Int: [String]] = [:]
    try table.table.forEachTextRow { row, texts in
      if let place = places[row] { fields[place] = used.map { texts[$0] } }
    }
    let picture = used.firstIndex { table.treatments[$0].column.kind == .picture }
    for (place, texts) in fields {
      report.mistakes[place].fields = texts
      guard let picture, !texts[picture].isEmpty else { continue }
      report.mistakes[place].picture = try? Picture(path: table.table.path(ofFile: texts[picture])).png()
    }
  }

  /// The picture beside each mistake, where samples are pictures.
  private func showPictures(_ report: inout Report) {
    let dataset = session.dataset
    guard let range = dataset.pixelRange else { return }
    let shape = dataset.sampleShape
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let channels = shape.count == 3 ? shape[0] : 1
    guard [1, 3].contains(channels) else { return }
    for place in report.mistakes.indices {
      let sample = dataset.sample(report.mistakes[place].row - 1)
      let scale = 255 / (range.upperBound - range.lowerBound)
      let bytes = sample.map { UInt8(max(0, min(255, (($0 - range.lowerBound) * scale).rounded()))) }
      let pixels = (0..<height * width).flatMap { pixel in
        (0..<channels).map { bytes[$0 * height * width + pixel] }
      }
      // without the trait for pictures the page goes without them
      report.mistakes[place].picture = try? Picture(
        width: width, height: height, channels: channels, pixels: pixels
      ).png()
    }
  }

  private func settings(_ settings: TrainingSettings) -> [Report.Setting] {
    var list: [Report.Setting] = [
      .init("loss", settings.loss), .init("optimizer", settings.optimizer),
      .init("learning rate", "\(settings.learningRate)"), .init("schedule", settings.schedule),
      .init("batch size", "\(settings.batchSize)"), .init("epochs", "\(settings.epochs)"),
      .init("dropout", "\(settings.dropout)"), .init("L1", "\(settings.l1)"), .init("L2", "\(settings.l2)"),
    ]
    if settings.weightNoise > 0 { list.append(.init("noise on weights", "\(settings.weightNoise)")) }
    if let patience = settings.earlyStopping { list.append(.init("early stopping", "\(patience) epochs")) }
    if let words = settings.classWeights { list.append(.init("class weights", words)) }
    if let sampling = settings.classSampling { list.append(.init("sampling", sampling.rawValue)) }
    if let words = settings.inputSteps { list.append(.init("inputs", words)) }
    if let side = settings.crop { list.append(.init("random crops", "\(side) × \(side)")) }
    if let words = settings.augmentation { list.append(.init("augmentation", words)) }
    if settings.learnsValidation { list.append(.init("watching rows", "learnt in the end")) }
    return list
  }
}
