import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

@Test func bigNet() {
  ExecutionSettings.current = .init(threads: 1)
  for options in [PlanOptions.definitions, PlanOptions(), PlanOptions(fuses: false, usesKernels: true)] {
    let net = RandomSource.withSeed(1) { Sequential.dense(inputs: 784, hidden: [256, 128], outputs: 10) }
    let x = RandomSource.withSeed(3) { Tensor.randomUniform([32, 784]) }; evaluate(x)
    let labels = Tensor((0..<32).map { Int32($0 % 10) })
    let optimizer = Optimizer.sgd(learningRate: 0.1)
    let step = CompiledFunction({ a in
      let l = Loss.crossEntropy(net(a[0]), a[1])
      optimizer.minimize(l, over: net.parameters)
      return [l]
    }, options: options)
    print("LOSS", (0..<4).map { _ in step(x, labels)[0].item(Float.self) })
    if options == PlanOptions() { for s in step.plan(for: [x, labels]).plan.steps { print("STEP", s.name) } }
  }
}
