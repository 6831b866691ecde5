import DescentDatasets
import DescentTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds a learning rate by trying them all: steps whose rate grows from one to the next, until the loss no longer falls.
///
/// The rate goes from 10⁻⁵ to 1 in equal factors. Each batch's loss is taken beside the one that the same batch has with
/// the first weights, both smoothed (exponentially, by 0.9, without bias): a batch that happens to be hard then says nothing
/// about the rate. The test ends where their ratio is four times its least. A twentieth of the rate at its least is found:
/// there the loss still falls quickly, and far from where it rises. Where it never falls that is 0.001. The network and the
/// optimizer are as before afterwards.
///
/// Source: L. Smith, "Cyclical learning rates for training neural networks", 2017.
public struct RangeTest: Sendable {
  /// A rate that was tried and the smoothed loss behind it, as a part of the first weights' loss.
  public struct Point: Sendable, Hashable {
    /// The learning rate of the step.
    public let rate: Double
    /// The smoothed loss over the smoothed loss of the same batches with the first weights.
    public let loss: Double
  }

  /// What was tried, in order.
  public let points: [Point]
  /// The rate that was found.
  public let rate: Double

  /// Steps at most.
  public static let steps = 100
  private static let (lowest, highest) = (1e-5, 1.0)
  private static let smoothing = 0.9
  /// What is taken where the loss does not fall above the slowest rates: chance alone made the least.
  private static let (usual, slowest) = (0.001, 1e-4)
  /// The greatest rates that are found, without hidden layers and with them: beyond, whole trainings fail that a hundred
  /// steps do not show.
  static let (fastestLinear, fastest) = (0.05, 0.01)

  /// Tries rates on rows in a drawn order, again and again where they are few; finds no rate above `most`.
  init(
    _ trainer: Trainer, _ data: some SampleSource, rows: [Int32], batchSize: Int, most: Double = fastest, seed: UInt64
  ) {
    let before = trainer.snapshot
    let rateBefore = trainer.optimizer.learningRate
    defer {
      before.restore()
      trainer.optimizer.reset()
      trainer.optimizer.learningRate = rateBefore
    }
    let batches = Self.batches(rows, size: min(batchSize, rows.count), seed: seed)
    let starts = batches.map { trainer.evaluator.loss(data.inputs(of: $0), data.targets(of: $0)) }
    var (mean, first, least, best) = (0.0, 0.0, Double.infinity, Self.lowest)
    var points: [Point] = []
    for (step, batch) in batches.enumerated() {
      let rate = Self.lowest * pow(Self.highest / Self.lowest, Double(step) / Double(Self.steps - 1))
      trainer.optimizer.learningRate = rate
      let (loss, _) = trainer.train(data.inputs(of: batch), data.targets(of: batch))
      guard loss.isFinite else { break }
      mean = Self.smoothing * mean + (1 - Self.smoothing) * loss
      first = Self.smoothing * first + (1 - Self.smoothing) * starts[step]
      let ratio = first > 0 ? mean / first : 1
      points.append(Point(rate: rate, loss: ratio))
      if ratio < least { (least, best) = (ratio, rate) }
      // the first losses jump about
      if step > 10, ratio > 4 * least { break }
    }
    self.points = points
    // two digits are all that the test can tell
    rate = best > Self.slowest ? Double("\(Float(twoDigits: min(best / 20, most)))") ?? Self.usual : Self.usual
  }

  /// Batches in a drawn order, again and again where rows are few.
  private static func batches(_ rows: [Int32], size: Int, seed: UInt64) -> [ArraySlice<Int32>] {
    var generator = SplitMix64(seed: seed)
    var order: ArraySlice<Int32> = []
    return (0..<steps).map { _ in
      if order.count < size {
        var drawn = rows
        generator.shuffle(&drawn)
        order = drawn[...]
      }
      defer { order.removeFirst(size) }
      return order.prefix(size)
    }
  }
}

extension Float {
  /// A number above 0, rounded to two digits.
  init(twoDigits number: Double) {
    let scale = pow(10, 1 - log10(number).rounded(.down))
    self = Float((number * scale).rounded() / scale)
  }
}
