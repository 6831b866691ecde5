import DescentTensors

/// What a recurrent layer gives.
public enum RecurrentOutput: Sendable, Hashable {
  /// The state behind every step: `[batch, time, directions · hidden]`.
  case sequence
  /// The state behind the last step, of each direction: `[batch, directions · hidden]`.
  case last
}

/// Recurrent layers one above the other, in one direction or in both.
public struct RecurrentStack: NamedParts, Sendable {
  /// By layer and direction.
  private let weights: [[RecurrentWeights]]
  let inputs, hidden: Int
  let output: RecurrentOutput
  private let dropout: Dropout
  private let name: String

  init(
    _ recurrence: Recurrence, _ name: String, inputs: Int, hidden: Int, layers: Int, bias: Bool, dropout: Double,
    bidirectional: Bool, output: RecurrentOutput, type: ElementType, _ file: StaticString, _ line: UInt
  ) {
    check(layers > 0, "\(name)(\(inputs) → \(hidden)): needs a layer or more, got \(layers)", file: file, line: line)
    let directions = bidirectional ? 2 : 1
    weights = (0..<layers).map { layer in
      (0..<directions).map { _ in
        RecurrentWeights(
          recurrence, inputs: layer == 0 ? inputs : directions * hidden, hidden: hidden, bias: bias, type: type,
          in: name, file, line)
      }
    }
    (self.inputs, self.hidden, self.output, self.name) = (inputs, hidden, output, name)
    self.dropout = Dropout(dropout, file: file, line: line)
  }

  /// The output, and the state behind each sequence.
  func run(_ input: Tensor, initial: [Tensor]?, mask: Tensor?) -> (output: Tensor, state: [Tensor]) {
    check(
      input.rank == 3 && input.shape[2] == inputs,
      "\(name)(\(inputs) → \(hidden)) expects input [batch, time, \(inputs)], got \(input.shape)")
    check(
      mask.map { $0.type == .bool && $0.shape == Shape(input.shape.prefix(2)) } ?? true,
      "\(name): the mask must be bool\(Shape(input.shape.prefix(2))), got \(mask.map { "\($0.type)\($0.shape)" } ?? "")"
    )
    let (batch, directions) = (input.shape[0], weights[0].count)
    let wanted = [weights.count * directions, batch, hidden]
    check(
      initial.map { $0.count == weights[0][0].recurrence.states && $0.allSatisfy { $0.shape == wanted } } ?? true,
      "\(name): the initial state must be \(weights[0][0].recurrence.states) of \(wanted), got "
        + "\(initial?.map(\.shape) ?? [])")
    // Time first: a step's rows then lie together.
    var sequence = input.permuted([1, 0, 2])
    let kept = mask.map { $0.transposed().expandingAxis(at: 2) }
    var (last, states): ([Tensor], [[Tensor]]) = ([], [])
    for (layer, weights) in weights.enumerated() {
      if layer > 0 { sequence = dropout(sequence) }
      let runs = weights.enumerated().map { direction, weights in
        let place = layer * directions + direction
        let start = initial.map { $0.map { $0.sliced(axis: 0, place..<place + 1).squeezed(axes: [0]) } }
        return Self.run(weights, sequence, start ?? weights.zeros(batch: batch), kept, backwards: direction == 1)
      }
      sequence = .concatenate(runs.map(\.outputs), axis: 2)
      last = runs.map { $0.state[0] }
      states += runs.map(\.state)
    }
    let state = states[0].indices.map { index in Tensor.stack(states.map { $0[index] }) }
    return (output == .last ? .concatenate(last, axis: 1) : sequence.permuted([1, 0, 2]), state)
  }

  /// One layer in one direction; where the mask is false the state stays and the output is 0.
  private static func run(
    _ weights: RecurrentWeights, _ input: Tensor, _ start: [Tensor], _ mask: Tensor?, backwards: Bool
  ) -> (outputs: Tensor, state: [Tensor]) {
    let times = Array(0..<input.shape[0])
    guard !times.isEmpty else { return (.zeros([0, input.shape[1], weights.units], type: input.type), start) }
    let projected = weights.projected(input)
    var (state, outputs): ([Tensor], [Tensor]) = (start, [])
    let zero = Tensor(0, type: input.type)
    for time in backwards ? times.reversed() : times {
      let next = weights.step(projected.sliced(axis: 0, time..<time + 1).squeezed(axes: [0]), state)
      if let mask = mask.map({ $0.sliced(axis: 0, time..<time + 1).squeezed(axes: [0]) }) {
        state = zip(next, state).map { .select(mask, $0, $1) }
        outputs.append(.select(mask, next[0], zero))
      } else {
        state = next
        outputs.append(next[0])
      }
    }
    return (.stack(backwards ? outputs.reversed() : outputs), state)
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    weights.enumerated().flatMap { layer, directions in
      directions.enumerated().flatMap { $1.parts("_l\(layer)" + ($0 == 1 ? "_reverse" : "")) }
    }
  }
}

/// A recurrent layer: ``RNN``, ``LSTM`` or ``GRU``.
public protocol RecurrentLayer: Module, NamedParts {
  /// Its layers and directions.
  var stack: RecurrentStack { get }
}

extension RecurrentLayer {
  /// The output for sequences that start from a state of zeros.
  public func callAsFunction(_ input: Tensor) -> Tensor { stack.run(input, initial: nil, mask: nil).output }

  /// The output, and the state behind each sequence.
  ///
  /// - Parameters:
  ///   - input: `[batch, time, inputs]`.
  ///   - initial: the state before: h, for an LSTM c behind it, each `[layers · directions, batch, hidden]`; zeros where left
  ///     out.
  ///   - mask: bool `[batch, time]`, true where a sequence has a step. Elsewhere the state stays and the output is 0, as
  ///     with PyTorch's packed sequences.
  public func run(
    _ input: Tensor, initial: [Tensor]? = nil, mask: Tensor? = nil
  ) -> (output: Tensor, state: [Tensor]) { stack.run(input, initial: initial, mask: mask) }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { stack.namedParts }
}
