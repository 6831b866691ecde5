import DescentTensors

/// Layers that take what any earlier ones gave: branches that part and meet again.
///
/// - Shapes: those of its layers; the output is the last layer's.
public struct Graph: Module, NamedParts {
  /// What a layer of the graph computes from its inputs.
  public typealias Call = @Sendable (_ inputs: [Tensor]) -> Tensor

  /// A layer of the graph.
  public struct Node: Sendable {
    /// What it is called, and its parameters' names start with.
    public let name: String
    /// Where its inputs come from: the places of earlier nodes, −1 for the graph's own input.
    public let sources: [Int]
    /// What holds its parameters, if it has any.
    public let part: (any Sendable)?
    let call: Call

    /// A layer of one input.
    public init(_ name: String, from source: Int, _ layer: any Module) {
      self.init(name, from: [source], part: layer) { layer($0[0]) }
    }

    /// What is computed from several inputs, with the part that holds its parameters.
    public init(_ name: String, from sources: [Int], part: (any Sendable)? = nil, _ call: @escaping Call) {
      (self.name, self.sources, self.part, self.call) = (name, sources, part, call)
    }
  }

  /// The layers, in an order in which they can be computed.
  public let nodes: [Node]

  /// A graph of one layer or more, each taking from earlier ones only.
  public init(_ nodes: [Node], file: StaticString = #fileID, line: UInt = #line) {
    check(!nodes.isEmpty, "Graph: needs a layer", file: file, line: line)
    check(
      Set(nodes.map(\.name)).count == nodes.count, "Graph: two layers have one name: \(nodes.map(\.name))", file: file,
      line: line)
    for (place, node) in nodes.enumerated() {
      check(
        !node.sources.isEmpty && node.sources.allSatisfy { $0 >= -1 && $0 < place },
        "Graph: layer '\(node.name)' takes from \(node.sources), which must lie between −1 and \(place - 1)",
        file: file,
        line: line)
    }
    self.nodes = nodes
  }

  /// The last layer's output.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    var values: [Tensor] = []
    for node in nodes {
      let inputs = node.sources.map { $0 < 0 ? input : values[$0] }
      values.append(LayerWatch.output(of: node.name) { node.call(inputs) })
    }
    return values[values.count - 1]
  }

  /// The layers by their names.
  public var namedParts: [(name: String, part: Any)] { nodes.compactMap { node in node.part.map { (node.name, $0) } } }
}
