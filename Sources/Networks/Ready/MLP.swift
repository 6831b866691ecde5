import DescentTensors

/// A multilayer perceptron: dense layers one behind the other, each hidden one with normalisation, activation and dropout
/// behind it, as far as they are asked for (Rumelhart, Hinton and Williams, "Learning representations by back-propagating
/// errors", 1986).
///
///     MLP([784, 256, 10])
///     MLP([784, 256, 128, 10], activation: .gelu, normalization: .layer, dropout: 0.2)
///
/// State names are those of PyTorch's `nn.Sequential` of the same layers, activations and dropout counted: `0.weight`,
/// `0.bias`, `2.weight`.
///
/// - Shapes: input `[..., sizes.first]` → output `[..., sizes.last]`; with ``Normalization/batch`` `[batch, sizes.first]`.
public struct MLP: Module, NamedParts {
  /// What stands between a hidden layer and its activation.
  public enum Normalization: Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// ``BatchNorm``; the dense layer in front has no bias, since the mean is taken off again.
    case batch
    /// ``LayerNorm``; the dense layer in front keeps its bias.
    case layer
  }

  /// The layers, first to last.
  public let layers: Sequential

  /// A network with fresh parameters: weights start from what suits the activation behind them, biases from 0.
  ///
  /// - Parameters:
  ///   - sizes: features of the input, units of each hidden layer, units of the output: two or more.
  ///   - activation: what follows each hidden layer. In front of maxout and gated units a layer has several times as
  ///     many units, so that as many as asked for come out.
  ///   - normalization: what stands between a hidden layer and its activation.
  ///   - dropout: the probability that a hidden unit is dropped, in [0, 1).
  ///   - output: what follows the output layer, if anything.
  ///   - type: the parameters' element type.
  public init(
    _ sizes: [Int], activation: Activation = .relu, normalization: Normalization = .none, dropout: Double = 0,
    output: Activation? = nil, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      sizes.count >= 2 && sizes.allSatisfy { $0 > 0 },
      "MLP(\(sizes)): needs the sizes of input and output at least, each 1 or more", file: file, line: line)
    func dense(_ inputs: Int, _ outputs: Int, bias: Bool = true, _ behind: Activation?) -> Dense {
      Dense(
        inputs, outputs * (behind?.pieces ?? 1), bias: bias, weights: behind?.weights ?? .glorotUniform, type: type,
        file: file, line: line)
    }
    layers = Sequential {
      for (inputs, units) in zip(sizes, sizes.dropFirst().dropLast()) {
        dense(inputs, units, bias: normalization != .batch, activation)
        if normalization == .batch { BatchNorm(units * activation.pieces, type: type, file: file, line: line) }
        if normalization == .layer { LayerNorm(units * activation.pieces, type: type, file: file, line: line) }
        activation
        if dropout != 0 { Dropout(dropout, file: file, line: line) }
      }
      dense(sizes[sizes.count - 2], sizes[sizes.count - 1], output)
      if let output { output }
    }
  }

  /// The output layer's units.
  public func callAsFunction(_ input: Tensor) -> Tensor { layers(input) }

  /// The layers by their index.
  public var namedParts: [(name: String, part: Any)] { layers.namedParts }
}
