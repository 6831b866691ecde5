import DescentTensors

/// The input as it is. PyTorch: `Identity`.
public struct Identity: Module {
  /// A layer that does nothing.
  public init() {}

  /// The input.
  public func callAsFunction(_ input: Tensor) -> Tensor { input }
}

/// A closure as a layer. Keras: `Lambda`.
public struct Lambda: Module {
  private let function: @Sendable (Tensor) -> Tensor

  /// A layer that calls the closure. Parameters that it captures are not the network's: nothing finds them there.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) { self.function = function }

  /// What the closure makes of the input.
  public func callAsFunction(_ input: Tensor) -> Tensor { function(input) }
}

/// y = x + f(x), or g(x) + f(x) where f changes the shape (He and others, "Deep residual learning", 2016).
///
/// - Shapes: the input's and f's output must be the same, or g's and f's.
public struct Residual: Module {
  /// f.
  public let body: any Module
  /// g, in place of the input itself.
  public let shortcut: (any Module)?

  /// A layer around f.
  public init(_ body: any Module, shortcut: (any Module)? = nil) {
    self.body = body
    self.shortcut = shortcut
  }

  /// A layer around layers one behind the other.
  public init(shortcut: (any Module)? = nil, @LayerBuilder _ layers: () -> [any Module]) {
    self.init(Sequential(layers), shortcut: shortcut)
  }

  /// x + f(x).
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let passed = shortcut.map { $0(input, named: "shortcut") } ?? input
    let made = body(input, named: "body")
    check(
      passed.shape == made.shape,
      "Residual: \(made.shape) of the body cannot be added to \(passed.shape) of the shortcut")
    return passed + made
  }
}

/// A layer applied to every step of time by itself. Keras: `TimeDistributed`.
///
/// - Shapes: input `[batch, time, ...]` → output `[batch, time, ...]`.
public struct TimeDistributed: Module {
  /// The layer, which takes `[batch, ...]`.
  public let layer: any Module

  /// A layer around another one.
  public init(_ layer: any Module) { self.layer = layer }

  /// The layer's output for each step.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank >= 2, "TimeDistributed expects input [batch, time, ...], got \(input.shape)")
    let steps = input.reshaped(to: [input.shape[0] * input.shape[1]] + input.shape.dropFirst(2))
    let output = layer(steps, named: "layer")
    return output.reshaped(to: Array(input.shape.prefix(2)) + output.shape.dropFirst())
  }
}

/// Steps of time whose features are all one value are no steps: they become 0, and ``mask(of:)`` says which stay. Keras:
/// `Masking`.
///
/// - Shapes: input `[batch, time, features]` → output of the same shape.
public struct Masking: Module {
  /// The value that marks a step as none.
  public let value: Double

  /// A layer for sequences filled up with this value.
  public init(_ value: Double = 0) { self.value = value }

  /// The input, with 0 where there is no step.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    .select(mask(of: input).expandingAxis(at: -1), input, Tensor(0, type: input.type))
  }

  /// True where a sequence has a step: bool `[batch, time]`, as ``RecurrentLayer/run(_:initial:mask:)`` takes it.
  public func mask(of input: Tensor) -> Tensor {
    check(input.rank == 3, "Masking expects input [batch, time, features], got \(input.shape)")
    return (input .!= value).cast(to: input.type).max(axes: [2]) .> 0
  }
}

/// y = x₁ᵀ · W · x₂ + b for each output. PyTorch: `Bilinear`.
///
/// - Shapes: inputs `[..., left]` and `[..., right]` → output `[..., outputs]`; `weight` is `[outputs, left, right]`.
public struct Bilinear: Sendable {
  /// W.
  public let weight: Parameter
  /// b, where there is one.
  public let bias: Parameter?

  /// A layer with fresh parameters, uniform in ±1/√left.
  public init(
    _ left: Int, _ right: Int, _ outputs: Int, bias: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      left > 0 && right > 0 && outputs > 0, "Bilinear(\(left), \(right) → \(outputs)): needs one unit or more",
      file: file, line: line)
    let bound = 1 / Double(left).squareRoot()
    let start = Initializer.uniform(from: -bound, to: bound)
    weight = Parameter(start([outputs, left, right], type: type))
    self.bias = bias ? Parameter(start([outputs], type: type)) : nil
  }

  /// x₁ᵀ · W · x₂ + b.
  public func callAsFunction(_ left: Tensor, _ right: Tensor) -> Tensor {
    let shape = weight.shape
    check(
      left.shape.last == shape[1] && right.shape.last == shape[2] && left.shape.dropLast() == right.shape.dropLast(),
      "Bilinear(\(shape[1]), \(shape[2]) → \(shape[0])) expects inputs [..., \(shape[1])] and [..., \(shape[2])], got "
        + "\(left.shape) and \(right.shape)")
    // one product for all outputs: [..., outputs · right] from the left, then a sum with the right
    let flat = weight.value.permuted([0, 2, 1]).reshaped(to: [shape[0] * shape[2], shape[1]])
    let product = left.matmul(flat, transposingOther: true).reshaped(to: left.shape.dropLast() + [shape[0], shape[2]])
    let output = (product * right.expandingAxis(at: -2)).sum(axes: [-1])
    return bias.map { output.adding($0) } ?? output
  }
}
