import DescentNetworks
import DescentTensors
import Synchronization
import Testing

@testable import DescentDatasets
@testable import DescentTraining

/// Augmentation in the training loop.
@Suite struct AugmentedSamplesTests {
  /// Pictures of 4 × 4 in two classes: a bright column on the left half, or a bright row in the upper half.
  private static func pictures(_ count: Int) -> Dataset {
    var generator = SplitMix64(seed: 4)
    var pixels: [Float] = []
    for row in 0..<count {
      let place = generator.below(2)
      for y in 0..<4 { for x in 0..<4 { pixels.append((row.isMultiple(of: 2) ? x : y) == place ? 1 : 0) } }
    }
    return Dataset(
      name: "pictures", features: .float32(pixels), sampleShape: [4, 4], featureNames: (0..<16).map { "p\($0)" },
      target: .classes(labels: (0..<count).map { Int32($0 % 2) }, names: ["column", "row"]))
  }

  private func samples(
    _ words: String, count: Int = 20, form: TrainingData.TargetForm = .classIndices, seed: UInt64 = 5
  ) throws -> AugmentedSamples<TrainingData> {
    let data = TrainingData(BatchSource(Self.pictures(count)), sampleShape: [1, 4, 4], targetForm: form)
    return AugmentedSamples(data, try Augmentation(words: words), seed: seed)
  }

  /// All batches of some epochs.
  private func epochs(
    _ orders: [[Int32]], of data: some SampleSource, batchSize: Int, ahead: Bool
  ) -> [[(inputs: [Double], targets: [Double])]] {
    let loader = BatchLoader(data, batchSize: batchSize, gathersAhead: ahead)
    defer { loader.stop() }
    return orders.enumerated().map { index, order in
      loader.start(order, epoch: index + 1)
      var batches: [(inputs: [Double], targets: [Double])] = []
      while let batch = loader.next() { batches.append((batch.inputs.reals(), batch.targets.reals())) }
      return batches
    }
  }

  @Test func samplesChangeFromEpochToEpochAndWithNothingElse() throws {
    let data = try samples("flip,shift=1,noise=0.1")
    let (forwards, backwards) = (data.rows, Array(data.rows.reversed()))
    let whole = epochs([forwards, forwards], of: data, batchSize: 20, ahead: false)
    #expect(whole[0][0].inputs != whole[1][0].inputs)
    for ahead in [false, true] {
      for batchSize in [3, 7, 20] {
        let parts = epochs([backwards, forwards], of: data, batchSize: batchSize, ahead: ahead)
        #expect(parts[1].flatMap(\.inputs) == whole[1][0].inputs)
        // the first epoch in the other order: the same samples, each in its place
        let rows = stride(from: 0, to: 320, by: 16).map { parts[0].flatMap(\.inputs)[$0..<$0 + 16] }
        #expect(rows.reversed().flatMap(\.self) == whole[0][0].inputs)
      }
    }
    #expect(whole[0][0].targets == data.targets(of: data.rows[...]).reals())
    let other = epochs([forwards], of: try samples("flip,shift=1,noise=0.1", seed: 6), batchSize: 20, ahead: false)
    #expect(other[0][0].inputs != whole[0][0].inputs)
  }

  @Test func measuringTakesTheCentre() throws {
    let data = try samples("flip,crop=2,noise=0.5,mixup=0.3")
    let inputs = data.inputs(of: [0, 3])
    #expect(inputs.shape == [2, 1, 2, 2])
    let whole = data.base.inputs(of: [0, 3]).reals()
    #expect(inputs.reals() == [5, 6, 9, 10, 21, 22, 25, 26].map { whole[$0] })
    #expect(data.targets(of: [0, 3]).reals() == [0, 1])
    #expect(data.count == 20 && data.classCount == 2 && data.classes(of: [0, 3]) == [0, 1])
  }

  @Test func mixedTargetsAreProbabilities() throws {
    let order = Array(Int32(0)..<20)
    for form in [TrainingData.TargetForm.classIndices, .oneHot] {
      let data = try samples("mixup=0.4", form: form)
      for batch in epochs([order], of: data, batchSize: 10, ahead: true)[0] {
        #expect(batch.targets.count == 20)
        for row in 0..<10 { #expect(abs(batch.targets[2 * row] + batch.targets[2 * row + 1] - 1) < 1e-6) }
        #expect(batch.targets.contains { $0 > 0.001 && $0 < 0.999 })
      }
    }
    let plain = epochs([order], of: try samples("mixup=0.4"), batchSize: 20, ahead: false)[0][0]
    let oneHot = epochs([order], of: try samples("mixup=0.4", form: .oneHot), batchSize: 20, ahead: false)[0][0]
    #expect(plain.targets == oneHot.targets && plain.inputs == oneHot.inputs)
  }

  @Test func trainingIsTheSameToTheLastBit() throws {
    func trained(seed: UInt64) throws -> (History, [[UInt64]]) {
      try RandomSource.withSeed(3) {
        let network = Sequential {
          Flatten()
          Dense(9, 8)
          Dense(8, 2)
        }
        let data = try samples("flip-vertical,crop=3,noise=0.05,mixup=0.2", count: 120, seed: seed)
        let history = try Trainer(network, loss: crossEntropy, optimizer: .adam(learningRate: 0.02))
          .fit(data, rows: Array(0..<100), validation: Array(100..<120), epochs: 12, batchSize: 16, seed: 1)
        return (history, bits(network))
      }
    }
    let (history, weights) = try trained(seed: 1)
    #expect(try trained(seed: 1).1 == weights)
    #expect(try trained(seed: 2).1 != weights)
    // what is measured is not augmented: every picture of the validation rows is told apart
    #expect((history.epochs.last?.validationAccuracy ?? 0) > 0.9)
    #expect(history.epochs.last?.accuracy != nil)
  }

  @Test func memoryIsUsedAgain() throws {
    let data = try samples("crop=3,mixup=0.2", count: 400)
    let loader = BatchLoader(data, batchSize: 10, gathersAhead: false)
    defer { loader.stop() }
    loader.start(data.rows, epoch: 1)
    var places: Set<UInt> = []
    while let batch = loader.next() {
      places.insert(batch.inputs.withElements { UInt(bitPattern: $0.address) })
      places.insert(batch.targets.withElements { UInt(bitPattern: $0.address) })
    }
    #expect(places.count <= 6)
  }

  @Test func whatDoesNotFitStopsTheProgram() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let data = TrainingData(BatchSource(sample(5)))
      _ = AugmentedSamples(data, try Augmentation(words: "flip")).inputs(of: [0])
    }
    #expect(message(shape).contains("Augmentation: flip: takes pictures of [channels, height, width]"))
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tensors = TensorSamples(inputs: Tensor([Int32(1), 2], shape: [2, 1]), targets: Tensor([Int32(0), 1]))
      _ = AugmentedSamples(tensors, try Augmentation(words: "noise=1")).inputs(of: [0])
    }
    #expect(message(type).contains("AugmentedSamples: inputs must be float32"))
  }
}
