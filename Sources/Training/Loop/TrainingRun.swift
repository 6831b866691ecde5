import DescentDatasets
import DescentNetworks
import DescentTensors

/// One call of ``Trainer/fit(_:rows:validation:epochs:batchSize:seed:schedule:callbacks:file:line:)``: what changes from epoch to
/// epoch.
struct TrainingRun<Data: SampleSource> {
  private let trainer: Trainer
  private let data: Data
  private let validation: [Int32]
  private let epochCount, stepCount: Int
  private let schedule: Schedule?
  /// The learning rate that the schedule starts from.
  private let baseRate: Double
  /// The rate that the schedule set last, and what others have multiplied its rates by since the start.
  private var scheduled: (rate: Double, factor: Double)
  private let callbacks: [any Callback]
  private let countsCorrect: Bool
  private let clock = ContinuousClock()
  private var order: [Int32]
  private var generator: SplitMix64
  private let loader: BatchLoader<Data>
  private var history = History()
  /// The last weights that are known to give a finite loss, and the epoch that left them.
  private var good: (weights: Snapshot, epoch: Int)

  init(
    trainer: Trainer, data: Data, rows: [Int32], validation: [Int32], epochCount: Int, batchSize: Int, seed: UInt64,
    schedule: Schedule?, callbacks: [any Callback]
  ) {
    self.trainer = trainer
    self.data = data
    self.validation = validation
    self.epochCount = epochCount
    stepCount = EpochBatches(rows: rows.count, size: batchSize).count
    self.schedule = schedule
    baseRate = trainer.optimizer.learningRate
    scheduled = (baseRate, 1)
    self.callbacks = callbacks
    countsCorrect = data.classCount != nil
    good = (trainer.snapshot, 0)
    order = rows
    generator = SplitMix64(seed: seed)
    loader = BatchLoader(data, batchSize: min(batchSize, rows.count))
  }

  mutating func run() throws -> History {
    defer {
      loader.stop()
      trainer.optimizer.dropAccumulated()
      if schedule != nil { trainer.optimizer.learningRate = baseRate }
    }
    for callback in callbacks { callback.trainingStarted(of: trainer.network) }
    while history.epochs.count < epochCount, history.stopReason == nil { try runEpoch() }
    trainer.optimizer.useAverages(of: trainer.parameters)
    for callback in callbacks {
      if let epoch = callback.trainingEnded(history, of: trainer.network) { history.bestEpoch = epoch }
    }
    return history
  }

  private mutating func runEpoch() throws {
    let epoch = history.epochs.count + 1
    let record: EpochRecord
    do {
      record = try trainAndMeasure(epoch)
    } catch {
      good.weights.restore()
      trainer.optimizer.reset()
      throw error
    }
    history.epochs.append(record)
    history.bestEpoch = epoch
    // every callback sees the epoch, also behind the one that ends the run
    history.stopReason = try trainer.optimizer.withAverages(of: trainer.parameters) {
      var stopReason: String?
      for callback in callbacks {
        let reason = try callback.epochEnded(record, of: trainer.network)
        stopReason = stopReason ?? reason
      }
      return stopReason
    }
  }

  private mutating func trainAndMeasure(_ epoch: Int) throws(TrainingDiverged) -> EpochRecord {
    let start = clock.now
    generator.shuffle(&order)
    let total = try train(epoch, since: start)
    let trained = seconds(since: start)
    guard trainer.isFinite else { throw diverged(epoch, stepCount, "a weight is no longer finite") }
    let measured =
      validation.isEmpty
      ? nil : trainer.optimizer.withAverages(of: trainer.parameters) { trainer.evaluate(data, rows: validation) }
    if let loss = measured?.loss, !loss.isFinite {
      throw diverged(epoch, stepCount, "the validation loss became \(loss)")
    }
    return EpochRecord(
      epoch: epoch, loss: total.loss, accuracy: total.accuracy, validationLoss: measured?.loss,
      validationAccuracy: measured?.classification?.accuracy, seconds: seconds(since: start),
      samplesPerSecond: Double(total.samples) / trained)
  }

  /// The epoch's steps.
  private mutating func train(
    _ epoch: Int, since start: ContinuousClock.Instant
  ) throws(TrainingDiverged) -> RunningLoss {
    var total = RunningLoss()
    let begin = trainer.snapshot
    var step = 0
    loader.start(order, epoch: epoch)
    while let batch = loader.next() {
      step += 1
      if let schedule {
        follow(schedule, at: schedule.unit == .epoch ? epoch - 1 : (epoch - 1) * stepCount + step - 1)
      }
      let (loss, correct) = trainer.train(batch.inputs, batch.targets, countsCorrect: countsCorrect)
      total.add(loss, correct: correct, samples: batch.count)
      guard loss.isFinite else {
        throw diverged(epoch, step, "the loss became \(loss)", hasMoved: epoch > 1 || step > 1)
      }
      if step == 1 { good = (begin, epoch - 1) }
      if epoch == epochCount, step == stepCount, validation.isEmpty {
        // neither a later step nor a validation will tell whether this step was good
        let loss = trainer.evaluator.loss(batch.inputs, batch.targets)
        guard loss.isFinite || !trainer.isFinite else { throw diverged(epoch, step, "the loss became \(loss)") }
      }
      if callbacks.isEmpty { continue }
      let progress = StepProgress(
        epoch: epoch, epochCount: epochCount, step: step, stepCount: stepCount,
        samplesPerSecond: Double(total.samples) / seconds(since: start), loss: total.loss)
      for callback in callbacks { callback.stepEnded(progress) }
    }
    return total
  }

  /// Sets the learning rate. What a callback has changed it by holds for all rates to come.
  private mutating func follow(_ schedule: Schedule, at done: Int) {
    let found = trainer.optimizer.learningRate
    if found != scheduled.rate, scheduled.rate > 0 { scheduled.factor *= found / scheduled.rate }
    scheduled.rate = schedule.rate(at: done, base: baseRate) * scheduled.factor
    trainer.optimizer.learningRate = scheduled.rate
  }

  /// Above 0, so that it may divide.
  private func seconds(since start: ContinuousClock.Instant) -> Double { max((clock.now - start).seconds, 1e-9) }

  private func diverged(_ epoch: Int, _ step: Int, _ what: String, hasMoved: Bool = true) -> TrainingDiverged {
    var history = history
    history.bestEpoch = good.epoch
    return TrainingDiverged(
      epoch: epoch, step: step, what: what, hasMoved: hasMoved,
      learningRate: trainer.optimizer.learningRate, history: history)
  }
}

/// The numbers of a network at one moment. It holds the tensors; the next step writes elsewhere.
struct Snapshot: Sendable {
  private let values: [(variable: NamedVariable, tensor: Tensor)]

  init(of variables: [NamedVariable]) { values = variables.map { ($0, $0.value) } }

  func restore() {
    for (variable, tensor) in values { variable.value = tensor }
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
