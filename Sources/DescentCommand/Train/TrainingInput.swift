import Descent

/// The data of a training run, before they are divided and prepared.
struct TrainingInput {
  private enum Source {
    case samples(Dataset)
    case table(TableSurvey)
  }

  private let source: Source
  private let split: RowSplit

  init(
    _ data: String, target: String?, task: Dataset.Task?, _ tables: TableArguments, validation: Double, seed: UInt64
  ) throws {
    split = RowSplit(
      method: try tables.split.map(RowSplit.method), testShare: tables.test, validationShare: validation, seed: seed)
    switch try DataSource.load(data, encoding: tables.textEncoding()) {
    case .samples(let dataset):
      let given = [("--column", !tables.column.isEmpty), ("--split", tables.split != nil)]
      if let option = given.first(where: \.1)?.0 {
        throw UsageError("\(option) is for tables, and \(dataset.name) is none")
      }
      source = .samples(try Dataset.load(data, target: target, task: task))
    case .table(let table):
      guard let target else { throw UsageError("'\(data)' is a table: name the column to predict (--target COLUMN)") }
      var options = TableOptions()
      (options.task, options.columns, options.split) = (task, try tables.columnOptions(), split)
      source = .table(try TableSurvey(table, target: target, options: options))
    }
  }

  /// The table and its size; nothing for samples, of which more is said later.
  var heading: String {
    guard case .table(let survey) = source else { return "" }
    var text =
      "\(survey.table.place): \(counted(survey.rowCount, "row")), \(counted(survey.columns.count, "column"))"
    let lost = survey.rowCount - survey.rows.count
    if lost > 0 {
      let what = lost == survey.rowsWithoutTarget ? "a target" : "what is needed"
      text += "; \(counted(lost, "row")) without \(what) left out"
    }
    return text
  }

  /// Samples divided and prepared, and for a table a list of what is done with its columns.
  func samples(testShare: Double? = nil) throws -> (samples: TrainingSamples, treatments: String) {
    switch source {
    case .samples(let dataset):
      guard testShare == nil else {
        let parts = RowSplit(testShare: 0, validationShare: split.validationShare, seed: split.seed)
        return (samples(dataset, dataset.parts(parts)), "")
      }
      let parts = dataset.validationSplit(share: split.validationShare, seed: split.seed)
      return (TrainingSamples(dataset, split: parts), "")
    case .table(let survey):
      let prepared = try PreparedTable(survey, try survey.parts(testShare: testShare))
      return (TrainingSamples(prepared), ColumnTable(prepared.treatments).text)
    }
  }

  /// Samples for each fold.
  func folds(_ count: Int) throws -> [TrainingSamples] {
    switch source {
    case .samples(let dataset):
      guard count <= dataset.count else {
        throw UsageError("--folds \(count): \(dataset.name) has \(counted(dataset.count, "sample"))")
      }
      return dataset.folds(count, split).map { samples(dataset, $0) }
    case .table(let survey): return try survey.folds(count).map { TrainingSamples(try PreparedTable(survey, $0)) }
    }
  }

  private func samples(_ dataset: Dataset, _ parts: RowSplit.Parts) -> TrainingSamples {
    TrainingSamples(
      dataset.divided(training: parts.training, validation: parts.validation, test: parts.test),
      split: (parts.training, parts.validation))
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
      .joined(separator: "\n")
  }
}
