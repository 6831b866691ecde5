import ArgumentParser
import Descent

/// Units of hidden layers: `64,32`, or `none`.
struct LayerSizes: ExpressibleByArgument, CustomStringConvertible {
  let sizes: [Int]

  init(_ sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    if argument == "none" {
      sizes = []
      return
    }
    var sizes: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(part) else { return nil }
      sizes.append(size)
    }
    self.sizes = sizes
  }

  var description: String { sizes.isEmpty ? "none" : sizes.map { "\($0)" }.joined(separator: ",") }
  var defaultValueDescription: String { description }
}

extension Dataset.Split: ExpressibleByArgument {}
extension Dataset.Task: ExpressibleByArgument {}

/// How much of the machine a command uses.
struct MachineOptions: ParsableArguments {
  @Option(help: "Threads to use, all processors where it is left out.")
  var threads: Int?

  @Flag(help: "Write the same bytes with any number of threads.")
  var deterministic = false

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw UsageError("--threads must be from 1 to 1024, got \(threads)")
    }
  }

  func apply() {
    ExecutionSettings.current = ExecutionSettings(threads: threads ?? processorCount, isDeterministic: deterministic)
  }
}

/// A model and the data that it is used on, for `evaluate` and `predict`.
struct ModelOptions: ParsableArguments {
  @Argument(help: "A model file that 'descent train' wrote.")
  var model: String

  @Argument(help: "A built-in name, a table, or a folder of IDX files.")
  var data: String

  @Option(help: "The part of the data: train, test or all. The test part where there is one, else all.")
  var split: Dataset.Split?

  /// The model, the data as it takes them, and the rows of the part.
  func load(needsTarget: Bool) throws -> (model: SavedModel, data: TrainingData, rows: [Int32]) {
    let model = try SavedModel(path: model)
    let dataset = try Dataset.load(data, matching: model.schema, needsTarget: needsTarget)
    let split = split ?? (dataset.hasTestPart ? .test : .all)
    let rows = dataset.rows(split)
    guard !rows.isEmpty else {
      throw UsageError("\(data) has no \(split.rawValue) part; use --split all")
    }
    let terms = LossTerms(named: model.settings.loss, task: model.task) ?? .standard(for: model.task)
    let source = BatchSource(dataset, scaling: model.preparation.features, targetScaling: model.preparation.target)
    return (model, TrainingData(source, targetForm: terms.targetForm), rows)
  }
}

extension SavedModel {
  /// How outputs meet the loss that the network was trained with.
  var terms: LossTerms { LossTerms(named: settings.loss, task: task) ?? .standard(for: task) }
}
