import DescentTensors

/// What a network is made of, without its numbers: what a network file and a model file say of it.
///
/// In YAML, or the same in JSON:
///
///     input: [1, 28, 28]
///     layers:
///       - conv2d: {outputs: 6, kernel: 5, padding: 2}
///       - relu
///       - max-pool2d: 2
///       - flatten
///       - dense: 120
///       - relu
///       - dense                 # as many outputs as the data need
///
/// A layer is its kind's name; or the name with the value of the first field behind it; or the name with all fields. Or,
/// as model files have it, fields of which one is `layer: dense`. Every layer may have a `name`, by which its parameters
/// go then, and say which earlier layers it takes its input `from`: one name or a list, `input` for the network's own.
/// The kinds are ``LayerKind/all``. A list of layers without `input` is a description too.
///
/// A description may come from anywhere, so what is wrong with it is thrown, with the line where it stands.
public struct NetworkDescription: Sendable, Hashable {
  /// The shape of a sample as the first layer takes it, where the description says it.
  public let input: Shape?
  /// The layers as they were written, first to last.
  public let layers: [DescriptionNode]

  /// A description of these layers.
  public init(input: Shape? = nil, _ layers: [DescriptionNode]) { (self.input, self.layers) = (input, layers) }

  /// A description as it was written.
  ///
  /// - Throws: ``NetworkDescriptionError`` where it is neither a list of layers nor fields `input` and `layers`.
  public init(_ node: DescriptionNode) throws(NetworkDescriptionError) {
    let shape = "a network is a list of layers, or 'layers' with that list and 'input' with the shape of a sample"
    switch node.content {
    case .list(let layers): self.init(layers)
    case .fields(let fields):
      var (input, layers): (Shape?, [DescriptionNode]?)
      for field in fields {
        switch (field.name, field.value.content) {
        case ("layers", .list(let list)): layers = list
        case ("input", .list(let list)):
          input = list.compactMap { $0.wholeNumber.flatMap { (1...LayerFields.mostCount).contains($0) ? $0 : nil } }
          guard input?.count == list.count else { fallthrough }
        case ("input", _):
          throw NetworkDescriptionError(
            "'input' must be a list of whole numbers from 1 to \(LayerFields.mostCount)", line: field.value.line)
        case ("layers", _): throw NetworkDescriptionError("'layers' must be a list of layers", line: field.value.line)
        default: throw NetworkDescriptionError("\(shape); '\(field.name)' is neither", line: field.value.line)
        }
      }
      guard let layers else { throw NetworkDescriptionError(shape, line: node.line) }
      self.init(input: input, layers)
    default: throw NetworkDescriptionError(shape, line: node.line)
    }
  }

  /// A network of dense layers: what ``Sequential/dense(inputs:hidden:outputs:activation:dropout:output:type:file:line:)``
  /// makes.
  public static func dense(
    inputs: Int, hidden: [Int], outputs: Int, activation: Activation, dropout: Double = 0
  ) -> NetworkDescription {
    var layers: [DescriptionNode] = []
    for (width, units) in zip([inputs] + hidden, hidden) {
      layers += [LayerKind.denseNode(width, units * activation.pieces), LayerKind.node(of: activation)]
      if dropout != 0 { layers.append(["layer": "dropout", "probability": DescriptionNode(.number(dropout))]) }
    }
    return NetworkDescription(input: [inputs], layers + [LayerKind.denseNode(hidden.last ?? inputs, outputs)])
  }

  /// The same description for samples of this shape, where it does not name one itself.
  public func taking(_ input: Shape) -> NetworkDescription { NetworkDescription(input: self.input ?? input, layers) }
}

extension NetworkDescription: Codable {
  /// Writes the layers, and the input's shape where there is one.
  public func encode(to encoder: any Encoder) throws {
    let list = DescriptionNode(.list(layers))
    guard let input else { return try list.encode(to: encoder) }
    let shape = DescriptionNode(.list(input.map { DescriptionNode(.number(Double($0))) }))
    try DescriptionNode(.fields([.init("input", shape), .init("layers", list)])).encode(to: encoder)
  }

  /// Reads layers; whether they are right shows when a network is made of them.
  public init(from decoder: any Decoder) throws { try self.init(DescriptionNode(from: decoder)) }
}

extension DescriptionNode {
  /// The whole number that it is.
  var wholeNumber: Int? { if case .number(let number) = content { Int(exactly: number) } else { nil } }
}

/// What is wrong with a description of a network.
public struct NetworkDescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line of the file, from 1, where the description was read from one.
  public let line: Int?
  /// The layer that is meant, such as `layer 2 (conv2d)`, where it is one.
  public let layer: String?
  /// What is wrong with it.
  public let message: String

  /// What is wrong, with the layer and the line where they are known.
  public init(_ message: String, layer: String? = nil, line: Int? = nil) {
    (self.message, self.layer, self.line) = (message, layer, line)
  }

  /// The layer and what is wrong with it, without the line.
  public var sentence: String { layer.map { "\($0): \(message)" } ?? message }

  /// For example `line 7: layer 2 (dropout): probability must be 0 or more and below 1, got 1.5`.
  public var description: String { line.map { "line \($0): \(sentence)" } ?? sentence }
}
