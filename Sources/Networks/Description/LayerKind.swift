import DescentTensors

/// A kind of layer that a description may name.
public struct LayerKind: Sendable {
  /// Its name in kebab-case, such as `max-pool2d`.
  public let name: String
  /// How many inputs it takes: one, but for those that join branches.
  public let inputs: ClosedRange<Int>
  let make: @Sendable (LayerFields, LayerPlace) throws -> LayerPart

  /// A layer of one input.
  init(_ name: String, _ make: @escaping @Sendable (LayerFields, LayerPlace) throws -> any Module) {
    self.init(name, inputs: 1...1) { fields, place in
      let layer = try make(fields, place)
      return LayerPart(layer) { layer($0[0]) }
    }
  }

  /// A layer of several inputs.
  init(
    _ name: String, inputs: ClosedRange<Int>,
    _ make: @escaping @Sendable (LayerFields, LayerPlace) throws -> LayerPart
  ) {
    (self.name, self.inputs, self.make) = (name, inputs, make)
  }

  /// Every kind.
  public static let all: [LayerKind] = [
    dense, features, shaping, convolutions, pooling, padding, normalization, recurrent, attention, embedding, noise,
    composition, activations, ready,
  ].flatMap { $0 }

  private static let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })

  /// The kind of this name.
  public static func named(_ name: String) -> LayerKind? { places[name].map { all[$0] } }

  /// The kind whose name is most like a word that is none.
  static func like(_ word: String) -> String? {
    let nearest = all.map { (name: $0.name, distance: editDistance($0.name, word)) }.min { $0.distance < $1.distance }
    return nearest.flatMap { $0.distance <= 1 + word.count / 4 ? $0.name : nil }
  }
}

/// A layer that has been made: what holds its parameters, and its call.
struct LayerPart: Sendable {
  let part: (any Sendable)?
  let call: Graph.Call

  init(_ part: (any Sendable)? = nil, _ call: @escaping Graph.Call) { (self.part, self.call) = (part, call) }

  /// How many numbers it learns.
  var parameterCount: Int {
    part.map { NamedVariable.all(in: $0).filter(\.isTrained).reduce(0) { $0 + $1.variable.signature.elementCount } }
      ?? 0
  }
}

/// Where a layer stands when it is made.
struct LayerPlace {
  /// What it takes, with a batch of one.
  let inputs: [Signature]
  /// As many outputs as the data need, where that is known.
  let outputs: Int?
  /// What its weights start from where nothing else is said: what suits the activation behind it.
  let weights: Initializer?
  /// The parameters' element type.
  let type: ElementType
  /// Makes the layers inside it.
  let builder: NetworkBuilder
  /// The name that leads to it.
  let path: String

  /// The shape of what it takes, with a batch of one.
  var shape: Shape { inputs[0].shape }

  /// The extent of the last axis.
  func features(_ fields: LayerFields) throws(NetworkDescriptionError) -> Int {
    guard shape.count > 1, let last = shape.last else {
      throw fields.problem("\(fields.kind) needs an input with features, and gets a single number a sample")
    }
    return last
  }

  /// The extent of the first axis behind the batch.
  func channels(_ fields: LayerFields) throws(NetworkDescriptionError) -> Int {
    guard shape.count > 1 else {
      throw fields.problem("\(fields.kind) needs an input with channels, and gets a single number a sample")
    }
    return shape[1]
  }

  /// How many units a layer has: as many as are asked for, or as the data need.
  func outputs(_ fields: LayerFields) throws(NetworkDescriptionError) -> Int {
    guard let count = try fields.optionalCount("outputs", shown: "what the data need") ?? outputs else {
      throw fields.problem("'outputs' is missing; it is how many units the layer has")
    }
    return count
  }

  /// The layers under a field, one behind the other; `part` is the property that holds them.
  func layers(
    _ fields: LayerFields, _ name: String, as part: String, taking input: Signature? = nil
  ) throws(NetworkDescriptionError) -> any Module {
    guard let layers = try optionalLayers(fields, name, as: part, taking: input, standard: nil) else {
      throw fields.problem("'\(name)' is missing; it is a list of layers")
    }
    return layers
  }

  /// The same, which may be left out.
  func optionalLayers(
    _ fields: LayerFields, _ name: String, as part: String, taking input: Signature? = nil,
    standard: String? = "none"
  ) throws(NetworkDescriptionError) -> (any Module)? {
    guard let node = fields.node(name, "a list of layers", standard: standard) else { return nil }
    // one layer is a list of one
    let nodes: [DescriptionNode] = if case .list(let list) = node.content { list } else { [node] }
    return try builder.network(nodes, taking: input ?? inputs[0], outputs: outputs, path: "\(path).\(part).").module
  }
}

/// How many letters must be added, left out or exchanged to make one word the other (Levenshtein 1966).
private func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right.prefix(64))
  var row = Array(0...right.count)
  for (place, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = place + 1
    for other in right.indices {
      let best = min(row[other], row[other + 1]) + 1
      (diagonal, row[other + 1]) = (row[other + 1], min(best, diagonal + (letter == right[other] ? 0 : 1)))
    }
  }
  return row[right.count]
}
