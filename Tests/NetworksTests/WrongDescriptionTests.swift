import DescentTensors
import Foundation
import Testing

@testable import DescentNetworks

/// A description may come from anywhere: what is wrong with it is thrown, with its line, and never ends the program.
@Suite struct WrongDescriptionTests {
  static let wrong = [
    ("", "there is nothing in it"),
    ("7", "line 1: a network is a list of layers"),
    ("nets: []", "line 1: a network is a list of layers, or 'layers' with that list"),
    ("input: [4]", "line 1: a network is a list of layers"),
    ("input: [0]\nlayers: []", "line 1: 'input' must be a list of whole numbers from 1"),
    ("layers: dense", "line 1: 'layers' must be a list of layers"),
    ("input: 4\nlayers: []", "line 1: 'input' must be a list"),
    ("- dense: 5\n- [relu]", "line 2: layer 1: a layer is the name of its kind"),
    ("- 3", "line 1: layer 0: a layer is the name of its kind"),
    ("- dense: 5\n\n- rellu", "line 3: layer 1: there is no layer 'rellu'; did you mean 'relu'?"),
    ("- attention-please", "line 1: layer 0: there is no layer 'attention-please'; 'descent layers' lists"),
    ("- dense: {outputs: 2.5}", "line 1: layer 0 (dense): 'outputs' must be a whole number from 1 to"),
    ("- dense: {outputs: 1e30}", "line 1: layer 0 (dense): 'outputs' must be a whole number"),
    ("- dense: 0", "line 1: layer 0 (dense): 'outputs' must be a whole number from 1"),
    ("- dense", "line 1: layer 0 (dense): 'outputs' is missing"),
    (
      "- dense:\n    outputs: 3\n    unit: 4",
      "line 3: layer 0 (dense): dense has no field 'unit'; its fields are outputs"
    ),
    ("- relu: 3", "line 1: layer 0 (relu): relu takes no value"),
    ("- dense: {outputs: 3, inputs: 5}", "line 1: layer 0 (dense): dense 5 → 3 expects 5 features, gets 4"),
    ("- dropout: much", "line 1: layer 0 (dropout): 'probability' must be 0 or more and below 1, got 'much'"),
    ("- dropout: 1", "line 1: layer 0 (dropout): 'probability' must be 0 or more and below 1, got 1"),
    ("- dropout:\n    probability: .nan", "line 2: layer 0 (dropout): 'probability' must be"),
    ("- celu: {alpha: 0}", "line 1: layer 0 (celu): alpha must be above 0"),
    ("- hard-tanh: {min: 2, max: 1}", "line 1: layer 0 (hard-tanh): min must be below max, got 2.0 and 1.0"),
    ("- maxout: {pieces: 3}", "line 1: layer 0 (maxout)"),
    (
      "- dense: 5\n- conv2d: {outputs: 3, kernel: 3}",
      "line 2: layer 1 (conv2d): Conv2D(5 → 3, kernel 3×3) expects input"
    ),
    ("- lstm: 8", "line 1: layer 0 (lstm): lstm expects [time, features]"),
    (
      "- dense: {outputs: 3, name: a}\n- dense: {outputs: 3, name: a}", "line 2: layer 1 (dense): the name 'a' is taken"
    ),
    ("- dense: {outputs: 3, name: 7}", "line 1: layer 0: 'name' must be a word without dots, got 7"),
    ("- dense: {outputs: 3, from: b}", "line 1: layer 0 (dense): 'from' names 'b'; before it there are input"),
    ("- add: {from: input}", "line 1: layer 0 (add): add takes 2 to 1000 inputs, named by 'from', got 1"),
    ("- dense: 3\n- add: {from: [0, input]}", "line 2: layer 1 (add): "),
    ("- residual: [{dense: 3}]", "line 1: layer 0 (residual): Residual: [1, 3] of the body cannot be added to [1, 4]"),
    (
      "- residual:\n    body:\n      - dense: 4\n      - elu: {alfa: 1}",
      "line 4: layer 0.body.1 (elu): elu has no field 'alfa'"
    ),
    ("- dense: {outputs: 3\n- relu", "line 3: this is not YAML"),
    ("- dense: {outputs: 3, outputs: 4}", "line 1: named twice: 'outputs'"),
    ("- reshape: [3]", "line 1: layer 0 (reshape): Reshape([3]) expects input with 3 elements a sample, got [1, 4]"),
    ("- reshape: [4194304, 4194304, 4194304]", "line 1: layer 0 (reshape): Reshape([4194304, 4194304, 4194304]): more"),
    ("- unflatten: [4194304, 4194304, 4194304]", "line 1: layer 0 (unflatten): Unflatten([4194304"),
    (
      "- unflatten: {axis: 0, sizes: [1, 1]}", "line 1: layer 0 (unflatten): Unflatten(axis 0 into [1, 1]) does not fit"
    ),
    ("- scaled-dot-product-attention", "line 1: layer 0 (scaled-dot-product-attention): scaled-dot-product-attention"),
    ("- rotary-positions", "line 1: layer 0 (rotary-positions): rotary-positions expects sequences"),
    (
      "- reshape: [1, 4]\n- reshape: [3, 4]\n- add: {from: [input, 1]}",
      "line 2: layer 1 (reshape): Reshape([3, 4]) expects input with 12 elements"
    ),
    ("- repeat-vector: 3\n- add: {from: [input, 0]}", "line 2: layer 1 (add): "),
    (
      "- reshape: [1, 4]\n- upsampling1d: {size: 65536, mode: linear}\n- upsampling1d: {size: 65535, mode: linear}",
      "line 2: layer 1 (upsampling1d): "
    ),
    ("- unit-norm: 0", "line 1: layer 0 (unit-norm): 'axis' counts the batch"),
    ("- dense: 4000000\n- dense: 4000000", "line 2: layer 1 (dense): its weights [4000000, 4000000] are too large"),
  ]

  @Test(arguments: wrong)
  func theLineIsNamed(yaml: String, problem: String) {
    let error = #expect(throws: NetworkDescriptionError.self) {
      try NetworkDescription(yaml: yaml).taking([4]).summary()
    }
    #expect(error?.description.hasPrefix(problem) == true, "\(String(describing: error))")
    #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(yaml: yaml).taking([4]).makeNetwork() }
  }

  @Test func shapesThatNobodyCanUse() {
    for shape in [[0], [-1], [1 << 27, 2], [Int.max, Int.max], [Int.max]] as [Shape] {
      #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(input: shape, ["relu"]).summary() }
    }
    #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(["relu"]).summary() }
    let many = NetworkDescription(input: [1], [DescriptionNode](repeating: "relu", count: 1001))
    let error = #expect(throws: NetworkDescriptionError.self) { try many.summary() }
    #expect(error?.message == "a network has 1000 layers at most")
  }

  /// A text that names itself over and over would be as large as memory.
  @Test func textsThatGrow() throws {
    func text(_ levels: Int) -> String {
      let lines = (1..<levels).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }
      return "a0: &a0 [relu, relu]\n" + lines.joined()
    }
    let error = #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(yaml: text(17)) }
    #expect(error?.message == "the description is too large")
    let text = text(30)
    let larger = #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(yaml: text) }
    #expect(larger?.message.contains("millions of layers") == true)
    #expect(throws: NetworkDescriptionError.self) {
      try NetworkDescription(yaml: String(repeating: "[", count: 100_000))
    }
    // the parser compares keys, and would compare these for years
    let keys = [
      "? *a29\n: 1", "*a29 : 1", "b: {*a29 : 1}", "b: [? *a29]", "[*a29]: 1", "{b: *a29} : 1", "b: {[*a29]: 1}",
      "- {*a29, *a28}", "- {[*a29], [*a28]}",
    ]
    for key in keys {
      let error = #expect(throws: NetworkDescriptionError.self) { try NetworkDescription(yaml: text + key) }
      #expect(error?.message.contains("millions of layers") == true, "\(key): \(error?.message ?? "")")
    }
    let shared = "- &block {dense: 8}\n- relu\n- *block  # again\n- {dense: {outputs: 3}, from: 2}\n"
    #expect(try NetworkDescription(yaml: shared).layers.count == 4)
    for json in ["", "[", "[{]", "null", String(repeating: "[", count: 100_000)] {
      #expect(throws: (any Error).self) { try JSONDecoder().decode(NetworkDescription.self, from: Data(json.utf8)) }
    }
  }

  /// Every kind with each of its fields changed, and on inputs that it was not made for: made, or refused.
  @Test(arguments: LayerKind.all.map(\.name).sorted())
  func anythingMayBeWritten(kind: String) throws {
    let values: [DescriptionNode] = [
      0, 1, -1, 2, 7, 4096, 4_194_304, 1e18, 0.5, -0.5, "same", "word", true, [], [1, 2], [0, -1, 3],
      [4096, 4096, 4096],
      ["relu"], [["dense": 4_194_304]], ["a": 1], DescriptionNode(.nothing), DescriptionNode(.number(.nan)),
    ]
    let found = try #require(LayerKind.named(kind))
    let example = try #require(LayerKind.examples[kind])
    guard case .fields(let given) = example.fields.content else { return }
    let inputs = DescriptionNode(.list([DescriptionNode](repeating: "input", count: found.inputs.lowerBound)))
    func tryOut(_ fields: [DescriptionNode.Field], _ shape: Shape) {
      let layer = DescriptionNode(.fields([.init(kind, DescriptionNode(.fields(fields + [.init("from", inputs)])))]))
      do {
        _ = try NetworkDescription(input: shape, [layer]).summary()
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    for field in found.fields {
      for value in values {
        tryOut(given.filter { $0.name != field.name } + [.init(field.name, value)], example.inputs[0])
      }
    }
    for shape in [[1], [7], [3, 1], [1, 4], [2, 3, 5], [1, 1, 1], [4, 2, 2, 2], [1 << 22], [1, 1 << 22]] as [Shape] {
      tryOut(given, shape)
    }
  }
}
