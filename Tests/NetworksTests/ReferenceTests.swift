import DescentNetworks
import DescentTensors
import Testing

/// Against PyTorch: Tests/References/networks.py writes the numbers; above each case stands its line.
@Suite struct ReferenceTests {
  private let references: References

  init() throws { references = try References() }

  // MARK: Activations

  static let activations: [(String, Activation)] = [
    // activation("step", lambda x: (x >= 0) * 1.0 + 0 * x, line)
    ("step", .step),
    // activation("linear", lambda x: x, line)
    ("linear", .linear()),
    // activation("linear-slope", lambda x: 0.3 * x, line)
    ("linear-slope", .linear(slope: 0.3)),
    // activation("sigmoid", torch.sigmoid, line)
    ("sigmoid", .sigmoid),
    // activation("tanh", torch.tanh, line)
    ("tanh", .tanh),
    // activation("relu", F.relu, torch.cat([line, torch.tensor([math.nan])]))
    ("relu", .relu),
    // activation("leaky-relu", F.leaky_relu, line)
    ("leaky-relu", .leakyReLU()),
    // activation("leaky-relu-slope", lambda x: F.leaky_relu(x, 0.2), line)
    ("leaky-relu-slope", .leakyReLU(slope: 0.2)),
    // activation("elu", F.elu, line)
    ("elu", .elu()),
    // activation("elu-alpha", lambda x: F.elu(x, 1.7), line)
    ("elu-alpha", .elu(alpha: 1.7)),
    // activation("softmax", lambda x: F.softmax(x, dim=-1), rows)
    ("softmax", .softmax),
    // activation("maxout-2", lambda x: x.reshape(4, 3, 2).amax(-1), pieces)
    ("maxout-2", .maxout(pieces: 2)),
    // activation("maxout-3", lambda x: x.reshape(4, 2, 3).amax(-1), pieces)
    ("maxout-3", .maxout(pieces: 3)),
  ]

  @Test func everyActivationHasAReference() {
    #expect(Set(Self.activations.map(\.0)) == references.cases(of: "activation"))
    let named = Self.activations.map(\.1.name) + ActivationReferenceTests.activations.map(\.1.name)
    #expect(Set(named) == Set(Activation.all.map(\.name)))
  }

  @Test(arguments: activations)
  func activation(name: String, activation: Activation) throws {
    try expectReference(activation, name, references)
  }

  // MARK: Losses

  static let losses: [(String, Loss)] = [
    // F.mse_loss(p, t, reduction="none")
    ("mean-squared", .meanSquared),
    // F.mse_loss(p, t, reduction="none"), p and t [batch]
    ("mean-squared/column", .meanSquared),
    // F.mse_loss(p, t, reduction="none"), p and t [batch, 2, 4]
    ("mean-squared/picture", .meanSquared),
    // F.mse_loss(p, t, reduction="none"), finish=torch.sqrt
    ("root-mean-squared", .rootMeanSquared),
    // F.mse_loss(p, t, reduction="none") / 2
    ("half-mean-squared", .halfMeanSquared),
    // F.mse_loss(p, t, reduction="none"), "sum"
    ("sum-of-squares", .sumOfSquares),
    // F.mse_loss(p, t, reduction="none") / 2, "sum"
    ("half-sum-of-squares", .halfSumOfSquares),
    // F.l1_loss(p, t, reduction="none")
    ("mean-absolute", .meanAbsolute),
    // F.l1_loss(p, t, reduction="none"), "sum"
    ("l1", .l1),
    // 100 * ((p - t) / t.abs().clamp(min=1e-7)).abs()
    ("mean-absolute-percentage", .meanAbsolutePercentage),
    // F.mse_loss(p.log1p(), t.log1p(), reduction="none")
    ("mean-squared-logarithmic", .meanSquaredLogarithmic),
    // (p - t) + F.softplus(-2 * (p - t)) - math.log(2)
    ("log-cosh", .logCosh),
    // (p - t) + F.softplus(-2 * (p - t)) - math.log(2), errors in the hundreds
    ("log-cosh/far", .logCosh),
    // F.huber_loss(p, t, reduction="none")
    ("huber", .huber),
    // F.huber_loss(p, t, reduction="none", delta=0.4)
    ("huber/delta", .huber(delta: 0.4)),
    // 1 - F.cosine_similarity(p, t, dim=-1)
    ("cosine-similarity", .cosineSimilarity),
    // 1 - F.cosine_similarity(p, t, dim=-1), p and t [batch, 2, 4]
    ("cosine-similarity/sequence", .cosineSimilarity),
    // F.cross_entropy(p, t, reduction="none")
    ("cross-entropy", .crossEntropy),
    // F.cross_entropy(p, t.long(), reduction="none"), t of int32
    ("cross-entropy/int32", .crossEntropy),
    // F.cross_entropy(p, t, reduction="none"), t of probabilities
    ("cross-entropy/probabilities", .crossEntropy),
    // F.cross_entropy(p.movedim(-1, 1), t, reduction="none"), p [batch, 4, 5]
    ("cross-entropy/sequence", .crossEntropy),
    // F.nll_loss(p.log(), t, reduction="none")
    ("cross-entropy-of-probabilities", .crossEntropyOfProbabilities),
    // -(t * p.log()).sum(1, keepdim=True)
    ("cross-entropy-of-probabilities/probabilities", .crossEntropyOfProbabilities),
    // F.nll_loss(p, t, reduction="none")
    ("negative-log-likelihood", .negativeLogLikelihood),
    // F.kl_div(p, t, reduction="none"), "sum"
    ("kullback-leibler", .kullbackLeibler),
    // F.binary_cross_entropy_with_logits(p, t, reduction="none")
    ("binary-cross-entropy", .binaryCrossEntropy),
    // F.binary_cross_entropy_with_logits(p, t, reduction="none"), t between 0 and 1
    ("binary-cross-entropy/parts", .binaryCrossEntropy),
    // F.binary_cross_entropy(p, t, reduction="none")
    ("binary-cross-entropy-of-probabilities", .binaryCrossEntropyOfProbabilities),
    // F.binary_cross_entropy(p, t, reduction="none"), p of 0 and 1 among them
    ("binary-cross-entropy-of-probabilities/certain", .binaryCrossEntropyOfProbabilities),
  ]

  @Test func everyLossHasAReference() {
    #expect(Set(Self.losses.map(\.0)) == references.cases(of: "loss"))
    let named = Self.losses.map(\.1.name) + LossReferenceTests.losses.map(\.1.name)
    #expect(Set(named) == Set(Loss.all.map(\.name)))
  }

  @Test(arguments: losses)
  func loss(name: String, loss: Loss) throws {
    try expectReference(loss, name, references)
  }

  // MARK: Networks

  // nn.Sequential(nn.Linear(7, 6), hidden, nn.Linear(6, 5, bias=False), nn.Flatten(), nn.Linear(5, 3))
  @Test(arguments: [("relu", Activation.relu), ("elu", .elu())])
  func network(name: String, activation: Activation) throws {
    let network = Sequential {
      Dense(7, 6)
      activation
      Dense(6, 5, bias: false)
      Flatten()
      Dense(5, 3)
    }
    let names = network.variables.map(\.name)
    #expect(names == ["0.weight", "0.bias", "2.weight", "4.weight", "4.bias"])
    try network.load(names.map { (name: $0, tensor: try references("network/\(name)/state/\($0)")) })
    let output = network(try references("network/\(name)/input"))
    let loss = Loss.crossEntropy(output, Tensor([2, 0, 1, 2] as [Int64]))
    let found = gradients(of: loss, with: network.parameters)
    evaluate(found + [output, loss])
    expectClose(output, try references("network/\(name)/output"), "output")
    expectClose(loss, try references("network/\(name)/loss"), "loss")
    for (parameter, gradient) in zip(names, found) {
      expectClose(gradient, try references("network/\(name)/gradient/\(parameter)"), parameter)
    }
  }
}
