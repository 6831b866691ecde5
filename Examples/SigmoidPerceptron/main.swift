// The sigmoid perceptron: one neuron whose answer is a number between 0 and 1, on pictures of 2 × 2 pixels.
//
// A picture is a staircase when both bottom pixels and exactly one top pixel are dark. One neuron adds up darkness, and
// "exactly one" is no matter of more or less: it comes close, with weights set by hand or trained, and no further.

import Descent

let pictures = try Dataset.load("staircase")
let data = TrainingData(BatchSource(pictures, scaling: .constant(0...255)))

/// The share of test pictures that a network judges rightly, after training where epochs are given.
func accuracy(of network: Sequential, epochs: Int = 0) throws -> Double {
  let trainer = Trainer(
    network, loss: { Loss.binaryCrossEntropyOfProbabilities($0, $1.expandingAxis(at: -1)) },
    optimizer: .adam(learningRate: 0.05))
  _ = try trainer.fit(data, rows: pictures.trainRows, epochs: epochs)
  return trainer.evaluate(data, rows: pictures.testRows).classification?.accuracy ?? 0
}

/// What a network says of the clean patterns that have both bottom pixels dark.
func report(_ title: String, _ network: Sequential, accuracy: Double) {
  let numbers = network.parameters.flatMap { $0.value.reals() }.map(short)
  print("\(title): accuracy \(accuracy), weights \(numbers.dropLast()), bias \(numbers[4])")
  let tops: [(name: String, pixels: [Float])] = [
    ("no top pixel", [0, 0]), ("the left top pixel", [1, 0]), ("the right top pixel", [0, 1]),
    ("both top pixels", [1, 1]),
  ]
  for (name, pixels) in tops {
    let answer = network(Tensor(pixels + [1, 1], shape: [1, 4])).item(Float.self)
    print("  both bottom pixels and \(name): \(short(Double(answer)))")
  }
}

func short(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

// By hand: are both bottom pixels dark? One neuron can hardly ask a better question.
let byHand = Sequential {
  Dense(weight: Tensor([0, 0, 40, 40] as [Float], shape: [1, 4]), bias: Tensor([-55] as [Float]))
  Activation.sigmoid
}
report("by hand", byHand, accuracy: try accuracy(of: byHand))

// Trained: the same neuron, from small random weights.
let trained = Sequential {
  Dense(4, 1)
  Activation.sigmoid
}
report("trained", trained, accuracy: try accuracy(of: trained, epochs: 100))
