import DescentTensors

/// In training, x + normal noise with mean 0; in inference x. Keras: `GaussianNoise`.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct GaussianNoise: Module {
  /// The noise's standard deviation, 0 or more.
  public let standardDeviation: Double

  /// A layer that adds noise.
  public init(_ standardDeviation: Double, file: StaticString = #fileID, line: UInt = #line) {
    check(
      standardDeviation >= 0 && standardDeviation.isFinite,
      "GaussianNoise(\(standardDeviation)): the standard deviation must be 0 or more", file: file, line: line)
    self.standardDeviation = standardDeviation
  }

  /// The input, in training with noise.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard Mode.current == .training, standardDeviation > 0 else { return input }
    return input + .randomNormal(input.shape, standardDeviation: standardDeviation, type: input.type)
  }
}

/// In training, x times normal noise with mean 1 and standard deviation √(p / (1 − p)), which dropout with probability p has
/// too (Srivastava and others, "Dropout", 2014). Keras: `GaussianDropout`.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct GaussianDropout: Module {
  /// p: 0 or more, below 1.
  public let probability: Double

  /// A layer that multiplies by noise.
  public init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    checkProbability(probability, "GaussianDropout", file, line)
    self.probability = probability
  }

  /// The input, in training multiplied by noise.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard Mode.current == .training, probability > 0 else { return input }
    let deviation = (probability / (1 - probability)).squareRoot()
    return input * .randomNormal(input.shape, mean: 1, standardDeviation: deviation, type: input.type)
  }
}

/// Dropout for SELU: dropped elements become −λα, and the result is scaled and shifted so that mean 0 and variance 1 stay
/// (Klambauer and others, "Self-normalizing neural networks", 2017). PyTorch: `AlphaDropout`.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct AlphaDropout: Module {
  /// p: 0 or more, below 1.
  public let probability: Double

  /// A layer that drops elements with this probability.
  public init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    checkProbability(probability, "AlphaDropout", file, line)
    self.probability = probability
  }

  /// The input, in training with elements dropped.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard Mode.current == .training, probability > 0 else { return input }
    let low = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
    let scale = 1 / ((1 - probability) * (1 + probability * low * low)).squareRoot()
    let stays = Tensor.randomBernoulli(input.shape, probability: 1 - probability)
    return .select(stays, input, Tensor(low, type: input.type)) * scale - scale * low * probability
  }
}

/// A dense or convolutional layer that in training drops weights, not outputs: it has the weights M∘W / (1 − p), with one
/// mask M a batch (Wan and others, "Regularization of neural networks using DropConnect", 2013, with its scale moved into
/// training).
///
/// - Shapes: the layer's.
public struct DropConnect: Module, NamedParts {
  /// The layer, whose names the state has.
  public let layer: any WeightedLayer
  private let dropout: Dropout

  /// A layer around a dense or convolutional one.
  public init(_ probability: Double, _ layer: some WeightedLayer, file: StaticString = #fileID, line: UInt = #line) {
    self.layer = layer
    dropout = Dropout(probability, file: file, line: line)
  }

  /// p: 0 or more, below 1.
  public var probability: Double { dropout.probability }

  /// The layer's output, in training with weights dropped.
  public func callAsFunction(_ input: Tensor) -> Tensor { layer(input, weight: dropout(layer.weight.value)) }

  /// Under the layer's names.
  public var namedParts: [(name: String, part: Any)] {
    [("weight", layer.weight as Any?), ("bias", layer.bias)].compactMap { name, part in part.map { (name, $0) } }
  }
}
