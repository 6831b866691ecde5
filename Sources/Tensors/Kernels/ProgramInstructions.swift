import CKernels

/// An instruction of a program before it has registers.
struct ProgramInstruction {
  let value: Int
  let function: descent_function
  let inputs: [Int]
}

extension StepBuilder {
  /// The instructions for elementwise values: one for each, except that what only one other value reads is part of that
  /// one's instruction where there is a function for both. Each instruction is a pass over a block in the cache, so that
  /// fewer of them are faster.
  func instructions(_ values: [Int]) -> [ProgramInstruction] {
    var matcher = InstructionMatcher(
      graph: graph, joinable: Set(values.filter { readCounts[$0] == 1 && layout.slots[$0] == nil }))
    // from the back, so that the largest pattern comes first
    var instructions: [ProgramInstruction] = []
    for value in values.reversed() where !matcher.joined.contains(value) {
      let match = matcher.match(value)
      instructions.append(
        ProgramInstruction(
          value: value, function: match?.function ?? code(of: value),
          inputs: match?.inputs ?? graph.values[value].inputs))
    }
    return instructions.reversed()
  }
}

/// Finds values that one instruction computes together.
private struct InstructionMatcher {
  let graph: PlanGraph
  /// Values that need not be computed by themselves.
  let joinable: Set<Int>
  /// Those that became part of another one's instruction.
  private(set) var joined: Set<Int> = []

  init(graph: PlanGraph, joinable: Set<Int>) {
    self.graph = graph
    self.joinable = joinable
  }

  private func function(_ value: Int) -> ElementwiseFunction? {
    guard graph.values[value].signature.type == .float32 else { return nil }
    return (graph.values[value].operation as? Elementwise)?.function
  }

  /// The operands of a value that need not be computed by itself and is of this function.
  private func operands(_ value: Int, _ function: ElementwiseFunction) -> [Int]? {
    joinable.contains(value) && self.function(value) == function ? graph.values[value].inputs : nil
  }

  mutating func match(_ value: Int) -> (function: descent_function, inputs: [Int])? {
    let inputs = graph.values[value].inputs
    switch function(value) {
    case .add:
      return moveTowards(inputs) ?? addSquare(inputs) ?? multiplyAdd(inputs[0], inputs[1])
        ?? multiplyAdd(inputs[1], inputs[0])
    case .subtract: return adaptiveStep(inputs) ?? subtractProduct(inputs)
    default: return nil
    }
  }

  private mutating func join(
    _ values: [Int], _ function: descent_function, _ inputs: [Int]
  ) -> (descent_function, [Int]) {
    joined.formUnion(values)
    return (function, inputs)
  }

  /// a · b + c
  private mutating func multiplyAdd(_ product: Int, _ other: Int) -> (descent_function, [Int])? {
    guard let factors = operands(product, .multiply) else { return nil }
    return join([product], DESCENT_MULTIPLY_ADD, factors + [other])
  }

  /// c − a · b
  private mutating func subtractProduct(_ inputs: [Int]) -> (descent_function, [Int])? {
    guard let factors = operands(inputs[1], .multiply) else { return nil }
    return join([inputs[1]], DESCENT_SUBTRACT_PRODUCT, factors + [inputs[0]])
  }

  /// a + (b − a) · c
  private mutating func moveTowards(_ inputs: [Int]) -> (descent_function, [Int])? {
    guard let factors = operands(inputs[1], .multiply), let difference = operands(factors[0], .subtract),
      difference[1] == inputs[0]
    else { return nil }
    return join([inputs[1], factors[0]], DESCENT_MOVE_TOWARDS, [inputs[0], difference[0], factors[1]])
  }

  /// a · b + c² · d
  private mutating func addSquare(_ inputs: [Int]) -> (descent_function, [Int])? {
    guard let old = operands(inputs[0], .multiply), let new = operands(inputs[1], .multiply),
      let square = operands(new[0], .multiply), square[0] == square[1]
    else { return nil }
    return join(inputs + [new[0]], DESCENT_ADD_SQUARE, old + [square[0], new[1]])
  }

  /// a − b · c / (√d · e + f)
  private mutating func adaptiveStep(_ inputs: [Int]) -> (descent_function, [Int])? {
    guard let quotient = operands(inputs[1], .divide), let step = operands(quotient[0], .multiply),
      let divisor = operands(quotient[1], .add), let scaled = operands(divisor[0], .multiply),
      let root = operands(scaled[0], .sqrt)
    else { return nil }
    return join(
      [inputs[1], quotient[0], quotient[1], divisor[0], scaled[0]], DESCENT_ADAPTIVE_STEP,
      [inputs[0]] + step + root + [scaled[1], divisor[1]])
  }
}
