import DescentTensors

/// Two convolutions with pooling and three dense layers, for small pictures (LeCun, Bottou, Bengio and Haffner,
/// "Gradient-based learning applied to document recognition", 1998).
///
///     LeNet()                    // 28×28 grey pictures, ten classes
///     LeNet(style: .classic)
///
/// conv 5×5 (6, padding 2) → pool 2 → conv 5×5 (16) → pool 2 → dense 120 → dense 84 → dense classes, an activation behind
/// each but the last. Against the paper the second convolution sees all maps of the first, pooling has no weights of its
/// own, and the output is logits, not distances from drawn letters.
///
/// State names: `conv1`, `conv2`, `fc1`, `fc2`, `fc3`, each with `weight` and `bias`.
///
/// - Shapes: input `[batch, channels, height, width]` → output `[batch, classes]`.
public struct LeNet: Module, NamedParts {
  /// What the network is made of.
  public enum Style: Sendable, Hashable, CaseIterable {
    /// ReLU and max pooling.
    case modern
    /// tanh and average pooling, as in 1998.
    case classic
  }

  /// The convolutions.
  public let convolutions: [Conv2D]
  /// The dense layers.
  public let dense: [Dense]
  /// What the network is made of.
  public let style: Style
  private let pooling: any Module

  /// A network with fresh parameters: weights start from what suits the activation, biases from 0.
  ///
  /// - Parameters:
  ///   - classes: units of the output.
  ///   - channels: of the pictures.
  ///   - height: of the pictures, 12 or more.
  ///   - width: of the pictures, 12 or more.
  ///   - style: activations and pooling.
  ///   - maps: outputs of the two convolutions.
  ///   - hidden: units of the two dense layers before the last.
  public init(
    classes: Int = 10, channels: Int = 1, height: Int = 28, width: Int = 28, style: Style = .modern,
    maps: (Int, Int) = (6, 16), hidden: (Int, Int) = (120, 84), type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      height >= 12 && width >= 12, "LeNet: pictures must be 12×12 or larger, got \(height)×\(width)", file: file,
      line: line)
    let activation = Self.activation(style)
    func convolution(_ inputs: Int, _ outputs: Int, padding: ConvolutionPadding) -> Conv2D {
      Conv2D(
        inputs, outputs, kernel: 5, padding: padding, weights: activation.weights, biases: .zeros, type: type,
        file: file, line: line)
    }
    func layer(_ inputs: Int, _ outputs: Int, _ weights: Initializer = activation.weights) -> Dense {
      Dense(inputs, outputs, weights: weights, type: type, file: file, line: line)
    }
    // halved, then four places less for the kernel, then halved again
    let places = ((height / 2 - 4) / 2) * ((width / 2 - 4) / 2)
    convolutions = [convolution(channels, maps.0, padding: 2), convolution(maps.0, maps.1, padding: 0)]
    dense = [
      layer(maps.1 * places, hidden.0), layer(hidden.0, hidden.1), layer(hidden.1, classes, .glorotUniform),
    ]
    pooling = style == .modern ? MaxPool2D(kernel: 2) : AveragePool2D(kernel: 2)
    self.style = style
  }

  /// The classes' logits.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let activation = Self.activation(style)
    let maps = convolutions.enumerated().reduce(input) { maps, layer in
      pooling(activation(layer.element(maps, named: "conv\(layer.offset + 1)")))
    }.flattened(from: 1)
    check(
      maps.shape[1] == dense[0].weight.shape[1],
      "LeNet: pictures \(Shape(input.shape.dropFirst())) are not of the extents that it was made for")
    return dense.enumerated().reduce(maps) { features, layer in
      let output = layer.element(features, named: "fc\(layer.offset + 1)")
      return layer.offset == dense.count - 1 ? output : activation(output)
    }
  }

  private static func activation(_ style: Style) -> Activation { style == .modern ? .relu : .tanh }

  /// Under the names that PyTorch's tutorials give them.
  public var namedParts: [(name: String, part: Any)] {
    convolutions.enumerated().map { ("conv\($0 + 1)", $1) } + dense.enumerated().map { ("fc\($0 + 1)", $1) }
  }
}
