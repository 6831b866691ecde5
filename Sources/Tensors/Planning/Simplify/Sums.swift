extension PlanGraph {
  /// A sum of sums is one sum, and a sum of multiples the multiple of the sum: the mean of a batch's losses, which are
  /// means themselves, is one pass.
  mutating func joinSums() {
    // each round goes through one operation; a loss has a handful
    for _ in 0..<8 where hasSumsToJoin {
      var isChanged = false
      rewrite { graph, old, value in
        guard let sum = value.operation as? Reduction, sum.kind == .sum, value.signature.type.isFloatingPoint else {
          return nil
        }
        let place =
          graph.sumOfAliases(sum, old, value) ?? graph.sumOfSums(sum, old, value)
          ?? graph.sumOfMultiples(sum, old, value)
        if place != nil { isChanged = true }
        return place
      }
      if !isChanged { return }
    }
  }

  /// Whether a sum reads what it could be joined with.
  private var hasSumsToJoin: Bool {
    values.contains { value in
      guard let sum = value.operation as? Reduction, sum.kind == .sum, !value.isGiven else { return false }
      let input = values[value.inputs[0]].operation
      return input is Reduction || input is Elementwise || (input is Reshape && value.signature.shape.isEmpty)
    }
  }
}

extension Rewriter {
  /// The sum of everything, whatever its shape.
  fileprivate mutating func sumOfAliases(_ sum: Reduction, _ old: Int, _ value: PlanGraph.Value) -> Int? {
    let input = values[value.inputs[0]]
    guard input.operation is Reshape, value.signature.shape.isEmpty, readOnce(self.old.values[old].inputs[0]) != nil
    else {
      return nil
    }
    let rank = values[input.inputs[0]].signature.shape.count
    return add(Reduction(kind: .sum, axes: Array(0..<rank), keepsAxes: false), input.inputs)
  }

  fileprivate mutating func sumOfSums(_ sum: Reduction, _ old: Int, _ value: PlanGraph.Value) -> Int? {
    let input = values[value.inputs[0]]
    guard let inner = input.operation as? Reduction, inner.kind == .sum, !sum.keepsAxes,
      readOnce(self.old.values[old].inputs[0]) != nil
    else { return nil }
    let rank = values[input.inputs[0]].signature.shape.count
    let remaining = inner.keepsAxes ? Array(0..<rank) : (0..<rank).filter { !inner.axes.contains($0) }
    let axes = Set(sum.axes.map { remaining[$0] }).union(inner.axes)
    // with its axes kept, the inner sum leaves ones that the outer one does not take away
    guard !inner.keepsAxes || inner.axes.allSatisfy({ sum.axes.contains($0) }) else { return nil }
    return add(Reduction(kind: .sum, axes: axes.sorted(), keepsAxes: false), input.inputs)
  }

  fileprivate mutating func sumOfMultiples(_ sum: Reduction, _ old: Int, _ value: PlanGraph.Value) -> Int? {
    let input = values[value.inputs[0]]
    guard let elementwise = input.operation as? Elementwise, readOnce(self.old.values[old].inputs[0]) != nil else {
      return nil
    }
    switch elementwise.function {
    case .negate:
      return add(sum, input.inputs).flatMap { add(elementwise, [$0]) }
    case .multiply, .divide:
      let (left, right) = (input.inputs[0], input.inputs[1])
      if values[right].signature.shape.isEmpty, values[left].signature == input.signature {
        return add(sum, [left]).flatMap { add(elementwise, [$0, right]) }
      }
      if elementwise.function == .multiply, values[left].signature.shape.isEmpty,
        values[right].signature == input.signature
      {
        return add(sum, [right]).flatMap { add(elementwise, [left, $0]) }
      }
      return nil
    default: return nil
    }
  }
}
