import DescentNetworks
import DescentTensors
import Testing

/// Further activations against PyTorch: Tests/References/activations.py writes the numbers.
@Suite struct ActivationReferenceTests {
  private let references: References

  init() throws { references = try References("activations") }

  static let activations: [(String, Activation)] = [
    // activation("hard-sigmoid", F.hardsigmoid, line)
    ("hard-sigmoid", .hardSigmoid),
    // activation("log-sigmoid", F.logsigmoid, line)
    ("log-sigmoid", .logSigmoid),
    // activation("hard-tanh", F.hardtanh, line)
    ("hard-tanh", .hardTanh()),
    // activation("hard-tanh-bounds", lambda x: F.hardtanh(x, -0.5, 3), line)
    ("hard-tanh-bounds", .hardTanh(from: -0.5, to: 3)),
    // activation("softsign", F.softsign, line)
    ("softsign", .softsign),
    // activation("softplus", F.softplus, line)
    ("softplus", .softplus()),
    // activation("softplus-beta", lambda x: F.softplus(x, beta=2.5), line)
    ("softplus-beta", .softplus(beta: 2.5)),
    // activation("relu6", F.relu6, line)
    ("relu6", .relu6),
    // activation("thresholded-relu", lambda x: F.threshold(x, 1, 0), line)
    ("thresholded-relu", .thresholdedReLU()),
    // activation("thresholded-relu-threshold", lambda x: F.threshold(x, -0.7, 0), line)
    ("thresholded-relu-threshold", .thresholdedReLU(threshold: -0.7)),
    // activation("celu", F.celu, line)
    ("celu", .celu()),
    // activation("celu-alpha", lambda x: F.celu(x, 1.7), line)
    ("celu-alpha", .celu(alpha: 1.7)),
    // activation("selu", F.selu, line)
    ("selu", .selu),
    // activation("gelu", F.gelu, line)
    ("gelu", .gelu),
    // activation("gelu-tanh", lambda x: F.gelu(x, approximate="tanh"), line)
    ("gelu-tanh", .geluTanh),
    // activation("silu", F.silu, line)
    ("silu", .silu),
    // activation("hard-silu", F.hardswish, line)
    ("hard-silu", .hardSiLU),
    // activation("mish", F.mish, line)
    ("mish", .mish),
    // (x + (x * x + 4).sqrt()) / 2 in float64
    ("squareplus", .squareplus()),
    // (x + (x * x + 0.3).sqrt()) / 2 in float64
    ("squareplus-b", .squareplus(b: 0.3)),
    // activation("glu", F.glu, gates)
    ("glu", .glu),
    // gate, value = x.chunk(2, -1); F.silu(gate) * value
    ("swiglu", .swiGLU),
    // activation("softmin", lambda x: F.softmin(x, dim=-1), rows)
    ("softmin", .softmin),
    // activation("log-softmax", lambda x: F.log_softmax(x, dim=-1), rows)
    ("log-softmax", .logSoftmax),
    // algorithm 1 of the paper, with ties and numbers far apart
    ("sparsemax", .sparsemax),
    // algorithm 1 of the paper, with numbers close together
    ("sparsemax/near", .sparsemax),
    // activation("hard-shrink", F.hardshrink, line)
    ("hard-shrink", .hardShrink()),
    // activation("hard-shrink-threshold", lambda x: F.hardshrink(x, 2), line)
    ("hard-shrink-threshold", .hardShrink(threshold: 2)),
    // activation("soft-shrink", F.softshrink, line)
    ("soft-shrink", .softShrink()),
    // activation("soft-shrink-threshold", lambda x: F.softshrink(x, 2), line)
    ("soft-shrink-threshold", .softShrink(threshold: 2)),
    // activation("tanh-shrink", F.tanhshrink, line)
    ("tanh-shrink", .tanhShrink),
    // activation("exponential", torch.exp, line)
    ("exponential", .exponential),
    // activation("sine", torch.sin, line)
    ("sine", .sine),
  ]

  @Test func everyRowHasAReference() {
    #expect(Set(Self.activations.map(\.0)) == references.cases(of: "activation"))
  }

  @Test(arguments: activations)
  func activation(name: String, activation: Activation) throws {
    try expectReference(activation, name, references)
  }

  // F.prelu(x, slopes)
  @Test(arguments: ["one", "channels"])
  func prelu(name: String) throws {
    let x = try references("prelu/\(name)/input")
    let layer = PReLU(channels: try references("prelu/\(name)/weight").elementCount)
    try layer.load([(name: "weight", tensor: try references("prelu/\(name)/weight"))])
    let y = layer(x)
    let slopes = gradients(of: y, with: [x, layer.weight.value], resultGradient: outer(y))
    expectClose(y, try references("prelu/\(name)/output"), "output")
    expectClose(slopes[0], try references("prelu/\(name)/gradient"), "gradient")
    expectClose(slopes[1], try references("prelu/\(name)/weight-gradient"), "weight gradient")
  }

  // F.rrelu(x, lower, upper, training=False)
  @Test(arguments: [("usual", RReLU()), ("bounds", RReLU(lower: 0.1, upper: 0.9))])
  func rrelu(name: String, layer: RReLU) throws {
    let x = try references("rrelu/\(name)/input")
    let y = layer(x)
    let slope = gradients(of: y, with: [x], resultGradient: outer(y))[0]
    expectClose(y, try references("rrelu/\(name)/output"), "output")
    expectClose(slope, try references("rrelu/\(name)/gradient"), "gradient")
  }
}

/// The upstream gradients that the scripts take: they differ from place to place.
private func outer(_ y: Tensor) -> Tensor {
  let count = y.elementCount
  return Tensor((0..<count).map { 0.5 + Float($0) / Float(count - 1) }, shape: y.shape)
}

/// Output and gradient of an activation.
func expectReference(_ activation: Activation, _ name: String, _ references: References) throws {
  let x = try references("activation/\(name)/input")
  let y = activation(x)
  let slope = gradients(of: y, with: [x], resultGradient: outer(y))[0]
  expectClose(y, try references("activation/\(name)/output"), "output")
  expectClose(slope, try references("activation/\(name)/gradient"), "gradient")
}
