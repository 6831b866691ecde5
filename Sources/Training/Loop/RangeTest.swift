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
/// The rate goes from 10⁻⁵ to 1 in equal factors, while the loss is smoothed (exponentially, by 0.9, without bias). The
/// test ends where that is four times its least. A twentieth of the rate at its least is found: there the loss still
/// falls quickly, and far from where it rises. The network and the optimizer are as before afterwards.
///
/// Source: L. Smith, "Cyclical learning rates for training neural networks", 2017.
public struct RangeTest: Sendable {
  /// A rate that was tried and the smoothed loss behind it.
  public struct Point: Sendable, Hashable {
    /// The learning rate of the step.
    public let rate: Double
    /// The smoothed loss.
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

  /// Tries rates on rows in a drawn order, again and again where they are few.
  init(_ trainer: Trainer, _ data: some SampleSource, rows: [Int32], batchSize: Int, seed: UInt64) {
    let before = trainer.snapshot
    let rateBefore = trainer.optimizer.learningRate
    defer {
      before.restore()
      trainer.optimizer.reset()
      trainer.optimizer.learningRate = rateBefore
    }
    var generator = SplitMix64(seed: seed)
    var order: [Int32] = []
    let size = min(batchSize, rows.count)
    var (mean, weight, least, best) = (0.0, 0.0, Double.infinity, Self.lowest)
    var points: [Point] = []
    for step in 0..<Self.steps {
      if order.count < size {
        order = rows
        generator.shuffle(&order)
      }
      let batch = order.prefix(size)
      let rate = Self.lowest * pow(Self.highest / Self.lowest, Double(step) / Double(Self.steps - 1))
      trainer.optimizer.learningRate = rate
      let (loss, _) = trainer.train(data.inputs(of: batch), data.targets(of: batch))
      order.removeFirst(size)
      guard loss.isFinite else { break }
      mean = Self.smoothing * mean + (1 - Self.smoothing) * loss
      weight = Self.smoothing * weight + (1 - Self.smoothing)
      let smoothed = mean / weight
      points.append(Point(rate: rate, loss: smoothed))
      if smoothed < least { (least, best) = (smoothed, rate) }
      // the first losses jump about
      if step > 10, smoothed > 4 * least { break }
    }
    self.points = points
    // two digits are all that the test can tell
    rate = Double("\(Float(twoDigits: best / 20))") ?? 0.001
  }
}

extension Float {
  /// A number above 0, rounded to two digits.
  init(twoDigits number: Double) {
    let scale = pow(10, 1 - log10(number).rounded(.down))
    self = Float((number * scale).rounded() / scale)
  }
}
