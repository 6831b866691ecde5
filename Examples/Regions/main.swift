// Logic and regions of the plane, with weights set by hand and nothing trained.
//
// A neuron with a steep sigmoid says on which side of a line a point lies. A neuron behind several of them says "all of
// these", or "one of these": a region with straight edges, open or closed. One more layer makes unions of such regions.

import Descent

/// Neurons from rows of bias and weights, one row each.
func neurons(_ rows: [[Float]]) -> [any Module] {
  let weights = Tensor(rows.flatMap { $0.dropFirst() }, shape: [rows.count, rows[0].count - 1])
  return [Dense(weight: weights, bias: Tensor(rows.map { $0[0] })), Activation.sigmoid]
}
/// Bias and weights of a neuron that wants all the inputs marked 1, and of one that wants any of them.
func all(_ marks: [Float]) -> [Float] { [10 - 20 * marks.reduce(0, +)] + marks.map { 20 * $0 } }
func any(_ marks: [Float]) -> [Float] { [-10] + marks.map { 20 * $0 } }

// Logic: bias, weight of a, weight of b. No single neuron does xor: both or and nand must hold.
let (and, or, nand): ([Float], [Float], [Float]) = (all([1, 1]), any([1, 1]), [30, -20, -20])
let gates: [(String, [any Module])] = [
  ("and", neurons([and])), ("or", neurons([or])), ("nand", neurons([nand])),
  ("xor", neurons([or, nand]) + neurons([and])),
]
let table = Tensor([0, 0, 0, 1, 1, 0, 1, 1] as [Float], shape: [4, 2])
for (name, layers) in gates {
  print("\(name) of 00, 01, 10, 11: \(Sequential(layers)(table).round().reals().map { Int($0) })")
}

// Half-planes: bias, weight of x, weight of y, positive on the inner side.
let wedge: [[Float]] = [[3, 48, -48], [3, 48, 48]]  // −x − 1/16 < y < x + 1/16
let mirrored: [[Float]] = [[3, -48, -48], [3, -48, 48]]
let roof: [[Float]] = [[3, 0, 48], [63, 48, -48], [63, -48, -48]]  // −1/16 < y < 21/16 − |x|
let wall: [[Float]] = [[3, 0, -48], [51, 0, 48], [39, 48, 0], [39, -48, 0]]  // −17/16 < y < 1/16, |x| < 13/16

/// Where all, or any, of some half-planes meet; and the union of two regions, each where all of its own meet.
func region(_ planes: [[Float]], _ rule: ([Float]) -> [Float]) -> [any Module] {
  neurons(planes) + neurons([rule(planes.map { _ in 1 })])
}
func union(_ first: [[Float]], _ second: [[Float]]) -> [any Module] {
  let marks: [Float] = first.map { _ in 1 } + second.map { _ in 0 }
  return neurons(first + second) + neurons([all(marks), all(marks.map { 1 - $0 })]) + neurons([or])
}

let pictures: [[(name: String, layers: [any Module])]] = [
  [
    ("open: all of 2", region(wedge, all)), ("open: any of 2", region(wedge, any)),
    ("closed: all of 3", region(roof, all)),
  ],
  [
    ("closed or closed", union(roof, wall)), ("open or closed", union(wedge, roof)),
    ("open or open", union(wedge, mirrored)),
  ],
]
let (width, height) = (25, 13)
let places = (0..<width * height).flatMap { (place: Int) -> [Float] in
  [Float(place % width) / 8 - 1.5, 1.5 - Float(place / width) / 4]
}
for row in pictures {
  print("\n" + row.map { $0.name + String(repeating: " ", count: width - $0.name.count) }.joined(separator: "  "))
  let inside = row.map { Sequential($0.layers)(Tensor(places, shape: [width * height, 2])).reals() }
  for line in 0..<height {
    let parts = inside.map { $0[line * width..<(line + 1) * width].map { $0 > 0.5 ? "█" : "·" }.joined() }
    print(parts.joined(separator: "  "))
  }
}
