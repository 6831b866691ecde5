import DescentTensors

/// An autoencoder whose code is a normal distribution: the encoder tells mean μ and ln σ² of each number of the code, and in
/// training the code is drawn as z = μ + σ · ε with ε from N(0, 1), through which the gradient goes (Kingma and Welling,
/// "Auto-encoding variational Bayes", 2014).
///
///     let network = VariationalAutoencoder([784, 400, 20])
///     let loss = network.loss(pictures)                      // in training
///     let pictures = network.decode(.randomNormal([16, 20]))
///
/// State names: `encoder.0.weight`, …, `mean.weight`, `log_variance.weight`, `decoder.0.weight`, ….
///
/// - Shapes: input `[batch, sizes.first]` → code `[batch, sizes.last]` → output `[batch, sizes.first]`.
public struct VariationalAutoencoder: Autoencoding, NamedParts {
  /// What the data is taken for, given a code.
  public enum Likelihood: Sendable, Hashable, CaseIterable {
    /// Numbers in [0, 1]: the output is their mean by a sigmoid, and the loss the cross-entropy.
    case bernoulli
    /// Numbers of any kind: the output is their mean, and the loss half the squared error, as for variance 1.
    case gaussian
  }

  /// All that a call gives.
  public struct Output: Sendable {
    /// The decoder's output, before the sigmoid where the data is Bernoulli's: `[batch, sizes.first]`.
    public let logits: Tensor
    /// What the code stands for: `[batch, sizes.first]`.
    public let reconstruction: Tensor
    /// μ and ln σ² of the code: each `[batch, sizes.last]`.
    public let mean, logVariance: Tensor
  }

  /// From the input to the last hidden layer.
  public let encoder: MLP
  /// From there to μ and to ln σ².
  public let mean, logVariance: Dense
  /// From the code to the input.
  public let decoder: MLP
  /// What the data is taken for.
  public let likelihood: Likelihood

  /// A network with fresh parameters.
  ///
  /// - Parameters:
  ///   - sizes: features of the input, units of the hidden layers, numbers in the code: three or more. The decoder has them
  ///     backwards.
  ///   - activation: what follows each hidden layer.
  ///   - likelihood: what the data is taken for.
  public init(
    _ sizes: [Int], activation: Activation = .relu, likelihood: Likelihood = .bernoulli, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      sizes.count >= 3, "VariationalAutoencoder(\(sizes)): needs the sizes of input, hidden layer and code at least",
      file: file, line: line)
    let (last, code) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
    encoder = MLP(
      Array(sizes.dropLast()), activation: activation, output: activation, type: type, file: file, line: line)
    mean = Dense(last, code, type: type, file: file, line: line)
    logVariance = Dense(last, code, type: type, file: file, line: line)
    decoder = MLP(sizes.reversed(), activation: activation, type: type, file: file, line: line)
    self.likelihood = likelihood
  }

  /// μ, the middle of an input's codes.
  public func encode(_ input: Tensor) -> Tensor { mean(ofCode: hidden(input)) }

  /// What a code stands for: the mean of the data.
  public func decode(_ code: Tensor) -> Tensor { reconstruction(logits(code)) }

  /// The reconstruction, in training of a code that is drawn.
  public func callAsFunction(_ input: Tensor) -> Tensor { run(input).reconstruction }

  /// The reconstruction, and the distribution of the code.
  ///
  /// - Parameter noise: ε, `[batch, sizes.last]`; where left out drawn in training, and 0 in inference.
  public func run(_ input: Tensor, noise: Tensor? = nil) -> Output {
    let hidden = hidden(input)
    let (mean, logVariance) = (mean(ofCode: hidden), logVariance(hidden))
    let drawn = noise ?? (Mode.current == .training ? .randomNormal(mean.shape, type: mean.type) : nil)
    let code = drawn.map { mean + (logVariance * 0.5).exp() * $0 } ?? mean
    let logits = logits(code)
    return Output(logits: logits, reconstruction: reconstruction(logits), mean: mean, logVariance: logVariance)
  }

  /// What is to be made least: the negative evidence lower bound, −E[ln p(x | z)] + β · KL(q(z | x) ‖ N(0, 1)), summed over a
  /// sample's numbers, its mean over the batch (β = 1 in the paper; Higgins and others, "β-VAE", 2017). A Gaussian's
  /// constant, ½ ln 2π a number, is left out.
  ///
  /// - Parameters:
  ///   - input: `[batch, sizes.first]`; in [0, 1] where the data is Bernoulli's.
  ///   - beta: β, how much the code's distribution counts.
  ///   - noise: as for ``run(_:noise:)``.
  public func loss(_ input: Tensor, beta: Double = 1, noise: Tensor? = nil) -> Tensor {
    loss(of: run(input, noise: noise), input, beta: beta)
  }

  /// The same of what a call gave for the input.
  public func loss(of output: Output, _ input: Tensor, beta: Double = 1) -> Tensor {
    let features = Double(input.shape[input.rank - 1])
    // both losses are means over a sample's numbers
    let distance =
      switch likelihood {
      case .bernoulli: Loss.binaryCrossEntropy(output.logits, input) * features
      case .gaussian: Loss.meanSquared(output.logits, input) * (features / 2)
      }
    return distance + klDivergence(mean: output.mean, logVariance: output.logVariance).mean() * beta
  }

  private func hidden(_ input: Tensor) -> Tensor { encoder(input, named: "encoder") }

  private func mean(ofCode hidden: Tensor) -> Tensor { mean(hidden, named: "mean") }

  private func logits(_ code: Tensor) -> Tensor { decoder(code, named: "decoder") }

  private func reconstruction(_ logits: Tensor) -> Tensor { likelihood == .bernoulli ? logits.sigmoid() : logits }

  /// The parts by their names.
  public var namedParts: [(name: String, part: Any)] {
    [("encoder", encoder), ("mean", mean), ("log_variance", logVariance), ("decoder", decoder)]
  }
}

/// KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − ln σ² − 1) over the last axis (Kingma and Welling 2014, appendix B).
///
/// - Shapes: μ and ln σ² `[..., n]` → `[...]`.
public func klDivergence(mean: Tensor, logVariance: Tensor) -> Tensor {
  (mean.squared() + logVariance.exp() - logVariance - 1).sum(axes: [-1]) * 0.5
}
