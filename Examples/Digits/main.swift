// A 784-100-40-10 network of sigmoids learns to read pictures: half squared error, plain descent on batches of ten.
//
//     swift run -c release ExampleDigits [FOLDER] [EPOCHS] [SEED]
//
// The folder holds MNIST, Fashion-MNIST or anything else of their kind. On Debian and Ubuntu the package
// dataset-fashion-mnist brings one, which is what is read where no folder is given.

import Descent
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = arguments.first ?? "/usr/share/datasets/fashion-mnist"
let epochs = arguments.count > 1 ? Int(arguments[1]) ?? 10 : 10
let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 0 : 0

let pictures: Dataset
do {
  pictures = try Dataset(idxFolder: folder)
} catch {
  print("No pictures to learn from: \(error)")
  print("Install the package dataset-fashion-mnist, or name a folder that holds MNIST's files.")
  exit(1)
}

// pixels from 0 to 1; targets are 1 at the right class and 0 elsewhere
let data = TrainingData(BatchSource(pictures, scaling: .constant(0...255)), targetForm: .oneHot)

// A sigmoid hardly moves where its input is large: weights start so that a neuron's input is about 1 at most.
let network = RandomSource.withSeed(seed) {
  Sequential {
    for (inputs, outputs) in [(pictures.elementCount, 100), (100, 40), (40, pictures.classNames.count)] {
      Dense(inputs, outputs, weights: .leCunNormal)
      Activation.sigmoid
    }
  }
}
let trainer = Trainer(network, loss: { Loss.halfSumOfSquares($0, $1) }, optimizer: .sgd(learningRate: 3))

for epoch in stride(from: 1, through: epochs, by: 1) {
  let order = seed &* 1000 &+ UInt64(epoch)
  _ = try trainer.fit(data, rows: pictures.trainRows, epochs: 1, batchSize: 10, seed: order)
  let rows = pictures.hasTestPart ? pictures.testRows : pictures.trainRows
  let accuracy = trainer.evaluate(data, rows: rows).classification?.accuracy ?? 0
  print("Epoch \(epoch): \(Int((accuracy * Double(rows.count)).rounded())) / \(rows.count)")
}
