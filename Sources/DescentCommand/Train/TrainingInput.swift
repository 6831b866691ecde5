import Descent

/// The data of a training run, before they are divided and prepared.
struct TrainingInput {
  private enum Source {
    case samples(Dataset, isBuiltIn: Bool)
    case folder(FolderSamples, reading: Duration)
    case table(TableSurvey)
  }

  private let source: Source
  private let split: RowSplit

  init(
    _ data: String, _ tables: TableArguments, validation: Double, seed: UInt64
  ) throws {
    split = RowSplit(
      method: try tables.split.map(RowSplit.method), testShare: tables.test, validationShare: validation, seed: seed)
    func refuse(_ given: [(String, Bool)]) throws {
      if let option = given.first(where: \.1)?.0 { throw UsageError("\(option) is for tables, and \(data) is none") }
    }
    let (target, task) = (tables.target, tables.task)
    let start = ContinuousClock.now
    let found = try DataSource.load(
      data, encoding: tables.text.textEncoding(), hasHeader: tables.text.hasHeader, sound: tables.sound ?? .logMel,
      task: task)
    if let form = tables.sound { try Self.check(form, found, data) }
    switch found {
    case .samples(let dataset):
      try refuse([
        ("--column", !tables.column.isEmpty), ("--split", tables.split != nil),
        ("--encoding", tables.text.encoding != nil),
      ])
      source = .samples(try dataset.asked(target: target, task: task), isBuiltIn: Catalog.has(data))
    case .folder(let folder):
      let reading = start.duration(to: .now)
      try refuse([
        ("--column", !tables.column.isEmpty), ("--encoding", tables.text.encoding != nil),
        ("--split \(tables.split ?? "")", ![nil, .random, .stratified].contains(split.method)),
      ])
      source = .folder(try folder.asked(target: target, task: task), reading: reading)
    case .table(let table):
      guard let target else { throw UsageError("'\(data)' is a table: name the column to predict (--target COLUMN)") }
      source = .table(try Self.survey(table, target, task, try tables.columnOptions(), split))
    case .texts(let table):
      var (columns, split) = (try tables.columnOptions(), split)
      let text = Table.TextFolderColumn.text
      columns[text, default: ColumnOptions()].kind = columns[text]?.kind ?? .text
      if table.columns.contains(Table.TextFolderColumn.part) {
        split.method = split.method ?? .column(Table.TextFolderColumn.part)
      }
      let target = target ?? Table.TextFolderColumn.target
      source = .table(try Self.survey(table, target, task ?? .classification, columns, split))
    }
  }

  /// - Throws: ``UsageError`` where the data are no recordings.
  private static func check(_ form: SoundPreparation.Form, _ source: DataSource, _ data: String) throws(UsageError) {
    switch source {
    case .folder(let folder) where folder.sound != nil: return
    case .table:
      throw UsageError(
        "--sound is for folders of recordings; of a table's column say it by --column NAME=sound,\(form.rawValue)")
    default: throw UsageError("--sound is for folders of recordings, and \(data) is none")
    }
  }

  private static func survey(
    _ table: Table, _ target: String, _ task: Dataset.Task?, _ columns: [String: ColumnOptions], _ split: RowSplit
  ) throws -> TableSurvey {
    guard columns[target] == nil else {
      throw UsageError(
        "--column \(target): it is what is to be predicted, and is taken as it is; --task says what it is")
    }
    var options = TableOptions()
    (options.task, options.columns, options.split) = (task, columns, split)
    return try TableSurvey(table, target: target, options: options)
  }

  /// The table or folder and its size; nothing for samples, of which more is said later.
  var heading: String {
    if case .folder(let folder, let reading) = source {
      let what = folder.sound == nil ? "picture" : "recording"
      let seconds = rounded(Double(reading.components.seconds) + Double(reading.components.attoseconds) * 1e-18)
      let size = crossed(folder.dataset.sampleShape)
      let first = "\(folder.dataset.name): \(counted(folder.files.count, what)) as \(size), read in \(seconds) s"
      return ([first] + folder.notes).joined(separator: "; ")
    }
    guard case .table(let survey) = source else { return "" }
    var text =
      "\(survey.table.place): \(counted(survey.rowCount, "row")), \(counted(survey.columns.count, "column"))"
    let lost = survey.rowCount - survey.rows.count
    if let note = survey.table.headerNote { text += "; \(note)" }
    if lost > 0 {
      let what = lost == survey.rowsWithoutTarget ? "a target" : "what is needed"
      text += "; \(counted(lost, "row")) without \(what) left out"
    }
    return text
  }

  /// Samples divided and prepared, and for a table a list of what is done with its columns.
  func samples(testShare: Double? = nil) throws -> (samples: TrainingSamples, treatments: String) {
    switch source {
    case .samples(let dataset, let isBuiltIn):
      guard testShare == nil, dataset.hasTestPart || isBuiltIn else {
        var parts = split
        parts.testShare = testShare ?? split.testShare
        return (try samples(of: dataset.parts(parts)), "")
      }
      let parts = dataset.validationSplit(share: split.validationShare, seed: split.seed)
      return (TrainingSamples(dataset, split: parts, isBuiltIn: isBuiltIn), "")
    case .folder(let folder, _):
      var split = split
      guard let testShare else { return (TrainingSamples(folder, try folder.parts(split)), "") }
      split.testShare = testShare
      return (TrainingSamples(folder, folder.dataset.parts(split)), "")
    case .table(let survey):
      let prepared = try PreparedTable(survey, try survey.parts(testShare: testShare))
      return (TrainingSamples(prepared), ColumnTable(prepared.treatments).text)
    }
  }

  /// Hands out the samples of one fold after the other, counted from 1: those of one are gone when the next are made.
  func forEachFold(_ count: Int, _ body: (_ fold: Int, _ samples: TrainingSamples) throws -> Void) throws {
    let folds: [RowSplit.Parts]
    switch source {
    case .samples(let dataset, _):
      try check(count, dataset.count, "sample", of: dataset)
      folds = dataset.folds(count, split)
    case .folder(let folder, _):
      try check(count, folder.files.count, "file", of: folder.dataset)
      folds = folder.dataset.folds(count, split)
    case .table(let survey): folds = try survey.folds(count)
    }
    for (place, parts) in folds.enumerated() { try body(place + 1, samples(of: parts)) }
  }

  /// The rows of a table but those that test, divided in several ways; empty for other data, and where a column divides.
  ///
  /// - Parameters:
  ///   - count: how many ways; four where it is left out and there are fewer rows than `fewRows`.
  func divisions(_ count: Int?, ofFewerThan fewRows: Int) throws -> [TrainingSamples] {
    guard case .table(let survey) = source else {
      if let count { throw UsageError("--folds \(count) is for tables; other data judge by the rows held back") }
      return []
    }
    if count == nil {
      if case .column = survey.options.split.method { return [] }
      guard survey.rows.count < fewRows, survey.rows.count > 20 else { return [] }
    }
    return try survey.divisions(count ?? 4).map { TrainingSamples(try PreparedTable(survey, $0)) }
  }

  private func check(_ folds: Int, _ count: Int, _ noun: String, of dataset: Dataset) throws(UsageError) {
    guard folds <= count else { throw UsageError("--folds \(folds): \(dataset.name) has \(counted(count, noun))") }
  }

  /// Samples of known parts.
  private func samples(of parts: RowSplit.Parts) throws -> TrainingSamples {
    switch source {
    case .samples(let dataset, let isBuiltIn):
      TrainingSamples(
        dataset.divided(training: parts.training, validation: parts.validation, test: parts.test),
        split: (parts.training, parts.validation), isBuiltIn: isBuiltIn)
    case .folder(let folder, _): TrainingSamples(folder, parts)
    case .table(let survey): TrainingSamples(try PreparedTable(survey, parts))
    }
  }
}

/// A table's columns and what is done with each.
struct ColumnTable {
  private let treatments: [PreparedTable.Treatment]

  init(_ treatments: [PreparedTable.Treatment]) { self.treatments = treatments }

  var text: String {
    let rows = treatments.map { treatment in
      let column = treatment.column
      return [
        lineOfText(column.name), column.kind.rawValue, grouped(Double(column.missing)), shown(column.distinct),
        column.range.map(shown) ?? examples(column),
        treatment.summary,
      ]
    }
    return alignedTable(["column", "type", "missing", "distinct", "range", "becomes"], rows, numbers: [2, 3])
      .joined(separator: "\n")
  }

  private func examples(_ column: ColumnSummary) -> String {
    column.commonest.prefix(3).map { lineOfText($0.value, limit: 12) }.joined(separator: ", ")
  }
}

/// The network beside what any network has to beat.
struct Comparison {
  /// How the network does.
  var network: Evaluation
  let baselines: Baselines
  private let rows: String

  /// Measured on the test part where there is one, else on the rows that watched; nil where there is neither.
  init?(_ session: TrainingSession) {
    let isTest = session.dataset.hasTestPart
    let rows = isTest ? session.dataset.testRows : session.split.validation
    guard !rows.isEmpty else { return nil }
    self.rows = counted(rows.count, isTest ? "test row" : "validation row")
    network = session.model.evaluator.evaluate(session.data, rows: rows)
    baselines = Baselines(session, measuredOn: rows)
  }

  var text: String {
    let figures = (network.figures.first ?? []).filter { $0.key != "loss" }
    let entries = [("this network", network)] + baselines.entries.map { ($0.name, $0.evaluation) }
    let lines = entries.map { name, evaluation in
      [lineOfText(name)]
        + figures.map { figure in
          evaluation.figures.first?.first { $0.key == figure.key }.map { rounded($0.value) } ?? ""
        }
    }
    return alignedTable(["on \(rows)"] + figures.map(\.name), lines, numbers: Set(1..<figures.count + 1))
      .joined(separator: "\n") + (warning.map { "\n" + $0 } ?? "")
  }

  /// What is to be said where something simpler does better; nil where nothing does.
  private var warning: String? {
    guard let best = baselines.entries.max(by: { $0.evaluation.merit < $1.evaluation.merit }),
      best.evaluation.merit > network.merit
    else { return nil }
    return
      "\(lineOfText(best.name)) does better here: take the network with care; more rows, other columns or 'descent tune' "
      + "may help" + (best.name == "linear model" ? ", and --layers none trains a linear network" : "")
  }
}
