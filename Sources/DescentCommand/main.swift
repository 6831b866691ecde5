import Descent

func run(_ name: String, sizes: [Int], batch: Int, activation: Activation, last: Activation?, adam: Bool, loss: @escaping @Sendable (Tensor, Tensor) -> Tensor, y: Tensor) {
  var layers: [any Module] = []
  for (i, o) in zip(sizes, sizes.dropFirst()) {
    layers.append(Dense(i, o))
    if o != sizes.last { layers.append(activation) }
  }
  if let last { layers.append(last) }
  let net = Sequential(layers)
  let opt: Optimizer = adam ? .adam() : .sgd(learningRate: 0.03)
  let x = Tensor.randomUniform([batch, sizes[0]])
  evaluate(x, y)
  let params = net.parameters
  let step = compile { a in
    let l = loss(net(a[0]), a[1])
    opt.minimize(l, over: params)
    return [l]
  }
  let clock = ContinuousClock()
  for _ in 0..<20 { _ = step(x, y) }
  var n = 10
  while true {
    let t = clock.measure { for _ in 0..<n { _ = step(x, y) } }
    let s = Double(t.components.attoseconds) * 1e-18 + Double(t.components.seconds)
    if s > 1 { print(name, "threads", ExecutionSettings.current.threads, Int(Double(n * batch) / s), "samples/s", s / Double(n) * 1e6, "us/step"); break }
    n *= 2
  }
}

for threads in [1, 2] {
  ExecutionSettings.current = ExecutionSettings(threads: threads)
  run("tiny", sizes: [2, 8, 8, 1], batch: 10, activation: .tanh, last: .tanh, adam: false, loss: { ($0 - $1).squared().mean() * 0.5 }, y: .randomUniform([10, 1]))
  run("nielsen", sizes: [784, 100, 40, 10], batch: 10, activation: .sigmoid, last: .sigmoid, adam: false, loss: { ($0 - $1).squared().sum() * 0.05 }, y: .randomUniform([10, 10]))
  run("mlp", sizes: [784, 512, 256, 10], batch: 128, activation: .relu, last: nil, adam: true, loss: { -$0.logSoftmax().gather($1, axis: 1).mean() }, y: Tensor((0..<128).map { Int64($0 % 10) }, shape: [128, 1]))
  run("autoencoder", sizes: [784, 128, 32, 128, 784], batch: 128, activation: .relu, last: .sigmoid, adam: true, loss: { ($0 - $1).squared().mean() }, y: .randomUniform([128, 784]))
}
