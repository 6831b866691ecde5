// A straight line through twelve rents: y = m·x + c, by descent on half the squared error, summed.
//
// Areas and rents are scaled to 0 … 1 first (min–max). A step looks at twelve, four or one row; an epoch is as many
// steps as show every row once. Training ends when the error over all rows stops falling, or when the epochs run out.

import Descent

let areas: [Float] = [28, 35, 41, 48, 52, 60, 67, 73, 80, 92, 104, 120]  // m²
let rents: [Float] = [455, 480, 590, 610, 700, 735, 850, 860, 1000, 1090, 1235, 1420]  // € a month

let areaScaling = Scaling.fit(.minMax, to: areas, featureCount: 1)
let rentScaling = Scaling.fit(.minMax, to: rents, featureCount: 1)
let x = Tensor(areaScaling.applied(to: areas), shape: [12, 1])
let y = Tensor(rentScaling.applied(to: rents), shape: [12, 1])

func short(_ number: Float, _ places: Float) -> Float { (number * places).rounded() / places }

for batchSize in [12, 4, 1] {
  let line = Dense(1, 1, weights: .zeros)
  let optimizer = Optimizer.sgd(learningRate: 0.05)
  let step = compile { batch in
    let error = Loss.halfSumOfSquares(line(batch[0]), batch[1], reduction: .sum)
    optimizer.minimize(error, over: line.parameters)
    return [error]
  }
  let total = compile { _ in [Loss.halfSumOfSquares(line(x), y, reduction: .sum)] }

  var errors = [total()[0].item(Float.self)]
  print("steps of \(batchSize): error \(short(errors[0], 1e6)) before training")
  for epoch in 1...500 {
    for (inputs, targets) in zip(x.split(by: batchSize), y.split(by: batchSize)) { _ = step(inputs, targets) }
    errors.append(total()[0].item(Float.self))
    if [1, 10, 100].contains(epoch) { print("  epoch \(epoch): error \(short(errors[epoch], 1e6))") }
    if errors[epoch] >= errors[epoch - 1] { break }
  }
  print("  after \(errors.count - 1) epochs: error \(short(errors[errors.count - 1], 1e6))")

  // back to € and m²: two points of the line tell slope and intercept
  let ends = rentScaling.inverted(line(Tensor(areaScaling.applied(to: [0, 100]), shape: [2, 1])).scalars())
  print("  rent in € = \(short((ends[1] - ends[0]) / 100, 100)) · area + \(short(ends[0], 100))")
}

extension Tensor {
  /// Runs of so many rows.
  func split(by size: Int) -> [Tensor] { split(sizes: Array(repeating: size, count: shape[0] / size)) }
}
