import DescentTensors

extension Sequential {
  /// A network of dense layers: hidden ones, each with its activation and dropout, and an output layer without.
  ///
  /// Weights start from what suits the activation behind them (``Activation/weights``), biases from 0. In front of
  /// maxout a layer has `pieces` times as many units, so that as many as asked for come out.
  ///
  ///     Sequential.dense(inputs: 64, hidden: [64, 32], outputs: 10)  // Dense, ReLU, Dense, ReLU, Dense
  ///
  /// - Shapes: input `[batch, inputs]` → output `[batch, outputs]`.
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - hidden: units of each hidden layer, 1 or more; none for a linear model.
  ///   - outputs: units of the output layer, 1 or more.
  ///   - activation: what follows each hidden layer.
  ///   - dropout: the probability that a hidden unit is dropped, in [0, 1).
  ///   - output: what follows the output layer, if anything.
  ///   - type: the parameters' element type.
  public static func dense(
    inputs: Int, hidden: [Int] = [], outputs: Int, activation: Activation = .relu, dropout: Double = 0,
    output: Activation? = nil, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Sequential {
    let last = hidden.last ?? inputs
    return Sequential {
      for (width, units) in zip([inputs] + hidden, hidden) {
        Dense(width, units * activation.pieces, weights: activation.weights, type: type, file: file, line: line)
        activation
        if dropout != 0 { Dropout(dropout, file: file, line: line) }
      }
      if let output {
        Dense(last, outputs * output.pieces, weights: output.weights, type: type, file: file, line: line)
        output
      } else {
        Dense(last, outputs, type: type, file: file, line: line)
      }
    }
  }
}
