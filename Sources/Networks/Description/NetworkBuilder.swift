import DescentTensors
import Synchronization

/// Makes the layers of a description one behind the other, each for what the one before gives.
///
/// What a layer gives is found by calling it on shapes without numbers, so that the layers themselves say what they
/// expect, and nobody else has to know.
final class NetworkBuilder {
  /// The layer in hand, which is to blame when a check fails.
  final class Place: Sendable {
    private let state = Mutex<(layer: String?, line: Int?)>((nil, nil))

    var current: (layer: String?, line: Int?) {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }

  /// Few enough for a graph.
  private static let mostLayers = 1000

  private let type: ElementType
  private let place: Place
  /// What has been made, in the order of the description.
  private(set) var rows: [NetworkSummary.Row] = []

  init(type: ElementType, place: Place) { (self.type, self.place) = (type, place) }

  /// Layers, and what they give.
  func network(
    _ nodes: [DescriptionNode], taking input: Signature, outputs: Int?, path: String
  ) throws(NetworkDescriptionError) -> (module: any Module, output: Signature) {
    var (made, places, isBranched): ([Graph.Node], [String: Int], Bool) = ([], [:], false)
    var signatures: [Signature] = []
    for (index, node) in nodes.enumerated() {
      let item = try LayerItem(node, index: index)
      let label = "layer \(path)\(index) (\(item.kind.name))"
      let outer = place.current
      place.current = (label, item.line)
      defer { place.current = outer }
      do {
        guard places[item.name] == nil, item.name != "input" else {
          throw NetworkDescriptionError("the name '\(item.name)' is taken", line: item.line)
        }
        let sources = try item.sources(places, last: index - 1)
        isBranched = isBranched || sources != [index - 1]
        let inputs = sources.map { $0 < 0 ? input : signatures[$0] }
        let weights = nodes.dropFirst(index + 1).first.flatMap { Activation.named($0)?.weights }
        let (part, result) = try layer(item, inputs, outputs: outputs, weights: weights, path: path + item.name)
        places[item.name] = index
        signatures.append(result)
        made.append(Graph.Node(item.name, from: sources, part: part.part, part.call))
      } catch let error as NetworkDescriptionError {
        throw NetworkDescriptionError(error.message, layer: error.layer ?? label, line: error.line ?? item.line)
      } catch {
        throw NetworkDescriptionError("\(error)", layer: label, line: item.line)
      }
    }
    let modules = made.compactMap { node in (node.part as? any Module).map { (name: node.name, layer: $0) } }
    let isSequence = !isBranched && modules.count == made.count
    return (isSequence ? Sequential(named: modules) : Graph(made), signatures.last ?? input)
  }

  private func layer(
    _ item: LayerItem, _ inputs: [Signature], outputs: Int?, weights: Initializer?, path: String
  ) throws -> (LayerPart, Signature) {
    let row = rows.count
    guard row < Self.mostLayers else {
      throw NetworkDescriptionError("a network has \(Self.mostLayers) layers at most")
    }
    guard item.kind.inputs.contains(inputs.count) else {
      let (least, most) = (item.kind.inputs.lowerBound, item.kind.inputs.upperBound)
      let wanted = least == most ? "\(least)" : "\(least) to \(most)"
      throw NetworkDescriptionError("\(item.kind.name) takes \(wanted) inputs, named by 'from', got \(inputs.count)")
    }
    rows.append(.init(name: path, kind: item.kind.name))
    let context = LayerPlace(
      inputs: inputs, outputs: outputs, weights: weights, type: type, builder: self, path: path)
    let part = try item.kind.make(item.fields, context)
    try item.fields.finish()
    let trial = Trial(of: inputs, part.call)
    guard trial.result.elementCount <= LayerFields.mostElements else {
      throw NetworkDescriptionError("its output \(trial.result.shape.dropFirst()) is too large")
    }
    let several = Trial(of: inputs.map { Signature([97] + $0.shape.dropFirst(), $0.type) }, part.call).result.shape
    guard several == [97] + trial.result.shape.dropFirst() else {
      throw NetworkDescriptionError("of a batch of 97 samples it makes \(several), which are no 97 samples")
    }
    rows[row].fill(shape: Array(trial.result.shape.dropFirst()), part.parameterCount, trial)
    return (part, trial.result)
  }
}

/// A layer as a description writes it: its kind, its name, where its input comes from, and its fields.
private struct LayerItem {
  let kind: LayerKind
  let name: String
  let fields: LayerFields
  let line: Int?
  private let from: DescriptionNode?

  init(_ node: DescriptionNode, index: Int) throws(NetworkDescriptionError) {
    line = node.line
    var (word, values, first): (String?, [DescriptionNode.Field], DescriptionNode?) = (nil, [], nil)
    switch node.content {
    case .text(let text): word = text
    case .fields(let written):
      let kinds = written.filter { !["name", "from"].contains($0.name) }
      if let kind = written.first(where: { $0.name == "layer" }) {
        if case .text(let text) = kind.value.content { word = text }
        values = written.filter { $0.name != "layer" }
      } else if kinds.count == 1 {
        word = kinds[0].name
        values = written.filter { ["name", "from"].contains($0.name) }
        switch kinds[0].value.content {
        case .fields(let more): values += more
        case .nothing: break
        default: first = kinds[0].value
        }
      }
    default: break
    }
    guard let word else {
      let problem = "a layer is the name of its kind, or the name and its fields, such as 'dense: {outputs: 10}'"
      throw NetworkDescriptionError(problem, layer: "layer \(index)", line: node.line)
    }
    guard let kind = LayerKind.named(word) else {
      let like = LayerKind.like(word).map { "; did you mean '\($0)'?" } ?? "; 'descent layers' lists what there is"
      throw NetworkDescriptionError("there is no layer '\(word)'\(like)", layer: "layer \(index)", line: node.line)
    }
    var given: [String: DescriptionNode] = [:]
    for value in values where given.updateValue(value.value, forKey: value.name) != nil {
      throw NetworkDescriptionError("'\(value.name)' is named twice", layer: "layer \(index)", line: node.line)
    }
    from = given.removeValue(forKey: "from")
    let name = given.removeValue(forKey: "name")
    switch name?.content {
    case nil, .nothing: self.name = "\(index)"
    case .text(let text) where Int(text) == nil && !text.isEmpty && !text.contains("."): self.name = text
    default:
      throw NetworkDescriptionError(
        "'name' must be a word without dots, got \(name?.shown ?? "")", layer: "layer \(index)", line: name?.line)
    }
    self.kind = kind
    fields = LayerFields(word, given, first: first, line: node.line)
  }

  /// The places that its inputs come from, −1 for the network's own.
  func sources(_ places: [String: Int], last: Int) throws(NetworkDescriptionError) -> [Int] {
    guard let from else { return [last] }
    let names: [DescriptionNode] = if case .list(let list) = from.content { list } else { [from] }
    var sources: [Int] = []
    for node in names {
      let name =
        switch node.content {
        case .text(let text): text
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? ""
        default: ""
        }
      guard let source = name == "input" ? -1 : places[name] else {
        let there = (["input"] + places.sorted { $0.value < $1.value }.map(\.key)).joined(separator: ", ")
        throw NetworkDescriptionError("'from' names \(node.shown); before it there are \(there)", line: from.line)
      }
      sources.append(source)
    }
    guard !sources.isEmpty else { throw NetworkDescriptionError("'from' names nothing", line: from.line) }
    return sources
  }
}

extension Activation {
  /// The activation that a layer of a description is, if it is one.
  fileprivate static func named(_ node: DescriptionNode) -> Activation? {
    switch node.content {
    case .text(let word): named(word)
    case .fields(let fields):
      if case .text(let word)? = fields.first(where: { $0.name == "layer" })?.value.content {
        named(word)
      } else {
        fields.lazy.compactMap { named($0.name) }.first
      }
    default: nil
    }
  }
}
