import DescentTensors

/// One step of a recurrent network: the next state from this one and an input that was multiplied by its weights.
enum Recurrence: Sendable {
  case tanh
  case relu
  case lstm
  case gru

  /// How many rows of weights each hidden unit has.
  var gates: Int {
    switch self {
    case .tanh, .relu: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// How many tensors a state has: h, and for an LSTM c.
  var states: Int { if case .lstm = self { 2 } else { 1 } }

  /// The state behind a step.
  ///
  /// - Parameters:
  ///   - input: W·x + b of the input, `[batch, gates · hidden]`.
  ///   - memory: U·h + d of the state, of the same shape.
  ///   - state: each `[batch, hidden]`, h first.
  func step(_ input: Tensor, _ memory: Tensor, _ state: [Tensor]) -> [Tensor] {
    switch self {
    case .tanh: return [(input + memory).tanh()]
    case .relu: return [Activation.relu(input + memory)]
    case .lstm:
      let gates = Self.gates(of: input + memory, 4)
      let cell = gates[1].sigmoid() * state[1] + gates[0].sigmoid() * gates[2].tanh()
      return [gates[3].sigmoid() * cell.tanh(), cell]
    case .gru:
      let (new, old) = (Self.gates(of: input, 3), Self.gates(of: memory, 3))
      let (reset, update) = ((new[0] + old[0]).sigmoid(), (new[1] + old[1]).sigmoid())
      let candidate = (new[2] + reset * old[2]).tanh()
      return [candidate + update * (state[0] - candidate)]
    }
  }

  private static func gates(of tensor: Tensor, _ count: Int) -> [Tensor] {
    tensor.split(sizes: Array(repeating: tensor.shape[1] / count, count: count), axis: 1)
  }
}

/// The weights of a recurrence, those of the input and those of the state.
struct RecurrentWeights: Sendable {
  let recurrence: Recurrence
  let input, hidden: Parameter
  let biases: (input: Parameter, hidden: Parameter)?

  /// Uniform in ±1/√hidden, as in PyTorch.
  init(
    _ recurrence: Recurrence, inputs: Int, hidden: Int, bias: Bool, type: ElementType, in layer: String,
    _ file: StaticString, _ line: UInt
  ) {
    check(
      inputs > 0 && hidden > 0, "\(layer)(\(inputs) → \(hidden)): needs one unit or more", file: file, line: line)
    let (rows, bound) = (recurrence.gates * hidden, 1 / Double(hidden).squareRoot())
    let start = Initializer.uniform(from: -bound, to: bound)
    self.recurrence = recurrence
    input = Parameter(start([rows, inputs], type: type))
    self.hidden = Parameter(start([rows, hidden], type: type))
    biases = bias ? (Parameter(start([rows], type: type)), Parameter(start([rows], type: type))) : nil
  }

  var units: Int { hidden.shape[1] }

  /// W·x + b, for any axes before the last.
  func projected(_ x: Tensor) -> Tensor {
    let product = x.matmul(input.value, transposingOther: true)
    return biases.map { product.adding($0.input) } ?? product
  }

  /// The state behind a step; `input` was ``projected(_:)``.
  func step(_ input: Tensor, _ state: [Tensor]) -> [Tensor] {
    let product = state[0].matmul(hidden.value, transposingOther: true)
    return recurrence.step(input, biases.map { product.adding($0.hidden) } ?? product, state)
  }

  /// What a cell gives: the state behind a step, from zeros where none is given.
  func cell(_ name: String, _ input: Tensor, _ state: [Tensor]?) -> [Tensor] {
    let inputs = self.input.shape[1]
    check(
      input.rank == 2 && input.shape[1] == inputs
        && state?.allSatisfy { $0.shape == [input.shape[0], units] } != false,
      "\(name)(\(inputs) → \(units)) expects input [batch, \(inputs)] and a state of [batch, \(units)], got "
        + "\(input.shape) and \(state?.map(\.shape) ?? [])")
    return step(projected(input), state ?? zeros(batch: input.shape[0]))
  }

  /// A state of zeros for a batch.
  func zeros(batch: Int) -> [Tensor] {
    (0..<recurrence.states).map { _ in .zeros([batch, units], type: input.value.type) }
  }

  /// Under PyTorch's names, which end in the layer.
  func parts(_ suffix: String = "") -> [(name: String, part: Any)] {
    let weights: [(String, Any)] = [("weight_ih\(suffix)", input), ("weight_hh\(suffix)", hidden)]
    guard let biases else { return weights }
    return weights + [("bias_ih\(suffix)", biases.input), ("bias_hh\(suffix)", biases.hidden)]
  }
}
