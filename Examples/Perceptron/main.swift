// The perceptron: one neuron with a step, trained by Rosenblatt's rule ("The perceptron", 1958).
//
// A step has no slope that training could descend: its gradient is 0 everywhere. The rule needs none. It looks at
// answers only: where the neuron says 0 and should say 1, the input is added to the weights; where it says 1 and should
// say 0, the input is taken away from them.

import Descent

for table in ["and", "or", "nand", "xor"] {
  // as quantities, the classes "0" and "1" are the numbers 0 and 1
  let data = TrainingData(BatchSource(try Dataset.load(table, task: .regression)))
  let rows = data.source.dataset.trainRows
  var weights = Tensor.zeros([1, 2])
  var bias = Tensor.zeros([1, 1])

  print("\(table):")
  var epoch = 0
  var mistakes = 0
  repeat {
    epoch += 1
    mistakes = 0
    for place in rows.indices {
      let input = data.inputs(of: rows[place...place])
      let wanted = data.targets(of: rows[place...place])
      let answer = Activation.step((weights * input).sum() + bias)
      let error = wanted - answer  // −1, 0 or 1
      weights = weights + error * input
      bias = bias + error
      evaluate(error, weights, bias)
      if error.item() != Float(0) { mistakes += 1 }
    }
    print("  epoch \(epoch): mistakes \(mistakes), weights \(weights.reals()), bias \(bias.item(Float.self))")
  } while mistakes > 0 && epoch < 10

  if mistakes == 0 {
    print("  learnt in \(epoch) epochs")
  } else {
    print("  not learnt: no straight line has the ones of \(table) on one side")
  }
}

// What descent would have to go by:
let weights = Tensor([0.5, -0.5] as [Float])
let error = (Activation.step((weights * Tensor([1, 1] as [Float])).sum()) - 0).squared()
print("gradient of a step's squared error: \(gradient(of: error, with: weights).reals())")
