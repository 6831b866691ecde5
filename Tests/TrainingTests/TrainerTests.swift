import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Synchronization
import Testing

/// The loop over epochs and mini-batches.
@Suite struct TrainerTests {
  /// Writes down what happens.
  private final class Recorder: Callback {
    var events: [String] = []
    let name: String
    private let stopsAfter: Int?

    init(_ name: String = "", stopsAfter: Int? = nil) {
      self.name = name
      self.stopsAfter = stopsAfter
    }

    func trainingStarted(of network: any Module) { events.append("started") }
    func stepEnded(_ progress: StepProgress) {
      events.append("step \(progress.epoch)/\(progress.epochCount).\(progress.step)/\(progress.stepCount)")
    }
    func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
      events.append("epoch \(record.epoch)")
      return record.epoch == stopsAfter ? "\(name) stops" : nil
    }
    func trainingEnded(_ history: History, of network: any Module) -> Int? {
      events.append("ended")
      return nil
    }
  }

  /// Notes the order in which rows are trained on.
  private struct Watched: SampleSource {
    final class Log: Sendable { let batches = Mutex<[[Int32]]>([]) }

    let data: TrainingData
    let log = Log()

    var count: Int { data.count }
    var classCount: Int? { data.classCount }
    func inputs(of rows: ArraySlice<Int32>) -> Tensor {
      log.batches.withLock { $0.append(Array(rows)) }
      return data.inputs(of: rows)
    }
    func targets(of rows: ArraySlice<Int32>) -> Tensor { data.targets(of: rows) }
    func classes(of rows: ArraySlice<Int32>) -> [Int32] { data.classes(of: rows) }
    func values(of rows: ArraySlice<Int32>) -> [Float] { data.values(of: rows) }
    func values(fromOutputs outputs: [Float]) -> [Float] { data.values(fromOutputs: outputs) }
  }

  private func data(_ count: Int, task: Dataset.Task = .regression) -> TrainingData {
    TrainingData(BatchSource(sample(count, task: task)))
  }

  // MARK: Epochs and batches

  @Test func theLastSmallerBatchCounts() throws {
    // at rate 10⁻³⁰ the weights stay, so that the epoch's loss is the mean over all 23 samples
    let network = smallNetwork()
    let trainer = Trainer(network, loss: meanSquared, optimizer: .sgd(learningRate: 1e-30))
    let data = data(23)
    for batchSize in [1, 5, 10, 22, 23, 64] {
      let record = try #require(try trainer.fit(data, epochs: 1, batchSize: batchSize).epochs.first)
      let all = trainer.evaluate(data)
      #expect(abs(record.loss - all.loss) < 1e-6, "batch size \(batchSize)")
      let outputs = network(data.inputs(of: data.rows[...])).reals()
      var total = 0.0
      for (output, truth) in zip(outputs, data.values(of: data.rows[...])) {
        total += (output - Double(truth)) * (output - Double(truth))
      }
      #expect(abs(record.loss - total / 23) < 1e-6)
    }
  }

  @Test func everyRowIsTakenOnceAnEpochInAnotherOrder() throws {
    let watched = Watched(data: data(23))
    let trainer = Trainer(smallNetwork(), loss: meanSquared, optimizer: .sgd())
    let rows = watched.rows.filter { $0 != 7 }
    try trainer.fit(watched, rows: rows, epochs: 3, batchSize: 10, seed: 5)
    let taken = watched.log.batches.withLock { $0 }
    #expect(taken.map(\.count) == [10, 10, 2, 10, 10, 2, 10, 10, 2])
    let orders = (0..<3).map { Array(taken[3 * $0..<3 * $0 + 3].joined()) }
    for order in orders { #expect(order.sorted() == rows) }
    #expect(Set(orders + [rows]).count == 4)

    // the order is this library's own, the same in every release
    var wanted = rows
    var generator = SplitMix64(seed: 5)
    for order in orders {
      generator.shuffle(&wanted)
      #expect(order == wanted)
    }
  }

  @Test func batchNormalisationTrainsWhereARowIsLeftOver() throws {
    let watched = Watched(data: data(7))
    let recorder = Recorder()
    let network = RandomSource.withSeed(1) { Sequential([Dense(2, 4), BatchNorm(4), Dense(4, 1)]) }
    let trainer = Trainer(network, loss: meanSquared, optimizer: .adam())
    try trainer.fit(watched, epochs: 2, batchSize: 3, callbacks: [recorder])
    #expect(watched.log.batches.withLock { $0 }.map(\.count) == [3, 4, 3, 4])
    #expect(recorder.events.filter { $0.hasPrefix("step 2") } == ["step 2/2.1/2", "step 2/2.2/2"])
  }

  @Test func noEpochsLeaveTheNetwork() throws {
    let network = smallNetwork()
    let before = bits(network)
    let recorder = Recorder()
    let trainer = Trainer(network, loss: meanSquared, optimizer: .adam())
    let history = try trainer.fit(data(10), epochs: 0, callbacks: [recorder, EarlyStopping(patience: 1)])
    #expect(history.epochs.isEmpty)
    #expect(history.bestEpoch == 0)
    #expect(history.stopReason == nil)
    #expect(recorder.events == ["started", "ended"])
    #expect(bits(network) == before)
  }

  @Test func theSameSeedGivesTheSameWeights() throws {
    func weights(seed: UInt64) throws -> [[UInt64]] {
      try RandomSource.withSeed(9) {
        let network = smallNetwork(outputs: 2, dropout: 0.3)
        let trainer = Trainer(network, loss: crossEntropy, optimizer: .adam())
        try trainer.fit(data(70, task: .classification), epochs: 3, batchSize: 16, seed: seed)
        return bits(network)
      }
    }
    let first = try weights(seed: 1)
    #expect(try weights(seed: 1) == first)
    #expect(try weights(seed: 2) != first)
  }

  @Test func watchingDoesNotChangeTheWeights() throws {
    // validation, callbacks and their measuring draw no random numbers and train on nothing
    func weights(validation: [Int32], callbacks: [any Callback]) throws -> [[UInt64]] {
      try RandomSource.withSeed(9) {
        let network = smallNetwork(outputs: 2, dropout: 0.3)
        let trainer = Trainer(network, loss: crossEntropy, optimizer: .adam())
        try trainer.fit(
          data(70, task: .classification), rows: Array(0..<50), validation: validation, epochs: 3, batchSize: 16,
          callbacks: callbacks)
        return bits(network)
      }
    }
    let alone = try weights(validation: [], callbacks: [])
    #expect(try weights(validation: Array(50..<70), callbacks: [Recorder()]) == alone)
    #expect(try weights(validation: Array(0..<50), callbacks: [EarlyStopping(patience: 100)]).count == alone.count)
  }

  @Test func validationIsMeasuredBehindTheEpoch() throws {
    let network = smallNetwork(outputs: 2, dropout: 0.5)
    let trainer = Trainer(network, loss: crossEntropy, optimizer: .adam(learningRate: 0.05))
    let data = data(60, task: .classification)
    var measured: [(Double, Double?)] = []
    let history = try trainer.fit(
      data, rows: Array(0..<40), validation: Array(40..<60), epochs: 3, batchSize: 10,
      callbacks: [
        AfterEpoch { _ in
          // another evaluator, with plans of its own
          let now = Evaluator(network, loss: crossEntropy).evaluate(data, rows: Array(40..<60))
          measured.append((now.loss, now.classification?.accuracy))
          return nil
        }
      ])
    #expect(history.epochs.map(\.validationLoss) == measured.map(\.0))
    #expect(history.epochs.map(\.validationAccuracy) == measured.map(\.1))
    #expect(history.epochs.allSatisfy { $0.samplesPerSecond > 0 && $0.seconds > 0 })
  }

  @Test(arguments: [TrainingData.TargetForm.classIndices, .oneHot])
  func accuracyIsCountedWhileTraining(form: TrainingData.TargetForm) throws {
    let data = TrainingData(BatchSource(sample(50, task: .classification)), targetForm: form)
    let trainer = Trainer(smallNetwork(outputs: 2), loss: crossEntropy, optimizer: .sgd(learningRate: 1e-30))
    let record = try #require(try trainer.fit(data, epochs: 1, batchSize: 16).epochs.first)
    #expect(record.accuracy == trainer.evaluate(data).classification?.accuracy)
    let values = try Trainer(smallNetwork(), loss: meanSquared, optimizer: .sgd()).fit(self.data(20), epochs: 1)
    #expect(values.epochs.first?.accuracy == nil)
  }

  // MARK: Callbacks

  @Test func callbacksAreCalledInOrder() throws {
    let recorder = Recorder()
    let trainer = Trainer(smallNetwork(), loss: meanSquared, optimizer: .sgd())
    try trainer.fit(data(5), epochs: 2, batchSize: 3, callbacks: [recorder])
    #expect(
      recorder.events == [
        "started", "step 1/2.1/2", "step 1/2.2/2", "epoch 1", "step 2/2.1/2", "step 2/2.2/2", "epoch 2", "ended",
      ])
  }

  @Test func theFirstReasonEndsTheRunAndAllSeeTheEpoch() throws {
    let (first, second, third) = (Recorder(), Recorder("second", stopsAfter: 2), Recorder("third", stopsAfter: 2))
    let trainer = Trainer(smallNetwork(), loss: meanSquared, optimizer: .sgd())
    let history = try trainer.fit(data(5), epochs: 9, callbacks: [first, second, third])
    #expect(history.stopReason == "second stops")
    #expect(history.epochs.count == 2)
    #expect(history.bestEpoch == 2)
    for recorder in [first, second, third] {
      #expect(recorder.events.suffix(2) == ["epoch 2", "ended"])
    }
  }

  @Test func aCallbackMayChangeTheRate() throws {
    // one parameter, one sample: w ← w − η · 2 · w, at rates 0.1, 0.05 and 0.025
    let layer = Dense(weight: Tensor([1.0], shape: [1, 1]))
    let optimizer = Optimizer.sgd(learningRate: 0.1)
    let samples = TensorSamples(inputs: Tensor([1.0], shape: [1, 1]), targets: Tensor([0.0], shape: [1, 1]))
    try Trainer(layer, loss: meanSquared, optimizer: optimizer).fit(
      samples, epochs: 3,
      callbacks: [
        AfterEpoch { _ in
          optimizer.learningRate /= 2
          return nil
        }
      ])
    expectClose(layer.weight.value, Tensor([0.8 * 0.9 * 0.95], shape: [1, 1]), relative: 1e-14, absolute: 0)
    #expect(optimizer.learningRate == 0.0125)
  }

  @Test func whatACallbackThrowsEndsTheRun() {
    struct Full: Error {}
    let trainer = Trainer(smallNetwork(), loss: meanSquared, optimizer: .sgd())
    #expect(throws: Full.self) { try trainer.fit(data(5), epochs: 2, callbacks: [AfterEpoch { _ in throw Full() }]) }
  }

  // MARK: Divergence

  @Test func divergenceKeepsTheLastGoodWeights() throws {
    let network = smallNetwork()
    let optimizer = Optimizer.adam(learningRate: 0.01)
    let trainer = Trainer(network, loss: meanSquared, optimizer: optimizer)
    var good: [[[UInt64]]] = []
    let error = #expect(throws: TrainingDiverged.self) {
      try trainer.fit(
        data(40), epochs: 9, batchSize: 16,
        callbacks: [
          AfterEpoch { record in
            good.append(bits(network))
            if record.epoch == 2 { optimizer.learningRate = 1e38 }
            return nil
          }
        ])
    }
    #expect(good.count == 2)
    #expect(bits(network) == good.last)
    #expect(error?.epoch == 3)
    #expect(error?.step == 2)
    #expect(error?.learningRate == 1e38)
    #expect(error?.history.epochs.count == 2)
    #expect(error?.history.bestEpoch == 2)
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("training diverged in epoch 3, step 2: the loss became "))
    #expect(text.contains("the learning rate 1e+38 may be too high"))
    #expect(text.hasSuffix("The weights of epoch 2 are kept"))

    // with another rate it goes on: the optimizer does not remember what was not finite
    optimizer.learningRate = 0.01
    let history = try trainer.fit(data(40), epochs: 2, batchSize: 16)
    #expect(history.epochs.count == 2)
  }

  @Test func divergenceInTheOnlyStepIsSeenToo() throws {
    // the loss is that of the weights before the step: only the weights tell
    let network = smallNetwork()
    let before = bits(network)
    let trainer = Trainer(
      network, loss: { Loss.meanSquared($0, $1) * 1e38 }, optimizer: .sgd(learningRate: 1e38))
    let error = #expect(throws: TrainingDiverged.self) { try trainer.fit(data(4), epochs: 2) }
    #expect(error?.what == "a weight is no longer finite")
    #expect(error?.epoch == 1)
    #expect("\(try #require(error))".hasSuffix("The weights of the start are kept"))
    #expect(bits(network) == before)
  }

  @Test func statesAreKeptTooWhenTrainingDiverges() throws {
    let tracking = Tracking()
    let network = Sequential([tracking, Dense(2, 1)])
    let samples = TensorSamples(
      inputs: Tensor([Float.infinity, 1], shape: [1, 2]), targets: Tensor([Float(0)], shape: [1, 1]))
    let trainer = Trainer(network, loss: meanSquared, optimizer: .sgd())
    #expect(throws: TrainingDiverged.self) { try trainer.fit(samples, epochs: 1) }
    #expect(tracking.average.value.reals() == [0, 0])
  }

  // MARK: Modes and sharing

  @Test func dropoutIsForTrainingOnly() throws {
    let network = RandomSource.withSeed(1) { Sequential([Dropout(0.5), Dense(2, 1)]) }
    let trainer = RandomSource.withSeed(2) { Trainer(network, loss: meanSquared, optimizer: .sgd(learningRate: 1e-30)) }
    let data = data(64)
    let rows = data.rows[...]
    let losses = (0..<4).map { _ in trainer.train(data.inputs(of: rows), data.targets(of: rows)).loss }
    #expect(Set(losses).count == 4, "each step drops others")
    let measured = (0..<3).map { _ in trainer.evaluate(data).loss }
    #expect(Set(measured).count == 1)
    #expect(!losses.contains(measured[0]))
    let outputs = Evaluator(network, loss: meanSquared).outputs(data, rows: data.rows)
    #expect(outputs == network(data.inputs(of: rows)).scalars())
  }

  @Test func twoTrainersShareANetwork() throws {
    let (together, alone) = (smallNetwork(), smallNetwork())
    let data = data(32)
    let (inputs, targets) = (data.inputs(of: data.rows[...]), data.targets(of: data.rows[...]))
    let pair = (0..<2).map { _ in Trainer(together, loss: meanSquared, optimizer: .sgd(learningRate: 0.1)) }
    let single = Trainer(alone, loss: meanSquared, optimizer: .sgd(learningRate: 0.1))
    for count in 0..<6 {
      #expect(pair[count % 2].train(inputs, targets).loss == single.train(inputs, targets).loss)
    }
    #expect(bits(together) == bits(alone))
  }

  @Test func aTensorThatIsHeldKeepsItsNumbers() throws {
    let network = smallNetwork()
    let trainer = Trainer(network, loss: meanSquared, optimizer: .adam(learningRate: 0.1))
    let data = data(32)
    try trainer.fit(data, epochs: 2)
    let held = network.stateDictionary
    let doubled = network.parameters.map { $0.value * 2 }
    let reshaped = network.parameters[0].value.reshaped(to: [16])
    let numbers = held.map { $0.tensor.reals() }
    try trainer.fit(data, epochs: 3)
    #expect(held.map { $0.tensor.reals() } == numbers)
    #expect(doubled.map { $0.reals() } == numbers.map { $0.map { 2 * $0 } })
    #expect(reshaped.reals() == numbers[0])
    #expect(network.parameters[0].value.reals() != numbers[0])
  }

  @Test func thePenaltyTrainsAndIsNotReported() throws {
    let (plain, decayed) = (Dense(weight: Tensor([1.0], shape: [1, 1])), Dense(weight: Tensor([1.0], shape: [1, 1])))
    let penalty = Penalty.l2(0.5)
    let (input, target) = (Tensor([1.0], shape: [1, 1]), Tensor([0.0], shape: [1, 1]))
    let first = Trainer(plain, loss: meanSquared, optimizer: .sgd(learningRate: 0.1))
    let second = Trainer(decayed, loss: meanSquared, optimizer: .sgd(learningRate: 0.1)) { penalty($0) }
    #expect(first.train(input, target).loss == 1)
    #expect(second.train(input, target).loss == 1)
    expectClose(plain.weight.value, Tensor([0.8], shape: [1, 1]), relative: 1e-14, absolute: 0)
    expectClose(decayed.weight.value, Tensor([0.7], shape: [1, 1]), relative: 1e-14, absolute: 0)
  }

  // MARK: Worked example

  @Test func linearRegressionFindsTheClosedForm() throws {
    // y = m·x + c over five points: m = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)² = 19.9 / 10, c = ȳ − m·x̄
    let (x, y) = ([1.0, 2, 3, 4, 5], [2.1, 3.9, 6.2, 7.8, 10.1])
    let (meanX, meanY) = (x.reduce(0, +) / 5, y.reduce(0, +) / 5)
    var (both, alone) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      both += (x - meanX) * (y - meanY)
      alone += (x - meanX) * (x - meanX)
    }
    let m = both / alone
    #expect(abs(m - 1.99) < 1e-12)
    let line = Dense(weight: Tensor([0.0], shape: [1, 1]), bias: Tensor([0.0]))
    let samples = TensorSamples(inputs: Tensor(x, shape: [5, 1]), targets: Tensor(y, shape: [5, 1]))
    let trainer = Trainer(line, loss: meanSquared, optimizer: .sgd(learningRate: 0.05))
    let history = try trainer.fit(samples, epochs: 5000, batchSize: 5, callbacks: [MinimumLossChange(1e-18)])
    #expect(history.stopReason != nil)
    expectClose(line.weight.value, Tensor([m], shape: [1, 1]), relative: 1e-6, absolute: 0)
    expectClose(try #require(line.bias).value, Tensor([meanY - m * meanX]), relative: 1e-4, absolute: 0)
  }
}
