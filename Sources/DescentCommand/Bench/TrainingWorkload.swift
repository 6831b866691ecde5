import Descent

/// A full training step: forward, loss, gradients, update, and the loss read back.
struct TrainingWorkload: Workload {
  typealias Batch = (inputs: Tensor, targets: Tensor)

  let name: String
  let network: any BenchNetwork
  let loss: Loss
  var batchSize: Int
  var precision = Precision.float32
  let makeOptimizer: @Sendable () -> Optimizer
  let makeBatches: @Sendable (_ size: Int) throws -> [Batch]

  func prepared() throws -> Work {
    let batches = try makeBatches(batchSize)
    let trainer = Trainer(network.make(), loss: loss, optimizer: makeOptimizer(), precision: precision)
    var next = 0
    return Work(
      unit: .samplesPerSecond(batchSize), lap: batches.count,
      flops: network.trainingFlops(batchSize: batchSize),
      plan: {
        let (inputs, targets) = batches[0]
        return (trainer.plan(for: inputs, targets), [inputs, targets])
      },
      call: {
        let batch = batches[next]
        next = next + 1 == batches.count ? 0 : next + 1
        return trainer.train(batch.inputs, batch.targets).loss
      })
  }
}
