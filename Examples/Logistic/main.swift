// Logistic regression: is a tumour benign, judged by one measure of it? Then two such units, joined by a third.
//
// One unit says σ(w·x + b). At the midpoint x = −b/w it is in two minds, and w says how steeply it makes up its mind.

import Descent

let tumours = try Dataset.load("breast-cancer")
let scaling = Scaling.fit(.standardise, to: tumours, rows: tumours.trainRows)
let data = TrainingData(BatchSource(tumours, scaling: scaling))

/// A neuron that looks at one column.
struct Unit: Module {
  let column: Int
  let neuron = Dense(1, 1)

  func callAsFunction(_ input: Tensor) -> Tensor {
    neuron(input.sliced(axis: 1, column..<column + 1)).sigmoid()
  }

  /// Midpoint and steepness in the column's own unit: the neuron sees z = (x − offset) · scale.
  func report() {
    let (w, b) = (neuron.parameters[0].value.reals()[0], neuron.parameters[1].value.reals()[0])
    let (offset, scale) = (Double(scaling.offset[column]), Double(scaling.scale[column]))
    print("  \(tumours.featureNames[column]): midpoint \(short(offset - b / w / scale)), steepness \(short(w * scale))")
  }
}

/// Two units, and a third that weighs what they say.
struct Joined: Module {
  let units: [Unit]
  let third = Dense(2, 1)

  func callAsFunction(_ input: Tensor) -> Tensor {
    third(.concatenate(units.map { $0(input) }, axis: 1)).sigmoid()
  }
}

/// Trains on all training rows at once, 1,000 times.
func train(_ network: some Module) {
  let trainer = Trainer(
    network, loss: { Loss.binaryCrossEntropyOfProbabilities($0, $1.expandingAxis(at: -1)) },
    optimizer: .adam(learningRate: 0.05))
  let (inputs, targets) = (data.inputs(of: tumours.trainRows[...]), data.targets(of: tumours.trainRows[...]))
  for _ in 1...1000 { trainer.train(inputs, targets) }
  let result = trainer.evaluate(data, rows: tumours.testRows)
  print("  loss \(short(result.loss)), accuracy \(short(result.classification?.accuracy ?? 0)) on the test part")
}

func short(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

print("one unit:")
let unit = Unit(column: 0)
train(unit)
unit.report()

print("two units, joined by a third:")
let joined = Joined(units: [Unit(column: 0), Unit(column: 1)])
train(joined)
for unit in joined.units { unit.report() }
print("  the third unit: weights \(joined.third.weight.value.reals().map(short))")
