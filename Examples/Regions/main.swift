// Logic and regions of the plane, with weights set by hand and nothing trained.
//
// A neuron with a steep sigmoid says on which side of a line a point lies. A neuron behind several of them can say "all
// of these" or "one of these", and so two more layers cut any region with straight edges out of the plane.

import Descent

/// Neurons from rows of bias and weights, one row each.
func neurons(_ rows: [[Float]]) -> [any Module] {
  let weights = Tensor(rows.flatMap { $0.dropFirst() }, shape: [rows.count, rows[0].count - 1])
  return [Dense(weight: weights, bias: Tensor(rows.map { $0[0] })), Activation.sigmoid]
}

// Logic: bias, weight of a, weight of b.
let and: [Float] = [-30, 20, 20]
let or: [Float] = [-10, 20, 20]
let nand: [Float] = [30, -20, -20]
let gates: [(name: String, network: Sequential)] = [
  ("and", Sequential(neurons([and]))),
  ("or", Sequential(neurons([or]))),
  ("nand", Sequential(neurons([nand]))),
  // no single neuron: both or and nand must hold
  ("xor", Sequential(neurons([or, nand]) + neurons([and]))),
]
let table = Tensor([0, 0, 0, 1, 1, 0, 1, 1] as [Float], shape: [4, 2])
for (name, network) in gates {
  print("\(name) of 00, 01, 10, 11: \(network(table).round().reals().map { Int($0) })")
}

// A house: points inside the roof's three lines or inside the wall's four.
let house = Sequential(
  neurons([
    // bias, weight of x, weight of y: positive on the inner side
    [0, 0, 50], [50, 40, -40], [50, -40, -40],  // roof: y > 0, y < 1.25 + x, y < 1.25 − x
    [0, 0, -50], [50, 0, 50], [40, 50, 0], [40, -50, 0],  // wall: −1 < y < 0, −0.8 < x < 0.8
  ])
    + neurons([
      [-50, 20, 20, 20, 0, 0, 0, 0],  // all three of the roof
      [-70, 0, 0, 0, 20, 20, 20, 20],  // all four of the wall
    ])
    + neurons([or]))

let (width, height) = (41, 15)
var places: [Float] = []
for row in 0..<height {
  for column in 0..<width { places += [Float(column) / 13.5 - 1.5, 1.5 - Float(row) / 5] }
}
let inside = house(Tensor(places, shape: [width * height, 2])).reals()
for row in 0..<height {
  print(inside[row * width..<(row + 1) * width].map { $0 > 0.5 ? "█" : "·" }.joined())
}
