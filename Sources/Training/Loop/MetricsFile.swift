import DescentFormats
import DescentNetworks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes one JSON object a line for every epoch, each at once, and a last one for the result.
///
/// A line that can't be written ends no training: it is the network that takes the time. ``finish(_:)`` reports it.
public final class MetricsFile: Callback {
  private let writer: LineWriter
  private var failure: DataError?

  /// Empties or creates the file.
  ///
  /// - Throws: `DataError` where it can't be written.
  public init(path: String) throws(DataError) {
    try Files.checkWritable(path)
    writer = try LineWriter(path: path)
  }

  /// Writes the epoch's line.
  public func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String? {
    let line = try jsonLine(record)
    guard failure == nil else { return nil }
    do throws(DataError) { try writer.write(line) } catch { failure = error }
    return nil
  }

  /// Writes the last line.
  ///
  /// - Throws: `DataError` where this line, or one before, could not be written.
  public func finish(_ result: TrainingSession.Result) throws {
    if let failure { throw failure }
    let history = result.history
    try writer.write(
      try jsonLine(
        FinalRecord(
          final: true, epochs: history.epochs.count, bestEpoch: history.bestEpoch, testLoss: result.test?.loss,
          testAccuracy: result.test?.classification?.accuracy, testRmse: result.test?.regression?.rmse,
          testMae: result.test?.regression?.mae, testR2: result.test?.regression?.r2)))
  }

  private struct FinalRecord: Encodable {
    let final: Bool
    let epochs, bestEpoch: Int
    let testLoss, testAccuracy, testRmse, testMae, testR2: Double?

    enum CodingKeys: String, CodingKey {
      case final, epochs
      case bestEpoch = "best_epoch"
      case testLoss = "test_loss"
      case testAccuracy = "test_accuracy"
      case testRmse = "test_rmse"
      case testMae = "test_mae"
      case testR2 = "test_r2"
    }
  }
}

/// The figures of an evaluation as `descent evaluate --json` prints them.
public struct EvaluationRecord: Encodable, Sendable {
  private let samples: Int
  private let figures: [Figure]
  private let intervals: BootstrapIntervals?

  /// The figures that fit the task, and the intervals around them.
  public init(_ evaluation: Evaluation, intervals: BootstrapIntervals? = nil) {
    samples = evaluation.samples
    figures = evaluation.figures.flatMap { $0 }
    self.intervals = intervals
  }

  /// Every figure under its key, and under `intervals` the lower and the upper end of each.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(samples, forKey: Key(stringValue: "samples"))
    for figure in figures { try container.encode(figure.value, forKey: Key(stringValue: figure.key)) }
    guard let intervals else { return }
    var ends = container.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: "intervals"))
    for interval in intervals.intervals {
      try ends.encode([interval.lower, interval.upper], forKey: Key(stringValue: interval.figure.key))
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A value as one line of JSON with sorted keys.
package func jsonLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
