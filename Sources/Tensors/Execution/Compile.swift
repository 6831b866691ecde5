import Synchronization

/// Traces a function of tensors once for each shape, type and mode of its arguments, and replays the plan from then on.
///
/// What changes from call to call comes in as an argument or lives in variables: parameters, a layer's state, an
/// optimizer's. Reading numbers inside, or branching on them, stops with a message. Swift code inside runs while the
/// function is traced only.
///
///     let step = compile { [x] in [x.squared().sum()] }
///     let total = step(points)[0].item(Float.self)
public func compile(_ body: @escaping @Sendable ([Tensor]) -> [Tensor]) -> CompiledFunction {
  CompiledFunction(body, options: .standard)
}

/// A function of tensors whose plans are kept. See ``compile(_:)``.
public final class CompiledFunction: Sendable {
  private struct Key: Hashable {
    let arguments: [Signature]
    let mode: Mode
    let execution: ExecutionSettings
  }

  private struct State {
    var plans: [Key: (plan: CompiledPlan, used: Int)] = [:]
    var clock = 0
    var step = 0
  }

  /// Plans of one function that are kept; the least recently used goes first.
  private static let capacity = 64

  private let body: @Sendable ([Tensor]) -> [Tensor]
  private let options: PlanOptions
  private let seed: UInt64
  private let stream: Int
  private let state = Mutex(State())

  package init(_ body: @escaping @Sendable ([Tensor]) -> [Tensor], options: PlanOptions) {
    self.body = body
    self.options = options
    seed = RandomSource.current.seed
    stream = RandomSource.current.reserve(Trace.streams)
  }

  /// Runs the function: the results are evaluated, and variables that it assigns hold their new values.
  public func callAsFunction(_ arguments: Tensor...) -> [Tensor] { self(arguments) }

  /// Runs the function: the results are evaluated, and variables that it assigns hold their new values.
  public func callAsFunction(_ arguments: [Tensor]) -> [Tensor] {
    if Trace.current != nil { return body(arguments) }
    let pending = arguments.filter { $0.node.storage == nil }
    if !pending.isEmpty { evaluate(pending) }
    let step = state.withLock { state in
      defer { state.step += 1 }
      return state.step
    }
    return plan(for: arguments).run(arguments) { RandomKey.storage(seed: seed, stream: stream, step: step) }
  }

  /// The plan for such arguments, traced now if it has not been.
  package func plan(for arguments: [Tensor]) -> CompiledPlan {
    let key = Key(arguments: arguments.map(\.signature), mode: .current, execution: .current)
    if let plan = state.withLock({ state -> CompiledPlan? in
      state.clock += 1
      state.plans[key]?.used = state.clock
      return state.plans[key]?.plan
    }) {
      return plan
    }
    let plan = CompiledPlan(tracing: body, arguments: key.arguments, options: options)
    state.withLock { state in
      state.clock += 1
      if state.plans.count >= Self.capacity, let oldest = state.plans.min(by: { $0.value.used < $1.value.used })?.key {
        state.plans[oldest] = nil
      }
      state.plans[key] = (plan, state.clock)
    }
    return plan
  }
}

/// One traced function: a plan and where its leaves come from.
package final class CompiledPlan: Sendable {
  enum Source: Sendable {
    case argument(Int)
    case variable(Int)
    case randomKey
    case constant(Storage)
  }

  struct Binding: Sendable {
    let variable: Variable
    let output: Int?
    /// Whether the plan may write the new value over the old one.
    let mayOverwrite: Bool
  }

  package let plan: Plan
  let sources: [Source]
  let bindings: [Binding]
  let resultSignatures: [Signature]

  init(
    tracing body: @Sendable ([Tensor]) -> [Tensor], arguments: [Signature], options: PlanOptions
  ) {
    let trace = Trace()
    let placeholders = arguments.map(Trace.placeholder)
    let results = Trace.$current.withValue(trace) { body(placeholders.map { Tensor($0) }) }
    let uses = trace.uses.sorted { $0.variable.number < $1.variable.number }

    var roots = results.map(\.node)
    var outputs: [Int?] = []
    for use in uses {
      outputs.append(use.written.map { _ in roots.count })
      if let written = use.written { roots.append(written.node) }
    }
    let graph = PlanGraph(roots: roots, mergesConstants: true)
    var places: [Int: Source] = [:]
    for (index, node) in placeholders.enumerated() { places[node.number] = .argument(index) }
    for (index, use) in uses.enumerated() { places[use.placeholder.number] = .variable(index) }
    if let key = trace.randomKey { places[key.number] = .randomKey }
    sources = graph.leaves.map { leaf in
      if let source = places[leaf.number] { return source }
      guard let storage = leaf.storage else {
        programmerError("compile: the function uses a tensor that belongs to another function being compiled")
      }
      return .constant(storage)
    }
    let leafOfUse = uses.map { use in graph.leaves.firstIndex { $0.number == use.placeholder.number } }
    let overwrites = zip(leafOfUse, outputs).compactMap { leaf, output in
      leaf.flatMap { leaf in output.map { Overwrite(leaf: leaf, output: $0) } }
    }
    plan = Plan(graph, overwrites: overwrites, options: options)
    let allowed = Set(plan.allowedOverwrites.map(\.output))
    bindings = zip(uses.indices, outputs).map { index, output in
      // what the plan never reads it may always write over
      let mayOverwrite = output.map { allowed.contains($0) || leafOfUse[index] == nil } ?? false
      return Binding(variable: uses[index].variable, output: output, mayOverwrite: mayOverwrite)
    }
    resultSignatures = results.map(\.signature)
  }

  /// Runs the plan: variables are taken in order, read or overwritten, and given back.
  func run(_ arguments: [Tensor], randomKey: () -> Storage) -> [Tensor] {
    let results = resultSignatures.map { Storage(byteCount: $0.byteCount) }
    var outputs: [Storage] = results
    var held: [Storage] = []
    var kept: [Node?] = []
    for binding in bindings {
      guard binding.output != nil else {
        held.append(binding.variable.held.computedStorage())
        kept.append(nil)
        continue
      }
      var node = binding.variable.take()
      if node.storage == nil { evaluate(Tensor(node)) }
      let isOurs = binding.mayOverwrite && isKnownUniquelyReferenced(&node) && node.holdsStorageAlone
      let storage = Tensor(node).computedStorage()
      held.append(storage)
      outputs.append(isOurs ? storage : Storage(byteCount: storage.byteCount))
      kept.append(isOurs ? node : nil)
    }
    let leaves = sources.map { source in
      switch source {
      case .argument(let index): arguments[index].computedStorage()
      case .variable(let index): held[index]
      case .randomKey: randomKey()
      case .constant(let storage): storage
      }
    }
    plan.run(leaves: leaves, outputs: outputs)
    for (index, binding) in bindings.enumerated() {
      guard let output = binding.output else { continue }
      binding.variable.give(kept[index] ?? Node(storage: outputs[output], signature: binding.variable.signature))
    }
    return zip(results, resultSignatures).map { Tensor(Node(storage: $0, signature: $1)) }
  }
}
