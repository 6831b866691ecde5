/// A graph that is built anew, value by value: inputs first, so that whatever a rule makes of a value's inputs is there
/// when the value comes.
struct Rewriter {
  /// The graph as it was, and how often each of its values is read.
  let old: PlanGraph
  let readCounts: [Int]
  /// The graph as it becomes.
  private(set) var values: [PlanGraph.Value] = []
  /// What stands for each old value.
  private(set) var moved: [Int] = []

  fileprivate init(_ graph: PlanGraph) {
    old = graph
    readCounts = graph.readCounts
    values.reserveCapacity(graph.values.count)
    moved.reserveCapacity(graph.values.count)
  }

  fileprivate mutating func rewrite(_ rule: (inout Rewriter, Int, PlanGraph.Value) -> Int?) {
    for (index, value) in old.values.enumerated() {
      var value = value
      value.inputs = value.inputs.map { moved[$0] }
      let place = value.isGiven ? nil : rule(&self, index, value)
      moved.append(place ?? add(value))
    }
  }

  /// Adds a value; its number.
  mutating func add(_ value: PlanGraph.Value) -> Int {
    values.append(value)
    return values.count - 1
  }

  /// Adds an operation on values, and works out its shape and type; nil where they do not fit.
  mutating func add(_ operation: some Operation, _ inputs: [Int]) -> Int? {
    guard let signature = try? operation.result(of: inputs.map { values[$0].signature }) else { return nil }
    return add(PlanGraph.Value(operation: operation, inputs: inputs, signature: signature))
  }

  /// The old value, where this is the only place that reads it.
  func readOnce(_ index: Int) -> PlanGraph.Value? { readCounts[index] == 1 ? old.values[index] : nil }
}

extension PlanGraph {
  /// Rebuilds the graph by a rule: from a value whose inputs have been rebuilt, the number of what stands for it, or nil
  /// where the value stays.
  mutating func rewrite(_ rule: (inout Rewriter, _ old: Int, _ value: Value) -> Int?) {
    var rewriter = Rewriter(self)
    rewriter.rewrite(rule)
    values = rewriter.values
    outputs = outputs.map { rewriter.moved[$0] }
  }
}
