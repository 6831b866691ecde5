// A network learns exclusive-or, and its gradients are checked against plain differences.
//
// Back-propagation computes how the error changes with every weight. The slow way needs no theory: move one weight a
// little up and a little down, and see. Both must agree; in 64-bit numbers they do to nine digits and more.

import Descent

let inputs = Tensor([0.0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
let targets = Tensor([0.0, 1, 1, 0], shape: [4, 1])
let network = RandomSource.withSeed(1) {
  Sequential {
    Dense(2, 3, weights: .leCunNormal, type: .float64)
    Activation.sigmoid
    Dense(3, 1, weights: .leCunNormal, type: .float64)
    Activation.sigmoid
  }
}

/// Half the squared error over the four rows, with the network's parameters set to given ones.
func error(with values: [Tensor]) -> Tensor {
  for (parameter, value) in zip(network.parameters, values) { parameter.value = value }
  return Loss.halfSumOfSquares(network(inputs), targets, reduction: .sum)
}

/// Prints the first layer's gradients both ways, then checks all of them.
func check(_ title: String) {
  let values = network.parameters.map(\.value)
  let byGraph = gradients(of: error(with: values), with: values)[0].reals()
  print("\(title): ∂E/∂w of the first layer by graph and by difference")
  let (weights, step) = (values[0].reals(), 1e-5)
  for place in weights.indices {
    func moved(by amount: Double) -> Double {
      var moved = weights
      moved[place] += amount
      return error(with: [Tensor(moved, shape: values[0].shape)] + values.dropFirst()).item()
    }
    print("  \(byGraph[place])  \((moved(by: step) - moved(by: -step)) / (2 * step))")
  }
  let mismatches = gradientCheck(of: error, at: values)
  print("  \(mismatches.count) of \(network.parameterCount) gradients differ")
  _ = error(with: values)  // puts the parameters back
}

check("before training")
let optimizer = Optimizer.adam(learningRate: 0.05)
let step = compile { _ in
  let error = Loss.halfSumOfSquares(network(inputs), targets, reduction: .sum)
  optimizer.minimize(error, over: network.parameters)
  return [error]
}
for epoch in 1...1000 {
  let error = step()[0].item(Double.self)
  if epoch.isMultiple(of: 200) { print("epoch \(epoch): error \(error)") }
}
print("0 xor 0, 0 xor 1, 1 xor 0, 1 xor 1: \(network(inputs).round().reals().map { Int($0) })")
check("after training")
