import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Inference in blocks of a fixed number of rows.
@Suite struct BlockTests {
  private static let networks: [(name: String, shape: Shape, make: @Sendable () -> any Module)] = [
    ("dense", [7], { Sequential.dense(inputs: 7, hidden: [19, 5], outputs: 3, activation: .tanh) }),
    ("wide dense", [65], { Sequential.dense(inputs: 65, hidden: [130], outputs: 3, activation: .gelu) }),
    (
      "convolutional", [2, 9, 9],
      {
        Sequential {
          Conv2D(2, 5, kernel: 3, padding: 1)
          BatchNorm(5)
          Activation.relu
          MaxPool2D(kernel: 2)
          Flatten()
          Dense(80, 3)
          Activation.softmax
        }
      }
    ),
    (
      "recurrent", [6, 4],
      {
        Sequential {
          LSTM(4, 9)
          Flatten()
          Dense(54, 3)
        }
      }
    ),
  ]

  /// The same row gives the same bytes alone, in pairs, in any place of a batch and among all.
  @Test(arguments: networks.indices)
  func aRowIsTheSameInAnyCompany(index: Int) throws {
    let (name, shape, make) = Self.networks[index]
    let network = RandomSource.withSeed(4) { make() }
    let count = 2 * Evaluator.block + 7
    let samples = RandomSource.withSeed(5) {
      TensorSamples(inputs: .randomNormal([count] + shape), targets: Tensor((0..<count).map { Int32($0 % 3) }))
    }
    let evaluator = Evaluator(network, loss: crossEntropy)
    let all = evaluator.outputs(samples, rows: samples.rows)
    #expect(all.count == 3 * count && Set(all).count > count)
    let alone = samples.rows.flatMap { evaluator.outputs(samples, rows: [$0]) }
    #expect(alone == all, "\(name), alone")
    let pairs = stride(from: 0, to: Int32(count), by: 2).flatMap { row in
      evaluator.outputs(samples, rows: [row, (row + 1) % Int32(count)])
    }
    #expect(Array(pairs.prefix(all.count)) == all, "\(name), in pairs")
    let reversed = evaluator.outputs(samples, rows: samples.rows.reversed())
    let turned = samples.rows.indices.flatMap { reversed[3 * (count - 1 - $0)..<3 * (count - $0)] }
    #expect(turned == all, "\(name), the other way round")
  }

  /// What a layer gives for a row is the same alone and among all, and what its name says.
  @Test(arguments: [0, 1]) func aLayerIsTheSameInAnyCompany(precision: Int) throws {
    let count = 2 * Evaluator.block + 7
    let dataset = RandomSource.withSeed(9) {
      Dataset(
        name: "numbers", features: .float32(Tensor.randomNormal([count, 65]).scalars(Float.self)), sampleShape: [65],
        featureNames: (0..<65).map { "\($0)" },
        target: .classes(labels: (0..<count).map { Int32($0 % 3) }, names: ["a", "b", "c"]))
    }
    var settings = TrainingSettings()
    (settings.layers, settings.epochs) = ([130, 19], 0)
    settings.precision = precision == 0 ? .float32 : .bfloat16
    let session = try TrainingSession(dataset, settings: settings, terms: .standard(for: .classification))
    let (model, data) = (session.model, session.data)
    let layer = try #require(LayerTable.layerNames(of: model).dropFirst().first)
    func lines(_ rows: [Int32]) -> [Substring] {
      LayerTable(model, data, rows: rows, layer: layer).csv.split(separator: "\n")
    }
    let rows = Array(0..<Int32(count))
    let all = lines(rows)
    #expect(all.count == count + 1 && all[0].hasPrefix("\(layer).0,\(layer).1,") && Set(all).count == count + 1)
    #expect(rows.allSatisfy { lines([$0]) == [all[0], all[Int($0) + 1]] })
    #expect(lines(rows.reversed()) == [all[0]] + all.dropFirst().reversed())
  }

  @Test func measuresAreThoseOfTheRowsAlone() throws {
    let count = 300
    let samples = RandomSource.withSeed(6) {
      TensorSamples(inputs: .randomNormal([count, 2]), targets: Tensor((0..<count).map { Int32($0 % 3) }))
    }
    let evaluator = Evaluator(smallNetwork(outputs: 3), loss: crossEntropy)
    let rows = evaluator.rowResults(samples, probabilities: { $0.softmax() })
    let whole = evaluator.evaluate(samples, probabilities: { $0.softmax() })
    #expect(rows.rows == samples.rows && rows.losses.count == count && rows.probabilities.count == 3 * count)
    #expect(abs(rows.losses.reduce(0, +) / Double(count) - whole.loss) < 1e-6)
    let right = zip(rows.labels, rows.predictions).count { $0 == $1 }
    #expect(Double(right) / Double(count) == whole.classification?.accuracy)
    for row in [0, 31, 32, 299] {
      let one = evaluator.rowResults(samples, rows: [Int32(row)], probabilities: { $0.softmax() })
      #expect(abs(one.losses[0] - rows.losses[row]) < 1e-6)
      #expect(Array(one.probabilities(of: 0)) == Array(rows.probabilities(of: row)))
    }
    #expect(evaluator.rowResults(samples, rows: []).rows.isEmpty)
  }

  /// A row that fills up a block counts for nothing, in the loss neither.
  @Test func whatFillsUpIsNotMeasured() throws {
    let inputs = Tensor([1, 2, 30] as [Float], shape: [3, 1])
    let samples = TensorSamples(inputs: inputs, targets: Tensor([0, 0, 0] as [Float], shape: [3, 1]))
    let evaluation = Evaluator(Identity(), loss: meanSquared).evaluate(samples)
    #expect(abs(evaluation.loss - (1 + 4 + 900) / 3) < 1e-4)
    #expect(evaluation.regression?.samples == 3)
  }

  /// A network may give several places on the first axis for a sample.
  @Test func outputsOfSeveralPlacesAreCut() {
    struct Halves: Module {
      func callAsFunction(_ input: Tensor) -> Tensor { input.reshaped(to: [2 * input.shape[0], 1]) }
    }
    let inputs = Tensor((0..<6).map { Float($0) }, shape: [3, 2])
    let samples = TensorSamples(inputs: inputs, targets: inputs)
    let outputs = Evaluator(Halves(), loss: { output, _ in output.sum() }).outputs(samples, rows: [2, 0])
    #expect(outputs == [4, 5, 0, 1])
  }

  @Test func anOutputWithoutRowsStops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Total: Module { func callAsFunction(_ input: Tensor) -> Tensor { input.sum() } }
      let samples = TensorSamples(inputs: Tensor([1.0, 2]), targets: Tensor([1.0, 2]))
      _ = Evaluator(Total(), loss: meanSquared).outputs(samples, rows: [0, 1])
    }
    #expect(message(result).contains("has no row for each of 32 samples"))
  }
}
