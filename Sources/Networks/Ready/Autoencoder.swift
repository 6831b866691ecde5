import DescentTensors

/// A network that makes a code of its input and the input again of the code.
public protocol Autoencoding: Module {
  /// The code of an input.
  func encode(_ input: Tensor) -> Tensor
  /// What a code stands for.
  func decode(_ code: Tensor) -> Tensor
}

extension Autoencoding {
  /// The reconstruction: what the input's code stands for.
  public func callAsFunction(_ input: Tensor) -> Tensor { decode(encode(input)) }
}

/// Dense layers down to a code and up again (Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural
/// networks", 2006).
///
///     Autoencoder([784, 128, 32])    // 784 → 128 → 32 → 128 → 784
///
/// With linear activations and the squared error its code spans the subspace of the first principal components (Baldi and
/// Hornik, "Neural networks and principal component analysis", 1989). State names: `encoder.0.weight`, …,
/// `decoder.0.weight`, …, as in two `nn.Sequential`.
///
/// - Shapes: input `[batch, sizes.first]` → code `[batch, sizes.last]` → output `[batch, sizes.first]`.
public struct Autoencoder: Autoencoding {
  /// From the input to the code.
  public let encoder: MLP
  /// From the code to the input.
  public let decoder: MLP

  /// A network with fresh parameters.
  ///
  /// - Parameters:
  ///   - sizes: features of the input, units of the hidden layers, numbers in the code: two or more. The decoder has them
  ///     backwards.
  ///   - activation: what follows each hidden layer.
  ///   - code: what follows the code's layer, if anything.
  ///   - output: what follows the output layer, if anything: ``Activation/sigmoid`` for data in [0, 1].
  public init(
    _ sizes: [Int], activation: Activation = .relu, code: Activation? = nil, output: Activation? = nil,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    encoder = MLP(sizes, activation: activation, output: code, type: type, file: file, line: line)
    decoder = MLP(sizes.reversed(), activation: activation, output: output, type: type, file: file, line: line)
  }

  /// The code of an input.
  public func encode(_ input: Tensor) -> Tensor { encoder(input, named: "encoder") }

  /// What a code stands for.
  public func decode(_ code: Tensor) -> Tensor { decoder(code, named: "decoder") }
}

/// An autoencoder that is shown damaged inputs while it trains and told the undamaged ones, so that it learns what belongs
/// together (Vincent and others, "Extracting and composing robust features with denoising autoencoders", 2008).
///
///     let network = DenoisingAutoencoder([64, 128, 64], corruption: .gaussian(standardDeviation: 0.3))
///     let loss = Loss.meanSquared(network(clean), clean)
///
/// The damage is drawn from ``DescentTensors/RandomSource/current``, in training only. State names are those of
/// ``Autoencoder``.
///
/// - Shapes: input `[batch, sizes.first]` → code `[batch, sizes.last]` → output `[batch, sizes.first]`.
public struct DenoisingAutoencoder: Autoencoding, NamedParts {
  /// How inputs are damaged.
  public enum Corruption: Sendable, Hashable {
    /// Normal noise is added.
    case gaussian(standardDeviation: Double)
    /// Each number becomes 0 with this probability, the others stay as they are.
    case masking(probability: Double)
  }

  /// What makes the code, and the output of it.
  public let autoencoder: Autoencoder
  /// How inputs are damaged.
  public let corruption: Corruption

  /// A network with fresh parameters; see ``Autoencoder`` for what they mean.
  public init(
    _ sizes: [Int], corruption: Corruption, activation: Activation = .relu, code: Activation? = nil,
    output: Activation? = nil, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let isValid =
      switch corruption {
      case .gaussian(let deviation): deviation >= 0 && deviation.isFinite
      case .masking(let probability): (0...1).contains(probability)
      }
    check(
      isValid, "DenoisingAutoencoder: \(corruption): a deviation must be 0 or more, a probability in [0, 1]",
      file: file, line: line)
    autoencoder = Autoencoder(
      sizes, activation: activation, code: code, output: output, type: type, file: file, line: line)
    self.corruption = corruption
  }

  /// The input, damaged, whatever the mode.
  public func corrupted(_ input: Tensor) -> Tensor {
    switch corruption {
    case .gaussian(let deviation): input + .randomNormal(input.shape, standardDeviation: deviation, type: input.type)
    case .masking(let probability):
      input * Tensor.randomBernoulli(input.shape, probability: 1 - probability).cast(to: input.type)
    }
  }

  /// The code of an input, which is damaged in training.
  public func encode(_ input: Tensor) -> Tensor {
    autoencoder.encode(Mode.current == .training ? corrupted(input) : input)
  }

  /// What a code stands for.
  public func decode(_ code: Tensor) -> Tensor { autoencoder.decode(code) }

  /// The autoencoder's parts.
  public var namedParts: [(name: String, part: Any)] {
    [("encoder", autoencoder.encoder), ("decoder", autoencoder.decoder)]
  }
}
