import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors
import DescentTraining
import Foundation
import Testing

/// The vectors that a script of Tests/References wrote, by name.
struct References {
  private let tensors: [String: Tensor]

  init(_ name: String = "training", file: String = #filePath) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("References")
    let file = try SafeTensorsFile(path: folder.appendingPathComponent("\(name).safetensors").path)
    tensors = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, Tensor($0)) })
  }

  func callAsFunction(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Tensor {
    try #require(tensors[name], "\(name) is not in the file", sourceLocation: sourceLocation)
  }

  /// The names of the cases of a kind: what stands between `kind/` and the last slash.
  func cases(of kind: String) -> Set<String> {
    Set(
      tensors.keys.filter { $0.hasPrefix("\(kind)/") }
        .map { $0.split(separator: "/").dropFirst().dropLast().joined(separator: "/") })
  }
}

/// Whether shapes are the same and every number is within |expected| · relative + absolute.
func expectClose(
  _ tensor: Tensor, _ expected: Tensor, relative: Double = 1.3e-6, absolute: Double = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(tensor.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
  guard tensor.shape == expected.shape else { return }
  for (index, (number, wanted)) in zip(tensor.reals(), expected.reals()).enumerated() {
    let isClose = abs(number - wanted) <= abs(wanted) * relative + absolute
    if !isClose {
      Issue.record("\(what): element \(index) is \(number), not \(wanted)", sourceLocation: sourceLocation)
    }
  }
}

/// A data set of random numbers, the same for the same seed: y = 2·x₁ − x₂ + 0.5, or whether that is above 0.5.
func sample(_ count: Int, task: Dataset.Task = .regression, seed: UInt64 = 1) -> Dataset {
  var generator = SplitMix64(seed: seed)
  let features = (0..<2 * count).map { _ in Float(generator.uniform(-1, 1)) }
  let values = (0..<count).map { (row: Int) -> Float in
    let (first, second) = (features[2 * row], features[2 * row + 1])
    return 2 * first - second + 0.5
  }
  return Dataset(
    name: "sample", features: .float32(features), sampleShape: [2], featureNames: ["a", "b"],
    target: task == .regression
      ? .values(values) : .classes(labels: values.map { $0 > 0.5 ? 1 : 0 }, names: ["no", "yes"]))
}

/// A small network with fresh weights, the same for the same seed.
func smallNetwork(seed: UInt64 = 3, outputs: Int = 1, dropout: Double = 0) -> Sequential {
  RandomSource.withSeed(seed) {
    .dense(inputs: 2, hidden: [8], outputs: outputs, activation: .tanh, dropout: dropout)
  }
}

let meanSquared: Trainer.BatchLoss = { Loss.meanSquared($0, $1) }
let crossEntropy: Trainer.BatchLoss = { Loss.crossEntropy($0, $1) }

/// All numbers of a network, bit for bit.
func bits(_ network: any Module) -> [[UInt64]] {
  network.stateDictionary.map { $0.tensor.reals().map(\.bitPattern) }
}

/// A layer with an average over the batches that it has seen: (1 − share) · old + share · new, written in training only.
struct Tracking: Module {
  let average = State(Tensor.zeros([2]))
  let share = 0.5

  func callAsFunction(_ input: Tensor) -> Tensor {
    if Mode.current == .training {
      average.value = average.value * (1 - share) + input.mean(axes: [0]) * share
    }
    return input - average.value.stopGradient()
  }
}

/// What a process wrote on standard error before it was stopped.
func message(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
