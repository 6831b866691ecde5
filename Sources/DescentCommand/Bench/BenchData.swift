import Descent

/// Most batches in rotation.
private let batchLimit = 64

/// Uniform points in [−6, 6]² with the sign of x·y as target.
@Sendable func quadrants(batchSize: Int) -> [TrainingWorkload.Batch] {
  RandomSource.withSeed(0) {
    (0..<batchLimit).map { _ in
      let points = Tensor.randomUniform([batchSize, 2], from: -6, to: 6)
      let targets = points.product(axes: [1], keepsAxes: true).sign()
      evaluate(points, targets)
      return (points, targets)
    }
  }
}

/// Fashion-MNIST pictures, pixels in [0, 1], under a shape: so many batches as the training part fills.
func pictures(
  _ batchSize: Int, _ form: TrainingData.TargetForm, shape: Shape = [784]
) throws -> [TrainingWorkload.Batch] {
  let dataset = try FashionMNIST.load()
  let rows = dataset.trainRows
  guard rows.count >= batchSize else {
    throw UsageError("--batch \(batchSize) is more than the \(counted(rows.count, "picture")) of the training part")
  }
  let data = TrainingData(BatchSource(dataset, scaling: .constant(0...255)), sampleShape: shape, targetForm: form)
  return (0..<min(batchLimit, rows.count / batchSize)).map { batch in
    let part = rows[batch * batchSize..<(batch + 1) * batchSize]
    let (inputs, targets) = (data.inputs(of: part), data.targets(of: part))
    evaluate(inputs, targets)
    return (inputs, targets)
  }
}
