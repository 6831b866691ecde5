import Descent

/// From a function to a plan: the graph built, simplified, fused and laid out.
struct PlanningWorkload: Workload {
  let name: String
  /// Prepares what is planned; the function that it gives builds and plans it, anew each time.
  let prepare: @Sendable () -> (() -> CompiledPlan, arguments: [Tensor])

  func prepared() -> Work {
    let (makePlan, arguments) = prepare()
    return Work(
      unit: .milliseconds, lap: 1, flops: nil, plan: { (makePlan(), arguments) },
      call: {
        _ = makePlan()
        return nil
      })
  }

  /// The training step of a deep network with Adam: about 1,000 nodes.
  static let network = PlanningWorkload(name: "planning-network") {
    let depth = 16
    let network = DenseNetwork([64] + Array(repeating: 64, count: depth) + [10], .tanh, output: nil).make()
    let (inputs, targets) = (Tensor.zeros([32, 64]), Tensor.zeros([32, 10]))
    evaluate(inputs, targets)
    return (
      { Trainer(network, loss: .crossEntropy, optimizer: .adam()).plan(for: inputs, targets) }, [inputs, targets]
    )
  }

  /// One value made from the other, 1,000 times.
  static let chain = PlanningWorkload(name: "planning-chain") {
    let input = Tensor.zeros([32, 64])
    evaluate(input)
    return (
      {
        compile { inputs in [(0..<999).reduce(inputs[0]) { value, _ in value.tanh() }] }.plan(for: [input])
      }, [input]
    )
  }
}
