import DescentDatasets
import DescentNetworks
import DescentTensors

/// Trains a network on mini-batches, epoch by epoch.
public struct Trainer: Sendable {
  /// The mean loss of a batch, from the network's output and the targets.
  public typealias BatchLoss = @Sendable (_ output: Tensor, _ targets: Tensor) -> Tensor

  /// The network that learns.
  public let network: any Module
  /// What moves its parameters.
  public let optimizer: Optimizer
  private let loss: BatchLoss
  private let step: CompiledFunction

  /// A trainer for a network.
  ///
  /// - Parameters:
  ///   - loss: the mean loss of a batch.
  ///   - penalty: what is added to the loss for the size of the weights, from the network; it is not part of the loss
  ///     that is reported.
  public init(
    _ network: any Module, loss: @escaping BatchLoss, optimizer: Optimizer,
    penalty: (@Sendable (any Module) -> Tensor)? = nil
  ) {
    self.network = network
    self.optimizer = optimizer
    self.loss = loss
    let parameters = network.parameters
    step = compile { arguments in
      let output = network(arguments[0])
      let value = loss(output, arguments[1])
      optimizer.minimize(penalty.map { value + $0(network) } ?? value, over: parameters)
      return [value] + correctCount(output, arguments[1])
    }
  }

  /// One step of training on a batch.
  ///
  /// - Returns: the mean loss before the step, and how many samples were classified rightly where the targets are
  ///   classes.
  @discardableResult
  public func train(_ inputs: Tensor, _ targets: Tensor) -> (loss: Double, correct: Int?) {
    let results = Mode.training { step(inputs, targets) }
    return (Double(results[0].item(Float.self)), results.count > 1 ? Int(results[1].item(Int64.self)) : nil)
  }

  /// Trains for a number of epochs on rows in an order drawn anew for each; the last, smaller batch counts as well.
  ///
  /// - Parameters:
  ///   - rows: the rows to train on, one or more.
  ///   - validation: rows on which the network is measured after each epoch; none for no measurement.
  ///   - seed: draws the order of the rows.
  ///   - callbacks: watch the run, in order, and may end it.
  /// - Throws: ``TrainingDiverged`` when loss or weights are no longer finite, with the last good weights put back; and
  ///   what a callback throws.
  public func fit(
    _ data: TrainingData, rows: [Int32], validation: [Int32] = [], epochs: Int, batchSize: Int = 32, seed: UInt64 = 0,
    callbacks: [any Callback] = []
  ) throws -> History {
    check(!rows.isEmpty && epochs >= 0 && batchSize > 0, "fit: needs rows, and a batch of 1 or more")
    var history = History()
    var order = rows
    var generator = SplitMix64(seed: seed)
    let clock = ContinuousClock()
    // weights that gave a finite loss, and the epoch that left them
    var good = (weights: Snapshot(of: network), epoch: 0)

    func diverged(_ epoch: Int, _ step: Int, _ what: String, hasMoved: Bool = true) -> TrainingDiverged {
      good.weights.restore()
      return TrainingDiverged(
        epoch: epoch, step: step, what: what, hasMoved: hasMoved, keptEpoch: good.epoch,
        learningRate: optimizer.learningRate, history: history)
    }

    for epoch in 1...max(epochs, 1) where epochs > 0 {
      let start = clock.now
      let begin = Snapshot(of: network)
      order.shuffle(using: &generator)
      var total = RunningLoss()
      let batches = batches(order, of: batchSize)
      for (index, batch) in batches.enumerated() {
        let (loss, correct) = train(data.inputs(of: batch), data.targets(of: batch))
        total.add(loss, correct: correct, samples: batch.count)
        guard loss.isFinite else {
          throw diverged(epoch, index + 1, "the loss became \(loss)", hasMoved: epoch > 1 || index > 0)
        }
        if index == 0 { good = (begin, epoch - 1) }
        let elapsed = max((clock.now - start).seconds, 1e-9)
        for callback in callbacks {
          callback.stepEnded(
            StepProgress(
              epoch: epoch, epochCount: epochs, step: index + 1, stepCount: batches.count,
              samplesPerSecond: Double(total.samples) / elapsed, loss: total.loss))
        }
      }
      let trained = max((clock.now - start).seconds, 1e-9)
      guard network.isFinite else { throw diverged(epoch, batches.count, "a weight is no longer finite") }
      let measured = validation.isEmpty ? nil : evaluate(data, rows: validation)
      if let measured, !measured.loss.isFinite {
        throw diverged(epoch, batches.count, "the validation loss became \(measured.loss)")
      }
      let record = EpochRecord(
        epoch: epoch, loss: total.loss, accuracy: total.accuracy, validationLoss: measured?.loss,
        validationAccuracy: measured?.classification?.accuracy, seconds: (clock.now - start).seconds,
        samplesPerSecond: Double(total.samples) / trained)
      history.epochs.append(record)
      history.bestEpoch = epoch
      for callback in callbacks where history.stopReason == nil {
        history.stopReason = try callback.epochEnded(record, of: network)
      }
      if history.stopReason != nil { break }
    }
    if validation.isEmpty, let last = history.epochs.last {
      // no later step will tell whether the last one was good
      let loss = evaluate(data, rows: Array(order.prefix(batchSize))).loss
      guard loss.isFinite else {
        throw diverged(last.epoch, batches(rows, of: batchSize).count, "the loss became \(loss)")
      }
    }
    for callback in callbacks {
      if let epoch = callback.trainingEnded(history, of: network) { history.bestEpoch = epoch }
    }
    return history
  }

  /// How well the network does on rows, and what it says about them.
  public func evaluate(_ data: TrainingData, rows: [Int32]) -> Evaluation {
    Evaluator(network, loss: loss).evaluate(data, rows: rows)
  }
}

/// How many samples are classified rightly, as a tensor, where the targets are class indices or one-hot whole numbers.
private func correctCount(_ output: Tensor, _ targets: Tensor) -> [Tensor] {
  guard output.rank == 2 else { return [] }
  let predicted = output.argmax(axes: [-1])
  if targets.type == .int32, targets.rank == 1 { return [(predicted .== targets.cast(to: .int64)).sum()] }
  if targets.type == .uint8, targets.shape == output.shape { return [(predicted .== targets.argmax(axes: [-1])).sum()] }
  return []
}

/// The rows, cut into batches; the last one may be smaller.
func batches(_ rows: [Int32], of size: Int) -> [ArraySlice<Int32>] {
  stride(from: 0, to: rows.count, by: size).map { rows[$0..<min($0 + size, rows.count)] }
}

/// A mean over samples, gathered batch by batch.
struct RunningLoss {
  private(set) var samples = 0
  private var sum = 0.0
  private var correct: Int?

  var loss: Double { samples == 0 ? 0 : sum / Double(samples) }
  var accuracy: Double? { correct.map { Double($0) / Double(max(samples, 1)) } }

  mutating func add(_ loss: Double, correct: Int?, samples count: Int) {
    samples += count
    sum += loss * Double(count)
    if let correct { self.correct = (self.correct ?? 0) + correct }
  }
}

extension Module {
  /// Whether all that the network has learnt and kept is finite.
  var isFinite: Bool {
    // a sum of zeros times numbers is zero only if they are all finite
    let sums = variables.filter { $0.value.type.isFloatingPoint }.map { ($0.value * 0).sum().cast(to: .float64) }
    evaluate(sums)
    return sums.allSatisfy { $0.item(Double.self) == 0 }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
