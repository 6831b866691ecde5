import DescentNetworks
import DescentTensors
import Testing

/// A parameter of one number.
private func number(_ value: Float = 0) -> Parameter { Parameter(Tensor([value])) }

/// The names under which parameters and states of a network are found.
@Suite struct ModuleTests {
  private struct Everything: Module {
    @propertyWrapper struct Wrapped: Sendable {
      let wrappedValue: Parameter
      let note = number()
    }
    @propertyWrapper struct Boxed: Sendable {
      private let wrapped: [Parameter]
      var wrappedValue: Parameter { wrapped[0] }
      init(wrappedValue: Parameter) { wrapped = [wrappedValue] }
    }

    let hyperparameter = 3.5
    let dense = Dense(2, 1)
    let plain = Dense(2, 1, bias: false)
    let some: Dense? = Dense(1, 1, bias: false)
    let none: Dense? = nil
    let blocks = [Dense(1, 1), Dense(1, 1, bias: false)]
    let nested = [[number()], [], [number(), number()]]
    let pair = (number(), number())
    let labelled = (gate: number(), cell: Dense(1, 1, bias: false))
    let mean = State(Tensor([1] as [Float]))
    @Wrapped var scale = number()
    private let _hidden = number()
    let activations: [any Module] = [Activation.leakyReLU(), Dense(1, 1, bias: false)]
    let branch = Branch.dense(Dense(1, 1, bias: false))

    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  private enum Branch: Sendable {
    case dense(Dense)
    case nothing
  }

  @Test func pathsOfProperties() {
    let names = Everything().variables.map(\.name)
    #expect(
      names == [
        "dense.weight", "dense.bias", "plain.weight", "some.weight", "blocks.0.weight", "blocks.0.bias",
        "blocks.1.weight", "nested.0.0", "nested.2.0", "nested.2.1", "pair.0", "pair.1", "labelled.gate",
        "labelled.cell.weight", "mean", "scale", "hidden", "activations.1.weight", "branch.dense.weight",
      ])
  }

  @Test func statesAreSavedNotTrained() {
    let network = Everything()
    #expect(network.variables.filter { !$0.isTrained }.map(\.name) == ["mean"])
    #expect(network.parameters.count == network.variables.count - 1)
    #expect(Dense(3, 2).parameterCount == 8)
    #expect(network.stateDictionary.contains { $0.name == "mean" })
  }

  private struct Shared: Module {
    let first, second, third: Dense
    init() {
      first = Dense(1, 1)
      second = first
      third = Dense(1, 1)
    }
    func callAsFunction(_ input: Tensor) -> Tensor { third(second(first(input))) }
  }

  @Test func aSharedParameterIsOne() {
    #expect(Shared().variables.map(\.name) == ["first.weight", "first.bias", "third.weight", "third.bias"])
    let layer = Dense(2, 2)
    #expect(Sequential([layer, Activation.tanh, layer]).parameters.count == 2)
  }

  @Test func copyingSharesParameters() {
    let network = Dense(1, 1)
    let copy = network
    network.weight.value = Tensor([5] as [Float], shape: [1, 1])
    #expect(copy.weight.value.reals() == [5])
  }

  private class Base: @unchecked Sendable {
    let inherited = number()
  }

  private final class Derived: Base, Module, @unchecked Sendable {
    let own = number()
    weak var parent: Derived?
    var child: Derived?
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  @Test func classesInheritAndMayPointAtEachOther() {
    let (root, child) = (Derived(), Derived())
    root.child = child
    child.parent = root
    #expect(root.variables.map(\.name) == ["inherited", "own", "child.inherited", "child.own"])
  }

  @Test func sequentialNamesAreIndexes() {
    let isDeep = true
    let network = Sequential {
      Dense(3, 4)
      Activation.relu
      if isDeep {
        for _ in 0..<2 {
          Dense(4, 4, bias: false)
          Activation.tanh
        }
      } else {
        Flatten()
      }
      Sequential {
        Activation.relu
        Dense(4, 1)
      }
    }
    #expect(
      network.variables.map(\.name) == ["0.weight", "0.bias", "2.weight", "4.weight", "6.1.weight", "6.1.bias"])
    #expect(network(Tensor.zeros([5, 3])).shape == [5, 1])
    #expect(Sequential {}(Tensor([1.0])).reals() == [1])
  }

  private struct Gates: Module, NamedParts {
    let input = number(), hidden = number()
    var namedParts: [(name: String, part: Any)] { [("weight_ih_l0", input), ("weight_hh_l0", hidden)] }
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  @Test func namesOfPyTorchWhereTheyDiffer() {
    #expect(Sequential([Gates()]).variables.map(\.name) == ["0.weight_ih_l0", "0.weight_hh_l0"])
  }

  private struct Unordered: Module {
    let layers = ["first": Dense(1, 1), "second": Dense(1, 1)]
    let names = ["a": 1]
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  private struct Harmless: Module {
    let classes = ["cat": 0, "dog": 1]
    let axes: Set<Int> = [1, 2]
    let dense = Dense(1, 1, bias: false)
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  private struct Twice: Module, NamedParts {
    let first = number(), second = number()
    var namedParts: [(name: String, part: Any)] { [("w", first), ("w", second)] }
    func callAsFunction(_ input: Tensor) -> Tensor { input }
  }

  @Test func dictionariesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Unordered().variables
    }
    #expect(message(result).contains("cannot lie in a dictionary or set, whose order changes: layers"))
    #expect(Harmless().variables.map(\.name) == ["dense.weight"])
  }

  @Test func oneNameForTwoIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Twice().variables
    }
    #expect(message(result).contains("two parameters of a network are both named 'w'"))
  }

  // MARK: State dictionaries

  @Test func loadTakesAllOrNothing() throws {
    let network = Sequential {
      Dense(2, 3)
      Activation.relu
      Dense(3, 1)
    }
    let before = network.stateDictionary.map { $0.tensor.reals() }
    let tensors: [(name: String, tensor: Tensor)] = [
      ("0.weight", .ones([3, 2])), ("0.bias", .ones([2])), ("2.weight", .ones([1, 3], type: .float64)),
      ("extra", .ones([1])), ("0.weight", .ones([3, 2])), ("another", .ones([1])),
    ]
    let error = #expect(throws: StateMismatch.self) { try network.load(tensors) }
    #expect(
      error?.problems == [
        "tensor '0.bias' is float32[2], the network's is float32[3]",
        "tensor '2.weight' is float64[1, 3], the network's is float32[1, 3]",
        "tensor '2.bias' of float32[1] is missing", "tensor 'extra' is not expected",
        "tensor '0.weight' is given twice", "tensor 'another' is not expected",
      ])
    #expect(error?.description.contains("missing; tensor 'extra'") == true)
    #expect(network.stateDictionary.map { $0.tensor.reals() } == before)
  }

  @Test func stateDictionaryIsASnapshot() throws {
    let network = Dense(2, 1)
    let saved = network.stateDictionary
    let before = saved.map { $0.tensor.reals() }
    let step = compile { v in
      network.weight.value = network.weight.value + v[0]
      return []
    }
    _ = step(Tensor([1, 1] as [Float], shape: [1, 2]))
    #expect(saved.map { $0.tensor.reals() } == before)
    #expect(network.stateDictionary.map { $0.tensor.reals() } != before)
    try network.load(saved.reversed())
    #expect(network.stateDictionary.map { $0.tensor.reals() } == before)
  }
}
