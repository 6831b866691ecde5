import DescentTensors

/// Elman's network over sequences: ``RNNCell`` at every step. PyTorch: `RNN` with `batch_first=True`.
///
/// - Shapes: input `[batch, time, inputs]` → output as ``RecurrentOutput`` says.
public struct RNN: RecurrentLayer {
  /// Its layers and directions.
  public let stack: RecurrentStack

  /// A layer with fresh parameters, uniform in ±1/√hidden.
  ///
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - hidden: units of the state, 1 or more.
  ///   - layers: how many, one above the other.
  ///   - rectified: whether ReLU takes the place of tanh.
  ///   - dropout: the probability with which outputs are dropped between layers, in training.
  ///   - bidirectional: whether sequences are read backwards too; both outputs are joined.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, rectified: Bool = false, bias: Bool = true, dropout: Double = 0,
    bidirectional: Bool = false, output: RecurrentOutput = .sequence, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    stack = RecurrentStack(
      rectified ? .relu : .tanh, "RNN", inputs: inputs, hidden: hidden, layers: layers, bias: bias, dropout: dropout,
      bidirectional: bidirectional, output: output, type: type, file, line)
  }
}

/// A long short-term memory over sequences: ``LSTMCell`` at every step. PyTorch: `LSTM` with `batch_first=True`.
///
/// - Shapes: input `[batch, time, inputs]` → output as ``RecurrentOutput`` says.
public struct LSTM: RecurrentLayer {
  /// Its layers and directions.
  public let stack: RecurrentStack

  /// A layer with fresh parameters, uniform in ±1/√hidden.
  ///
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - hidden: units of the state, 1 or more.
  ///   - layers: how many, one above the other.
  ///   - dropout: the probability with which outputs are dropped between layers, in training.
  ///   - bidirectional: whether sequences are read backwards too; both outputs are joined.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, dropout: Double = 0,
    bidirectional: Bool = false, output: RecurrentOutput = .sequence, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    stack = RecurrentStack(
      .lstm, "LSTM", inputs: inputs, hidden: hidden, layers: layers, bias: bias, dropout: dropout,
      bidirectional: bidirectional, output: output, type: type, file, line)
  }
}

/// Gated recurrent units over sequences: ``GRUCell`` at every step. PyTorch: `GRU` with `batch_first=True`.
///
/// - Shapes: input `[batch, time, inputs]` → output as ``RecurrentOutput`` says.
public struct GRU: RecurrentLayer {
  /// Its layers and directions.
  public let stack: RecurrentStack

  /// A layer with fresh parameters, uniform in ±1/√hidden.
  ///
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - hidden: units of the state, 1 or more.
  ///   - layers: how many, one above the other.
  ///   - dropout: the probability with which outputs are dropped between layers, in training.
  ///   - bidirectional: whether sequences are read backwards too; both outputs are joined.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, dropout: Double = 0,
    bidirectional: Bool = false, output: RecurrentOutput = .sequence, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    stack = RecurrentStack(
      .gru, "GRU", inputs: inputs, hidden: hidden, layers: layers, bias: bias, dropout: dropout,
      bidirectional: bidirectional, output: output, type: type, file, line)
  }
}
