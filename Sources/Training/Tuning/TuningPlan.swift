import DescentDatasets
import DescentFormats
import DescentTensors

/// What decides all trials of a search: the first line of its journal.
public struct TuningPlan: Codable, Sendable, Equatable {
  /// Checksums of the samples, their targets, which rows learn and watch, and what the columns are.
  public let data: String
  /// What all draws follow from.
  public let seed: UInt64
  /// What is drawn from.
  public let space: SearchSpace
  /// The settings of trial 0: those that a run takes where nobody chooses.
  public internal(set) var standard: TrainingSettings
  private var format = formatName

  private static let formatName = "descent tune 2"

  /// A search over samples: first those that the best network is trained on, then each division that judges.
  public init(for samples: [TrainingSamples], seed: UInt64, space: SearchSpace, standard: TrainingSettings) throws {
    check(!samples.isEmpty, "TuningPlan: needs samples")
    let schema = try jsonLine(samples[0].dataset.schema)
    let splits = samples.flatMap { $0.split.training + [-1] + $0.split.validation + [-2] } as [Int32]
    data = (samples[0].dataset.checksums + [checksum(splits)])
      .reduce(checksum(Array(schema.utf8))) { "\($0)-\($1)" }
    (self.seed, self.space, self.standard) = (seed, space, standard)
  }

  /// How a trial is trained for so many epochs. Its schedule is made for them.
  ///
  /// Where the rows that watch are learnt in the end, for all epochs, a trial is judged by its last epoch; elsewhere by its
  /// best, which early stopping keeps.
  public func settings(trial: Int, epochs: Int) -> TrainingSettings {
    var settings = finalSettings(trial: trial, epochs: epochs)
    if settings.learnsValidation { settings.earlyStopping = nil }
    return settings
  }

  /// How the network that is kept is trained with a trial's settings.
  public func finalSettings(trial: Int, epochs: Int) -> TrainingSettings {
    var settings = space.sample(trial: trial, seed: seed, standard: standard)
    settings.epochs = epochs
    settings.earlyStopping = max(10, epochs / 3)
    return settings
  }

  /// Why results that another plan led to are of no use to this one, as a clause; nil where they are. The rate of trial 0
  /// may differ: it was measured, and another number of threads may round otherwise.
  func objection(to other: TuningPlan) -> String? {
    if other.format != format { return "it is not of this version" }
    // first, because the split follows from it
    if other.seed != seed { return "it belongs to a search with --seed \(other.seed)" }
    if other.data != data { return "it belongs to other data, or to the same with other columns or another split" }
    var same = other
    same.standard.learningRate = standard.learningRate
    return same == self ? nil : "it belongs to a search with other choices"
  }
}

extension Dataset {
  /// Of the features and of the target.
  fileprivate var checksums: [String] {
    let features: String =
      switch features {
      case .uint8(let bytes): checksum(bytes)
      case .float32(let numbers): checksum(numbers)
      case .file: checksum((0..<count).map { row in sample(row).withUnsafeBytes { CRC32.checksum($0) } })
      }
    switch target {
    case .classes(let labels, _): return [features, checksum(labels)]
    case .values(let values): return [features, checksum(values)]
    }
  }
}

/// The bytes' CRC-32, in hexadecimal.
private func checksum<Number>(_ numbers: [Number]) -> String {
  String(numbers.withUnsafeBytes { CRC32.checksum($0) }, radix: 16)
}
