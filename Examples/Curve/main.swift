// How many units does a curve need? One hidden layer of 2, 5, 20 and 100 units, against two with as many weights.

import Descent

// y = sin 5x + ½ cos 11x on −1 … 1, at 64 places
let x = Tensor((0..<64).map { Float($0) / 31.5 - 1 }, shape: [64, 1])
let y = (x * 5).sin() + (x * 11).cos() * 0.5
evaluate(y)

/// The root of the mean squared error after training on all places at once.
func error(of network: Sequential, steps: Int = 2000) -> Double {
  let trainer = Trainer(network, loss: { Loss.meanSquared($0, $1) }, optimizer: .adam(learningRate: 0.01))
  for _ in 1...steps { trainer.train(x, y) }
  return Double(Loss.rootMeanSquared(network(x), y).item(Float.self))
}

/// A network with one input, one output, and tanh in between. The biases start apart, so that the units bend in
/// different places.
func network(_ hidden: [Int]) -> Sequential {
  Sequential {
    for (inputs, units) in zip([1] + hidden, hidden) {
      Dense(inputs, units, weights: .leCunNormal, biases: .normal(standardDeviation: 1))
      Activation.tanh
    }
    Dense(hidden[hidden.count - 1], 1)
  }
}

/// The largest two equal layers with no more weights than one layer of so many units.
func twoLayers(like units: Int) -> [Int] {
  var width = 1
  while network([width + 1, width + 1]).parameterCount <= network([units]).parameterCount { width += 1 }
  return [width, width]
}

print("guessing the mean: error \(short(Double(y.variance(correction: 0).sqrt().item(Float.self))))")
for units in [2, 5, 20, 100] {
  for hidden in [[units], twoLayers(like: units)] {
    let network = network(hidden)
    let shape = hidden.map { "\($0)" }.joined(separator: " + ")
    print("\(shape) hidden units, \(network.parameterCount) weights: error \(short(error(of: network)))")
  }
}

func short(_ number: Double) -> Double { (number * 10000).rounded() / 10000 }
