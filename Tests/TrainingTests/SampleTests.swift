import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// What trainers and evaluators read samples from, and how networks are measured on them.
@Suite struct SampleTests {
  @Test func rowsOfTensorsAreTaken() {
    let rows: ArraySlice<Int32> = [2, 0]
    let samples = TensorSamples(
      inputs: Tensor((0..<12).map { UInt8($0) }, shape: [3, 2, 2]), targets: Tensor([Int64(5), 0, 1]))
    #expect(samples.count == 3)
    #expect(samples.rows == [0, 1, 2])
    #expect(samples.classCount == 6)
    #expect(samples.inputs(of: rows).shape == [2, 2, 2])
    #expect(samples.inputs(of: rows).scalars(UInt8.self) == [8, 9, 10, 11, 0, 1, 2, 3])
    #expect(samples.targets(of: rows).scalars(Int64.self) == [1, 5])
    #expect(samples.classes(of: rows) == [1, 5])
    #expect(samples.inputs(of: []).shape == [0, 2, 2])

    let values = TensorSamples(
      inputs: Tensor([1.0, 2], shape: [2, 1]), targets: Tensor([3.0, 4, 5, 6], shape: [2, 2]))
    #expect(values.classCount == nil)
    #expect(values.values(of: [1]) == [5, 6])

    let shares = TensorSamples(
      inputs: Tensor([1.0, 2], shape: [2, 1]), targets: Tensor([0.2, 0.8, 0.9, 0.1], shape: [2, 2]),
      task: .classification)
    #expect(shares.classCount == 2)
    #expect(shares.classes(of: [0, 1]) == [1, 0])
  }

  @Test func mistakesAreNamed() async {
    let counts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorSamples(inputs: Tensor([1.0, 2]), targets: Tensor([1.0]))
    }
    #expect(message(counts).contains("must have a row a sample, got [2] and [1]"))
    let classes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorSamples(inputs: Tensor([1.0]), targets: Tensor([Int32(-1)]))
    }
    #expect(message(classes).contains("classes are counted from 0"))
    let row = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorSamples(inputs: Tensor([1.0]), targets: Tensor([1.0])).inputs(of: [1])
    }
    #expect(message(row).contains("there is no row 1 among 1"))
    let fit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let one = Tensor([Float(1)], shape: [1, 1])
      let samples = TensorSamples(inputs: one, targets: one)
      try Trainer(Dense(1, 1), loss: { Loss.meanSquared($0, $1) }, optimizer: .sgd()).fit(samples, rows: [], epochs: 1)
    }
    #expect(message(fit).contains("fit: needs a row"))
  }

  @Test func classesAreMeasured() {
    // the network hands its inputs on: the greatest column is the class
    struct Same: Module { func callAsFunction(_ input: Tensor) -> Tensor { input } }
    let inputs: [Float] = [3, 1, 0, 0, 2, 1, 1, 0, 5, 4, 0, 0]
    let samples = TensorSamples(inputs: Tensor(inputs, shape: [4, 3]), targets: Tensor([Int32(0), 1, 0, 1]))
    let trainer = Trainer(Same(), loss: crossEntropy, optimizer: .sgd())
    let evaluation = trainer.evaluate(samples)
    // a class that these targets lack can be predicted
    #expect(evaluation.classification?.confusion == [[1, 0, 1], [1, 1, 0], [0, 0, 0]])
    #expect(evaluation.classification?.accuracy == 0.5)
    #expect(evaluation.regression == nil)
    #expect(evaluation.samples == 4)
    #expect(trainer.evaluate(samples, rows: [0, 1]).classification?.accuracy == 1)
    #expect(trainer.evaluate(samples, rows: []).classification == nil)
  }

  @Test func lossesAreThoseOfAllSamplesNotOfBatches() {
    // 300 samples are a batch of 256 and one of 44
    let dataset = sample(300)
    let network = smallNetwork()
    let data = TrainingData(BatchSource(dataset))
    let evaluation = Evaluator(network, loss: meanSquared).evaluate(data)
    let outputs = network(data.inputs(of: data.rows[...])).reals()
    let errors = zip(outputs, dataset.values(of: data.rows[...])).map { $0 - Double($1) }
    let mean = errors.map { $0 * $0 }.reduce(0, +) / 300
    #expect(abs(evaluation.loss - mean) < 1e-6)
    #expect(abs((evaluation.regression?.rmse ?? 0) - mean.squareRoot()) < 1e-6)
    #expect(abs((evaluation.regression?.mae ?? 0) - errors.map(abs).reduce(0, +) / 300) < 1e-6)
    #expect(Evaluator(network, loss: meanSquared).outputs(data, rows: data.rows).count == 300)
  }

  @Test func errorsAreInTheDatasUnit() {
    // targets 1000 + 10·y, standardised for the network: errors of its outputs count tenfold times their spread
    struct Zero: Module { func callAsFunction(_ input: Tensor) -> Tensor { input.sum(axes: [1], keepsAxes: true) * 0 } }
    let dataset = Dataset(
      name: "line", features: .float32([0, 0, 0, 0]), sampleShape: [1], featureNames: ["x"],
      target: .values([980, 1000, 1020, 1040]))
    let scaling = Scaling.fit(.standardise, toTargetOf: dataset, rows: dataset.trainRows)
    let data = TrainingData(BatchSource(dataset, targetScaling: scaling))
    let evaluation = Evaluator(Zero(), loss: meanSquared).evaluate(data)
    // the mean, 1010, is predicted: errors −30, −10, 10, 30
    #expect(abs(evaluation.loss - 1) < 1e-6)
    #expect(abs((evaluation.regression?.rmse ?? 0) - 500.0.squareRoot()) < 1e-3)
    #expect(abs((evaluation.regression?.mae ?? 0) - 20) < 1e-3)
    #expect(abs(evaluation.regression?.r2 ?? 1) < 1e-6)
  }

  @Test func furtherTargetColumnsAreForTheLoss() throws {
    // the second column is a sample's weight: only the second sample counts
    let line = Dense(weight: Tensor([1.0], shape: [1, 1]))
    let samples = TensorSamples(
      inputs: Tensor([1.0, 2], shape: [2, 1]), targets: Tensor([9.0, 0, 4, 1], shape: [2, 2]))
    let trainer = Trainer(
      line,
      loss: { output, targets in
        Loss.meanSquared(
          output, targets.sliced(axis: 1, 0..<1), sampleWeights: targets.sliced(axis: 1, 1..<2).squeezed(axes: [1]))
      }, optimizer: .sgd(learningRate: 0.1))
    let history = try trainer.fit(samples, epochs: 100)
    #expect(history.epochs.first?.loss == 4)
    expectClose(line.weight.value, Tensor([2.0], shape: [1, 1]))
    #expect(trainer.evaluate(samples).regression == nil)
  }

  @Test func networksOfDoublePrecisionTrain() throws {
    let network = RandomSource.withSeed(1) {
      Sequential.dense(inputs: 2, hidden: [4], outputs: 2, activation: .tanh, type: .float64)
    }
    let samples = RandomSource.withSeed(2) {
      TensorSamples(inputs: .randomNormal([40, 2], type: .float64), targets: Tensor((0..<40).map { Int32($0 % 2) }))
    }
    let trainer = Trainer(network, loss: crossEntropy, optimizer: .adamW(learningRate: 0.05))
    let history = try trainer.fit(samples, epochs: 5, batchSize: 16)
    #expect(history.epochs[4].loss < history.epochs[0].loss)
    #expect(history.epochs[4].accuracy != nil)
  }
}
