import DescentTensors

/// One step of Elman's network: h' = tanh(W·x + b + U·h + d), or ReLU in place of tanh (Elman, "Finding structure in time",
/// 1990). PyTorch: `RNNCell`.
public struct RNNCell: NamedParts, Sendable {
  private let weights: RecurrentWeights

  /// A cell with fresh parameters, uniform in ±1/√hidden.
  ///
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - hidden: units of the state, 1 or more.
  ///   - rectified: whether ReLU takes the place of tanh.
  public init(
    _ inputs: Int, _ hidden: Int, rectified: Bool = false, bias: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    weights = RecurrentWeights(
      rectified ? .relu : .tanh, inputs: inputs, hidden: hidden, bias: bias, type: type, in: "RNNCell", file, line)
  }

  /// h'. Shapes: input `[batch, inputs]`, state `[batch, hidden]`, zeros where left out → `[batch, hidden]`.
  public func callAsFunction(_ input: Tensor, state: Tensor? = nil) -> Tensor {
    weights.cell("RNNCell", input, state.map { [$0] })[0]
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { weights.parts() }
}

/// One step of a long short-term memory: c' = σ(f)·c + σ(i)·tanh(g); h' = σ(o)·tanh(c'), where i, f, g, o are the quarters of
/// W·x + b + U·h + d (Hochreiter and Schmidhuber, "Long short-term memory", 1997; Gers and others 2000). PyTorch: `LSTMCell`.
public struct LSTMCell: NamedParts, Sendable {
  private let weights: RecurrentWeights

  /// A cell with fresh parameters, uniform in ±1/√hidden.
  public init(
    _ inputs: Int, _ hidden: Int, bias: Bool = true, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    weights = RecurrentWeights(
      .lstm, inputs: inputs, hidden: hidden, bias: bias, type: type, in: "LSTMCell", file, line)
  }

  /// h' and c'. Shapes: input `[batch, inputs]`, both of the state `[batch, hidden]`, zeros where left out.
  public func callAsFunction(
    _ input: Tensor, state: (hidden: Tensor, cell: Tensor)? = nil
  ) -> (hidden: Tensor, cell: Tensor) {
    let next = weights.cell("LSTMCell", input, state.map { [$0.hidden, $0.cell] })
    return (next[0], next[1])
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { weights.parts() }
}

/// One step of a gated recurrent unit: h' = (1 − z)·n + z·h with r = σ(…), z = σ(…), n = tanh(Wₙ·x + bₙ + r·(Uₙ·h + dₙ)) (Cho and
/// others, "Learning phrase representations using RNN encoder–decoder", 2014). PyTorch: `GRUCell`.
public struct GRUCell: NamedParts, Sendable {
  private let weights: RecurrentWeights

  /// A cell with fresh parameters, uniform in ±1/√hidden.
  public init(
    _ inputs: Int, _ hidden: Int, bias: Bool = true, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    weights = RecurrentWeights(.gru, inputs: inputs, hidden: hidden, bias: bias, type: type, in: "GRUCell", file, line)
  }

  /// h'. Shapes: input `[batch, inputs]`, state `[batch, hidden]`, zeros where left out → `[batch, hidden]`.
  public func callAsFunction(_ input: Tensor, state: Tensor? = nil) -> Tensor {
    weights.cell("GRUCell", input, state.map { [$0] })[0]
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { weights.parts() }
}
