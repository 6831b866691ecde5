// An autoencoder learns to take noise away: handwritten digits, pixels from 0 to 1, under normal noise of 0.3.
//
//     swift run -c release ExampleDenoising [EPOCHS] [SEED]
//
// Noise is drawn anew at every step, so that no picture is seen twice; the target is the picture without it.

import Descent

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let (epochs, seed) = (arguments.first ?? 200, UInt64(arguments.count > 1 ? arguments[1] : 0))

let digits = try Dataset.load("digits")
let source = BatchSource(digits, scaling: .constant(0...16))
func pictures(_ rows: [Int32]) -> Tensor {
  let data = TrainingData(source)
  return data.inputs(of: rows[...])
}
let (training, test) = (pictures(digits.trainRows), pictures(digits.testRows))
let samples = TensorSamples(inputs: training, targets: training)

let network = RandomSource.withSeed(seed) {
  Sequential {
    GaussianNoise(0.3)
    Dense(64, 256)
    Activation.relu
    Dense(256, 64)
    Activation.relu
    Dense(64, 256)
    Activation.relu
    Dense(256, 64)
    Activation.sigmoid
  }
}
let trainer = RandomSource.withSeed(seed + 1) {
  Trainer(network, loss: .meanSquared, optimizer: .adamW(learningRate: 0.001, weightDecay: 0.01))
}
let steps = epochs * ((training.shape[0] + 31) / 32)
try trainer.fit(
  samples, epochs: epochs, batchSize: 32, seed: seed, schedule: .oneCycle(maximum: 0.003, steps: steps))

let noisy = RandomSource.withSeed(seed + 2) { test + .randomNormal(test.shape, standardDeviation: 0.3) }
let (before, after) = (Loss.meanSquared(noisy, test), Loss.meanSquared(network(noisy), test))
let (error, rest) = (before.item(Float.self), after.item(Float.self))
print("mean squared error of \(test.shape[0]) test pictures: noisy \(error), cleaned \(rest), ratio \(rest / error)")

/// A picture as text, darker for more.
func lines(_ picture: Tensor) -> [String] {
  let shades = Array(" .:-=+*#%@")
  let values = picture.scalars(Float.self).map { shades[Int(max(0, min(9, $0 * 9.99)))] }
  return stride(from: 0, to: 64, by: 8).map { String(values[$0..<$0 + 8].flatMap { [$0, $0] }) }
}
for place in 0..<3 {
  let row = [test, noisy, network(noisy)].map { lines($0.sliced(axis: 0, place..<place + 1)) }
  for line in 0..<8 { print(row.map { $0[line] }.joined(separator: "  |  ")) }
  print("")
}
