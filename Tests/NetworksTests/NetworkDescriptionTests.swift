import DescentTensors
import Foundation
import Testing

@testable import DescentNetworks

@Suite struct NetworkDescriptionTests {
  private func json(_ description: NetworkDescription) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(description), as: UTF8.self)
  }

  /// A network whose numbers follow from a seed.
  private func make(
    _ description: NetworkDescription, seed: UInt64, outputs: Int? = nil, type: ElementType = .float32
  ) throws -> any Module {
    let (input, layers) = (description.input, description.layers)
    return try RandomSource.withSeed(seed) {
      try NetworkDescription(input: input, layers).makeNetwork(outputs: outputs, type: type)
    }
  }

  // MARK: Kinds

  private static var lonely: [String] { LayerKind.all.filter { $0.inputs.contains(1) }.map(\.name).sorted() }

  /// A description of one layer: the example of its kind.
  private static func example(_ kind: String) throws -> NetworkDescription {
    let example = try #require(LayerKind.examples[kind])
    return NetworkDescription(
      input: example.inputs[0], [DescriptionNode(.fields([.init(kind, example.fields)]))])
  }

  @Test func everyKindHasAnExample() {
    #expect(Set(LayerKind.all.map(\.name)) == Set(LayerKind.examples.keys))
    #expect(Set(LayerKind.all.map(\.name)).count == LayerKind.all.count)
    #expect(LayerKind.all.count > 130)
  }

  /// What a summary says is what the network does, and a file keeps it.
  @Test(arguments: lonely)
  func everyKindIsMadeAndKept(kind: String) throws {
    let description = try Self.example(kind)
    let summary = try description.summary()
    let network = try make(description, seed: 1)
    let input = normals([2] + (description.input ?? []), seed: 3).cast(to: .float32)
    let output = network(input)
    #expect(output.shape == [2] + summary.output)
    #expect(network.parameterCount == summary.parameterCount)
    let text = try json(description)
    let copy = try NetworkDescription(yaml: text).makeEmptyNetwork()
    #expect(copy.variables.map(\.name) == network.variables.map(\.name))
    try copy.load(network.stateDictionary)
    #expect(copy(input).scalars(Float.self) == output.scalars(Float.self))
    #expect(try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8)) == NetworkDescription(yaml: text))
  }

  @Test(arguments: LayerKind.all.map(\.name))
  func everyKindTellsItsFields(kind: String) throws {
    let found = try #require(LayerKind.named(kind))
    guard case .fields(let given)? = LayerKind.examples[kind]?.fields.content else { return }
    #expect(Set(found.fields.map(\.name)).isSuperset(of: given.map(\.name)))
    for field in found.fields where field.standard == nil { #expect(given.contains { $0.name == field.name }) }
  }

  // MARK: Whole networks

  private static let branched = """
    input: [6]
    layers:
      - dense: 4
        name: left
      - dense: {outputs: 4, from: input, name: right}
      - bilinear: {outputs: 3, from: [left, right]}
      - rnn-cell: {hidden: 4, from: [input, left]}
      - lstm-cell: {hidden: 4, from: [input, left, right]}
      - gru-cell: {hidden: 4, from: [input, left]}
      - add: {from: [left, right, 3]}
      - multiply: {from: [4, 5]}
      - concatenate: {from: [2, 6, 7]}
      - dense
    """

  @Test func branchesMeet() throws {
    let description = try NetworkDescription(yaml: Self.branched)
    let network = try make(description, seed: 2, outputs: 5, type: .float64)
    #expect(network.variables.prefix(4).map(\.name) == ["left.weight", "left.bias", "right.weight", "right.bias"])
    let summary = try description.summary(outputs: 5)
    #expect(summary.output == [5] && summary.rows.map(\.outputShape)[6...8] == [[4], [4], [11]])
    let input = normals([3, 6], seed: 1)
    let (output, layers) = LayerWatch.outputs { network(input) }
    #expect(output.shape == [3, 5])
    let found = Dictionary(uniqueKeysWithValues: layers.map { ($0.name, $0.output) })
    let (left, right) = (try #require(found["left"]), try #require(found["right"]))
    let (cell, sum) = (try #require(found["3"]), try #require(found["6"]))
    #expect(sum.reals() == (left + right + cell).reals())
    #expect(gradientCheck(of: { network($0[0]) }, at: [input]) == [])
  }

  @Test func sequencesAttend() throws {
    let text = """
      input: [5, 4]
      layers:
        - dense: {outputs: 4, name: memory}
        - transformer-decoder-layer: {heads: 2, hidden: 8, from: [input, memory]}
        - additive-attention: {hidden: 3, from: [1, memory]}
        - multi-head-attention: {heads: 2, causal: true, alibi: true, from: [2, memory, memory]}
        - scaled-dot-product-attention: {from: [3, 1, 2]}
      """
    let network = try NetworkDescription(yaml: text).makeNetwork()
    #expect(network(Tensor.zeros([2, 5, 4])).shape == [2, 5, 4])
  }

  @Test func unpoolingPutsBack() throws {
    let text = """
      input: [1, 4, 4]
      layers:
        - max-pool2d: {kernel: 2, name: small}
        - max-unpool2d: {kernel: 2, from: [small, input]}
      """
    let network = try NetworkDescription(yaml: text).makeNetwork()
    let input = Tensor((0..<16).map { Float($0) }, shape: [1, 1, 4, 4])
    let wanted: [Float] = [0, 0, 0, 0, 0, 5, 0, 7, 0, 0, 0, 0, 0, 13, 0, 15]
    #expect(network(input).scalars(Float.self) == wanted)
  }

  /// A LeNet in the short form, the long form and JSON is the same network.
  @Test func formsAgree() throws {
    let short = """
      # comments are YAML's
      input: [1, 12, 12]
      layers:
        - conv2d: {outputs: 2, kernel: 5, padding: same}
        - relu
        - max-pool2d: 2
        - flatten:
        - dense: 3
      """
    let long = """
      input: [1, 12, 12]
      layers:
      - {layer: conv2d, outputs: 2, kernel: [5, 5], padding: same}
      - {layer: relu}
      - layer: max-pool2d
        kernel: 2
      - layer: flatten
      - layer: dense
      """
    let first = try NetworkDescription(yaml: short)
    let second = try NetworkDescription(yaml: long)
    let text = try json(first)
    let third = try NetworkDescription(yaml: text)
    let input = normals([2, 1, 12, 12], seed: 1).cast(to: .float32)
    var outputs: [[Float]] = []
    for description in [first, second, third] {
      let network = try make(description, seed: 5, outputs: 3)
      outputs.append(network(input).scalars(Float.self))
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
    let summary = try first.summary()
    #expect(summary.parameterCount == 2 * 25 + 2 + 3 * 72 + 3)
    #expect(summary.multiplyAdds == 144 * 50 + 216)
    #expect(summary.rows.map(\.kind) == ["conv2d", "relu", "max-pool2d", "flatten", "dense"])
  }

  @Test func denseNetworksAreThoseOfSequential() throws {
    for activation in [Activation.relu, .tanh, .maxout(pieces: 3), .elu(alpha: 2)] {
      let description = NetworkDescription.dense(
        inputs: 5, hidden: [7, 6], outputs: 2, activation: activation, dropout: 0.25)
      let made = try make(description, seed: 3)
      let wanted = RandomSource.withSeed(3) {
        Sequential.dense(inputs: 5, hidden: [7, 6], outputs: 2, activation: activation, dropout: 0.25)
      }
      #expect(made.variables.map(\.name) == wanted.variables.map(\.name))
      for (variable, other) in zip(made.variables, wanted.variables) {
        #expect(variable.value.scalars(Float.self) == other.value.scalars(Float.self))
      }
    }
  }

  @Test func layersInsideLayersAreNamedAndWatched() throws {
    let text = """
      input: [3, 4]
      layers:
        - residual:
            body: [{dense: 4}, relu]
            shortcut: [{dense: 4}]
        - time-distributed: [{dense: {outputs: 2, name: head}}]
      """
    let network = try NetworkDescription(yaml: text).makeNetwork()
    let names = [
      "0.body.0.weight", "0.body.0.bias", "0.shortcut.0.weight", "0.shortcut.0.bias", "1.layer.head.weight",
      "1.layer.head.bias",
    ]
    #expect(network.variables.map(\.name) == names)
    let rows = try NetworkDescription(yaml: text).summary().rows
    #expect(rows.map(\.name) == ["0", "0.body.0", "0.body.1", "0.shortcut.0", "1", "1.layer.head"])
    #expect(rows[0].parameterCount == 40 && rows[4].outputShape == [3, 2])
    let watched = LayerWatch.outputs { network(Tensor.zeros([2, 3, 4])) }.layers.map(\.name)
    #expect(Set(rows.map(\.name)).isSubset(of: watched))
  }

  /// Multiply-adds and numbers that are kept, counted by hand.
  @Test(
    arguments: [
      ("dense: 5", [4], 20, 5), ("lstm: 6", [5, 4], 1200, 0), ("flatten", [2, 3], 0, 0), ("relu", [7], 0, 7),
      ("conv2d: {outputs: 6, kernel: 3}", [4, 8, 8], 6 * 4 * 9 * 36, 6 * 36),
      ("conv-transpose2d: {outputs: 6, kernel: 3}", [4, 8, 8], 13_824, 600),
      ("depthwise-conv2d: {kernel: 3}", [4, 8, 8], 1296, 4 * 36),
      ("multi-head-attention: {heads: 2}", [5, 4], 520, 0),
      ("residual: [{dense: 4}, relu]", [4], 16, 4),
      // pooling has its places too
      ("lenet", [1, 28, 28], 416_520, 6 * 196 + 400 + 6 * 784 + 6 * 196 + 16 * 100 + 400 + 120 + 84 + 10),
    ] as [(String, Shape, Int, Int)])
  func costsAreCounted(layer: String, input: Shape, multiplyAdds: Int, activations: Int) throws {
    let summary = try NetworkDescription(yaml: "- \(layer)").taking(input).summary(outputs: 10)
    #expect(summary.multiplyAdds == Double(multiplyAdds))
    #expect(activations == 0 || summary.activationCount == activations)
    #expect(layer != "flatten" || summary.activationCount == 0)
  }

  /// The network files among the examples are those that its figures are of.
  @Test func examplesAreReadable() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Examples/Networks")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.contains("lenet.yaml") && files.contains("cnn.yaml"))
    for file in files {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let summary = try NetworkDescription(yaml: text).taking([1, 28, 28]).summary(outputs: 10)
      #expect(summary.output == [10], "\(file)")
      if file == "lenet.yaml" { #expect(summary.parameterCount == 61_706 && summary.multiplyAdds == 416_520) }
    }
  }

  /// Nothing of a network is computed before its numbers are loaded.
  @Test func aHugeNetworkTakesNoMemory() throws {
    let description = NetworkDescription(input: [1 << 20], [["dense": 1_048_576]])
    #expect(try description.summary().parameterCount == 1 << 40 + 1 << 20)
    let words = NetworkDescription(input: [4], [["embedding": ["count": 4_194_304, "features": 65536]]])
    #expect(try words.summary().parameterCount == 1 << 38)
    let network = try description.makeEmptyNetwork()
    #expect(throws: StateMismatch.self) { try network.load([("0.weight", .zeros([1, 1])), ("0.bias", .zeros([1]))]) }
  }
}
