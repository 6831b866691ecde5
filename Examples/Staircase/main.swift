// Two layers on the staircase: what one neuron cannot say, three can prepare for a fourth.
//
// A picture of 2 × 2 pixels is a staircase when both bottom pixels and exactly one top pixel are dark. Each hidden
// neuron below answers one question about it. When only stairs drawn in grey count and dark ones do not, darker is no
// longer better: these questions no longer help, and training finds others.

import Descent

/// Pixels: top left, top right, bottom left, bottom right, from 0 (white) to 1 (black). Dark ones begin at 0.76 and
/// light ones end at 0.24, so that two pixels add up to 0.47 at most where none is dark, to 0.76 … 1.24 where one is,
/// and to 1.53 or more where both are.
let byHand = Sequential {
  Dense(
    weight: Tensor(
      [
        0, 0, 40, 40,  // are both bottom pixels dark?
        40, 40, 0, 0,  // is a top pixel dark?
        40, 40, 0, 0,  // are both top pixels dark?
      ] as [Float], shape: [3, 4]),
    bias: Tensor([-55, -25, -55] as [Float]))
  Activation.sigmoid
  // the first and the second, but not the third
  Dense(weight: Tensor([20, 20, -20] as [Float], shape: [1, 3]), bias: Tensor([-30] as [Float]))
  Activation.sigmoid
}

/// The share of test pictures that a network judges rightly, after training where epochs are given.
func accuracy(of network: Sequential, on name: String, epochs: Int = 0) throws -> Double {
  let pictures = try Dataset.load(name)
  let data = TrainingData(BatchSource(pictures, scaling: .constant(0...255)))
  let trainer = Trainer(
    network, loss: { Loss.binaryCrossEntropyOfProbabilities($0, $1.expandingAxis(at: -1)) },
    optimizer: .adam(learningRate: 0.02))
  _ = try trainer.fit(data, rows: pictures.trainRows, epochs: epochs, batchSize: 20)
  return trainer.evaluate(data, rows: pictures.testRows).classification?.accuracy ?? 0
}

/// A network of two layers with small random weights.
func fresh(hidden: Int) -> Sequential {
  .dense(inputs: 4, hidden: [hidden], outputs: 1, activation: .sigmoid, output: .sigmoid)
}

print("dark stairs, weights by hand: accuracy \(try accuracy(of: byHand, on: "staircase"))")
print("dark stairs, trained:         accuracy \(try accuracy(of: fresh(hidden: 3), on: "staircase", epochs: 150))")
let shaded = "staircase-shaded:size=1000"
print("grey stairs, weights by hand: accuracy \(try accuracy(of: byHand, on: shaded))")
print("grey stairs, trained:         accuracy \(try accuracy(of: fresh(hidden: 16), on: shaded, epochs: 150))")
