import DescentNetworks
import DescentTensors
import Foundation
import Testing

@Suite struct NetworkDescriptionTests {
  static let full = NetworkDescription([
    .flatten, .dense(inputs: 12, outputs: 6), .activation(.step), .activation(.linear(slope: 0.3)),
    .activation(.sigmoid), .dropout(probability: 0.25), .activation(.tanh), .activation(.relu),
    .dense(inputs: 6, outputs: 4, hasBias: false), .activation(.leakyReLU(slope: 0.1)), .activation(.elu(alpha: 1.7)),
    .activation(.maxout(pieces: 2)), .activation(.softmax), .dense(inputs: 2, outputs: 8), .activation(.glu),
    .activation(.swiGLU), .activation(.hardTanh(from: -0.5, to: 2)), .activation(.softplus(beta: 2)),
    .activation(.thresholdedReLU(threshold: 0.5)), .activation(.celu(alpha: 3)), .activation(.squareplus(b: 0.5)),
    .activation(.hardShrink(threshold: 0.25)), .activation(.softShrink(threshold: 0.125)), .activation(.hardSigmoid),
    .activation(.logSigmoid), .activation(.softsign), .activation(.relu6), .activation(.selu), .activation(.gelu),
    .activation(.geluTanh), .activation(.silu), .activation(.hardSiLU), .activation(.mish), .activation(.softmin),
    .activation(.logSoftmax), .activation(.sparsemax), .activation(.tanhShrink), .activation(.exponential),
    .activation(.sine),
  ])

  private func json(_ description: NetworkDescription) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(description), as: UTF8.self)
  }

  private func decode(_ json: String) throws -> NetworkDescription {
    try JSONDecoder().decode(NetworkDescription.self, from: Data(json.utf8))
  }

  @Test func everyKindThereAndBack() throws {
    let network = try Self.full.makeNetwork()
    #expect(try NetworkDescription(describing: network) == Self.full)
    #expect(try decode(json(Self.full)) == Self.full)
    let names = Set(
      Self.full.layers.compactMap { layer -> String? in
        if case .activation(let activation) = layer { activation.name } else { nil }
      })
    #expect(names == Set(Activation.all.map(\.name)))
  }

  @Test func jsonIsTheSameEveryTime() throws {
    let expected = [
      #"[{"layer":"flatten"},{"bias":true,"inputs":12,"layer":"dense","outputs":6},{"layer":"step"},"#,
      #"{"layer":"linear","slope":0.3},{"layer":"sigmoid"},{"layer":"dropout","probability":0.25},"#,
      #"{"layer":"tanh"},{"layer":"relu"},{"bias":false,"inputs":6,"layer":"dense","outputs":4},"#,
      #"{"layer":"leaky-relu","slope":0.1},{"alpha":1.7,"layer":"elu"},{"layer":"maxout","pieces":2},"#,
      #"{"layer":"softmax"},{"bias":true,"inputs":2,"layer":"dense","outputs":8},{"layer":"glu"},{"layer":"swiglu"},"#,
      #"{"from":-0.5,"layer":"hard-tanh","to":2},{"beta":2,"layer":"softplus"},"#,
      #"{"layer":"thresholded-relu","threshold":0.5},{"alpha":3,"layer":"celu"},{"b":0.5,"layer":"squareplus"},"#,
      #"{"layer":"hard-shrink","threshold":0.25},{"layer":"soft-shrink","threshold":0.125},{"layer":"hard-sigmoid"},"#,
      #"{"layer":"log-sigmoid"},{"layer":"softsign"},{"layer":"relu6"},{"layer":"selu"},{"layer":"gelu"},"#,
      #"{"layer":"gelu-tanh"},{"layer":"silu"},{"layer":"hard-silu"},{"layer":"mish"},{"layer":"softmin"},"#,
      #"{"layer":"log-softmax"},{"layer":"sparsemax"},{"layer":"tanh-shrink"},{"layer":"exponential"},"#,
      #"{"layer":"sine"}]"#,
    ]
    #expect(try json(Self.full) == expected.joined())
  }

  @Test func aNetworkIsCopiedByDescriptionAndState() throws {
    let network = Sequential.dense(inputs: 4, hidden: [5, 3], outputs: 2, activation: .elu(), type: .float64)
    let copy = try NetworkDescription(describing: network).makeNetwork(type: .float64)
    #expect(copy.parameters.allSatisfy { $0.value.reals().allSatisfy { $0 == 0 } })
    try copy.load(network.stateDictionary)
    let x = normals([3, 4], seed: 1)
    #expect(copy(x).reals() == network(x).reals())
    copy.parameters[0].value = .zeros([5, 4], type: .float64)
    #expect(copy(x).reals() != network(x).reals())
  }

  @Test func shapesAndCounts() throws {
    #expect(try Self.full.outputShape(for: [3, 4]) == [2])
    #expect(try Self.full.parameterCount() == 126)
    #expect(try NetworkDescription([]).outputShape(for: [3]) == [3])
    let sequence = NetworkDescription([.dense(inputs: 4, outputs: 6), .activation(.maxout(pieces: 3))])
    #expect(try sequence.outputShape(for: [7, 4]) == [7, 2])
  }

  private struct Own: Module {
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  @Test func whatCannotBeDescribed() {
    let error = #expect(throws: NetworkDescriptionError.self) {
      try NetworkDescription(describing: Sequential([Activation.relu, Own()]))
    }
    #expect(error?.description == "layer 1: Own cannot be described in a file")
    #expect(throws: NetworkDescriptionError.self) {
      try NetworkDescription(describing: Sequential([Sequential([Dense(1, 1)])]))
    }
  }

  // MARK: Hostile descriptions

  static let wrong: [([NetworkDescription.Layer], String)] = [
    ([.dense(inputs: 0, outputs: 1)], "layer 0: inputs must be from 1 to 2147483647, got 0"),
    ([.dense(inputs: 1, outputs: -5)], "layer 0: outputs must be from 1 to 2147483647, got -5"),
    ([.dense(inputs: .max, outputs: .max)], "layer 0: inputs must be from 1"),
    ([.dense(inputs: 1, outputs: .min)], "layer 0: outputs must be from 1"),
    ([.dense(inputs: 1 << 30, outputs: 1 << 30)], "layer 0: dense 1073741824 → 1073741824 is too large"),
    (
      [.dense(inputs: 4, outputs: 3), .activation(.relu), .dense(inputs: 2, outputs: 1)],
      "layer 2: dense 2 → 1 expects 2 features, gets 3"
    ),
    ([.dense(inputs: 4, outputs: 3), .activation(.maxout(pieces: 2))], "layer 1: maxout expects a multiple of 2"),
    ([.activation(.maxout(pieces: 0))], "layer 0: pieces must be from 1"),
    ([.activation(.maxout(pieces: .max))], "layer 0: pieces must be from 1"),
    ([.activation(.linear(slope: .infinity))], "layer 0: slope must be finite"),
    ([.activation(.leakyReLU(slope: .nan))], "layer 0: slope must be finite"),
    ([.activation(.elu(alpha: -.infinity))], "layer 0: alpha must be finite"),
    ([.activation(.celu(alpha: 0))], "layer 0: alpha must be above 0, got 0.0"),
    ([.activation(.softplus(beta: -1))], "layer 0: beta must be above 0"),
    ([.activation(.squareplus(b: 0))], "layer 0: b must be above 0"),
    ([.activation(.hardShrink(threshold: -1))], "layer 0: threshold must be 0 or more"),
    ([.activation(.hardTanh(from: 2, to: 1))], "layer 0: from must be below to, got 2.0 and 1.0"),
    ([.dense(inputs: 4, outputs: 3), .activation(.glu)], "layer 1: glu expects a multiple of 2 features, gets 3"),
    ([.dropout(probability: 1)], "layer 0: probability must be 0 or more and below 1, got 1.0"),
    ([.dropout(probability: -0.1)], "layer 0: probability"),
    ([.flatten, .dropout(probability: .nan)], "layer 1: probability"),
  ]

  @Test(arguments: wrong)
  func numbersOutOfRangeAreThrown(layers: [NetworkDescription.Layer], problem: String) {
    let description = NetworkDescription(layers)
    let error = #expect(throws: NetworkDescriptionError.self) { try description.makeNetwork() }
    #expect(error?.description.hasPrefix(problem) == true, "\(String(describing: error))")
    #expect(throws: NetworkDescriptionError.self) { try description.outputShape(for: [4]) }
    #expect(throws: NetworkDescriptionError.self) { try description.parameterCount() }
  }

  /// Nothing of a network is computed before its numbers are loaded.
  @Test func aHugeNetworkTakesNoMemory() throws {
    let description = NetworkDescription([.dense(inputs: 1 << 24, outputs: 1 << 24)])
    let network = try description.makeNetwork()
    #expect(throws: StateMismatch.self) { try network.load([("0.weight", .zeros([1, 1])), ("0.bias", .zeros([1]))]) }
    let many = NetworkDescription([NetworkDescription.Layer](repeating: description.layers[0], count: 2))
    #expect(throws: NetworkDescriptionError.self) { try many.parameterCount() }
  }

  @Test func inputsThatDoNotFitAreThrown() {
    let network = NetworkDescription([.dense(inputs: 4, outputs: 6), .flatten, .dense(inputs: 12, outputs: 1)])
    #expect(throws: Never.self) { try network.outputShape(for: [2, 4]) }
    for (shape, problem) in [
      ([4], "layer 2: dense 12 → 1 expects 12 features, gets 6"),
      ([5], "layer 0: dense 4 → 6 expects 4 features, gets 5"),
      ([], "layer 0: dense 4 → 6 expects 4 features, gets none"),
      ([Int.max, 4], "an input [9223372036854775807, 4] is too large"), ([1 << 47, 4], "an input"),
      ([1 << 46, 4], "layer 0: its output [70368744177664, 6] is too large"), ([-1, 4], "an input"),
    ] as [(Shape, String)] {
      let error = #expect(throws: NetworkDescriptionError.self) { try network.outputShape(for: shape) }
      #expect(error?.description.hasPrefix(problem) == true, "\(shape): \(String(describing: error))")
    }
  }

  static let wrongJSON = [
    ("{}", "a network is an array of layers"),
    ("[7]", "layer 0: a layer is an object"),
    ("[{}]", "layer 0: 'layer' must be the name of a kind of layer"),
    (#"[{"layer":"flatten"},{"layer":"attention"}]"#, "layer 1: there is no layer 'attention'"),
    (#"[{"layer":"dense","inputs":4,"outputs":2.5,"bias":true}]"#, "layer 0: 'outputs' must be a whole number"),
    (#"[{"layer":"dense","inputs":1e30,"outputs":2,"bias":true}]"#, "layer 0: 'inputs' must be a whole number"),
    (#"[{"layer":"dense","inputs":4,"outputs":2}]"#, "layer 0: 'bias' must be true or false"),
    (#"[{"layer":"dense","inputs":0,"outputs":2,"bias":true}]"#, "layer 0: inputs must be from 1"),
    (#"[{"layer":"dropout","probability":"much"}]"#, "layer 0: 'probability' must be a number"),
    (#"[{"layer":"elu"}]"#, "layer 0: 'alpha' must be a number"),
    (#"[{"layer":"hard-tanh","from":0}]"#, "layer 0: 'to' must be a number"),
    (#"[{"layer":"maxout","pieces":-1}]"#, "layer 0: pieces must be from 1"),
  ]

  @Test(arguments: wrongJSON)
  func wrongJSONIsThrown(json: String, problem: String) {
    let error = #expect(throws: NetworkDescriptionError.self) { try decode(json) }
    #expect(error?.description.hasPrefix(problem) == true, "\(String(describing: error))")
  }

  @Test func brokenJSONIsThrown() {
    for json in ["", "[", "[{]", "null", "[[[[]]]]", String(repeating: "[", count: 100_000)] {
      #expect(throws: (any Error).self) { try decode(json) }
    }
  }
}
