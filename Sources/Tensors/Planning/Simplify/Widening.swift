extension PlanGraph {
  /// Whether anything in the graph is of bfloat16.
  var hasBFloat16: Bool { values.contains { $0.signature.type == .bfloat16 } }

  /// Makes every operation on bfloat16 one that there are kernels for. Elementwise operations and those that only move
  /// bytes stay: passes over elements read and write bfloat16, and compute in float32. Matrix products read it and give
  /// float32, which is rounded behind them. All others run in float32, on widened operands, and their results are rounded.
  ///
  /// Widening is repeated wherever its result is read by a pass: it costs nothing there, and what is kept from the way
  /// forward to the way back is kept in two bytes.
  ///
  /// - Parameter skipsRounding: whether one such operation may read another one's float32 result as it is.
  mutating func widenBFloat16(skipsRounding: Bool) {
    guard hasBFloat16 else { return }
    var exact: [Int: Int] = [:]
    rewrite { graph, old, value in
      if value.isAlias { return graph.aliasBeforeWidening(value) }
      if let same = graph.sameBeforeCasts(value) { return same }
      var value = value
      if value.operation.isPass { graph.repeatWidenings(&value) }
      let isReduced = ([value.signature] + value.inputs.map { graph.values[$0].signature })
        .contains { $0.type == .bfloat16 }
      guard isReduced, !value.operation.takesBFloat16 else { return graph.add(value) }
      let computed: Int?
      if let product = value.operation as? Product {
        computed = graph.add(WideProduct(product: product), value.inputs)
      } else {
        let inputs = zip(value.inputs, graph.old.values[old].inputs).map { input, oldInput in
          graph.widened(input, oldInput, exact: skipsRounding ? exact : [:])
        }
        computed = graph.add(value.operation, inputs)
      }
      guard let computed, value.signature.type == .bfloat16 else { return computed }
      let rounded = graph.add(Cast(type: .bfloat16), [computed])
      if let rounded { exact[rounded] = computed }
      return rounded
    }
  }

  /// Whether a value is nothing but a bfloat16 as float32.
  func isWidening(_ value: Int) -> Bool {
    values[value].operation is Cast && values[value].signature.type == .float32
      && values[values[value].inputs[0]].signature.type == .bfloat16
  }
}

extension Operation {
  /// Whether bfloat16 may stay what it is: in passes over elements, and in moved bytes.
  fileprivate var takesBFloat16: Bool { isPass || self is any MovingOperation }

  /// Whether it runs as a pass over elements.
  fileprivate var isPass: Bool { self is Elementwise || self is Cast || self is Expand }
}

extension Rewriter {
  fileprivate func isWidening(_ value: Int) -> Bool {
    values[value].operation is Cast && values[value].signature.type == .float32
      && values[values[value].inputs[0]].signature.type == .bfloat16
  }

  /// The alias of a widened value is the alias, widened.
  fileprivate mutating func aliasBeforeWidening(_ value: PlanGraph.Value) -> Int? {
    guard isWidening(value.inputs[0]) else { return nil }
    return add(Reshape(shape: value.signature.shape), values[value.inputs[0]].inputs).flatMap {
      add(Cast(type: .float32), [$0])
    }
  }

  /// What a cast gives that takes back another one, which lost nothing.
  fileprivate func sameBeforeCasts(_ value: PlanGraph.Value) -> Int? {
    guard value.operation is Cast, isWidening(value.inputs[0]) else { return nil }
    let source = values[value.inputs[0]].inputs[0]
    return values[source].signature == value.signature ? source : nil
  }

  /// Gives a value casts of its own in place of shared ones.
  fileprivate mutating func repeatWidenings(_ value: inout PlanGraph.Value) {
    var own: [Int: Int] = [:]
    for (place, input) in value.inputs.enumerated() where isWidening(input) {
      own[input] = own[input] ?? add(values[input])
      value.inputs[place] = own[input] ?? input
    }
  }

  /// A value as float32: before it was rounded, where nothing else reads it, and widened otherwise.
  fileprivate mutating func widened(_ value: Int, _ oldValue: Int, exact: [Int: Int]) -> Int {
    guard values[value].signature.type == .bfloat16 else { return value }
    var found: Int?
    if readOnce(oldValue) != nil {
      let alias = values[value]
      if let before = exact[value] {
        found = before
      } else if alias.isAlias, old.values[oldValue].isAlias, let before = exact[alias.inputs[0]],
        readOnce(old.values[oldValue].inputs[0]) != nil
      {
        found = add(Reshape(shape: alias.signature.shape), [before])
      }
    }
    return found ?? add(Cast(type: .float32), [value]) ?? value
  }
}

/// op(A) · op(B) of bfloat16 matrices, in float32. The planner makes it.
struct WideProduct: Operation {
  let product: Product

  var name: String { "matmul" }
  var attributes: [Int] { product.attributes }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    Signature(try product.result(of: inputs).shape, .float32)
  }

  func define(_ result: Elements, from inputs: [Elements]) { product.define(result, from: inputs) }
}
