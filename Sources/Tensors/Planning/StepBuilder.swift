/// Turns groups into steps: the first kernel that takes an operation runs it, its definition where there is none.
struct StepBuilder {
  private(set) var layout: Layout
  let graph: PlanGraph
  let options: PlanOptions
  let settings: ExecutionSettings
  /// How often each value is read.
  let readCounts: [Int]

  init(layout: Layout, graph: PlanGraph, options: PlanOptions, settings: ExecutionSettings) {
    self.layout = layout
    self.graph = graph
    self.options = options
    self.settings = settings
    readCounts = graph.readCounts
  }

  mutating func step(_ group: Group, at index: Int) -> Step {
    var step = makeStep(group, at: index)
    step.cost = cost(of: group, threads: step.cost.threads)
    return step
  }

  private mutating func makeStep(_ group: Group, at index: Int) -> Step {
    guard let head = group.head else { return programStep(group, at: index) }
    if options.usesKernels, let step = productStep(group, at: index) ?? crossEntropyStep(group) { return step }
    let value = graph.values[head]
    let request = KernelRequest(
      operation: value.operation, inputs: value.inputs.map { graph.values[$0].signature }, result: value.signature,
      inputSlots: value.inputs.map(slot(of:)), resultSlot: slot(of: head), settings: settings)
    if options.usesKernels {
      for kernel in kernels {
        if let prepared = kernel.prepare(request) {
          let scratch =
            prepared.scratchByteCount > 0
            ? layout.scratch(byteCount: prepared.scratchByteCount, step: index) : 0
          return prepared.step(scratch)
        }
      }
    }
    return definitionStep(request)
  }

  /// The slot of the memory in which a value lies.
  func slot(of value: Int) -> Int {
    guard let slot = layout.slots[graph.memory(of: value)] else {
      programmerError("planner: value \(value) (\(graph.values[value].operation.name)) has no memory")
    }
    return slot
  }

  mutating func scratch(byteCount: Int, step: Int) -> Int { layout.scratch(byteCount: byteCount, step: step) }
}

/// An operation that a kernel is asked to run.
struct KernelRequest {
  let operation: any Operation
  let inputs: [Signature]
  let result: Signature
  let inputSlots: [Int]
  let resultSlot: Int
  let settings: ExecutionSettings

  var isFloat32: Bool { areAll(.float32) }

  func areAll(_ type: ElementType) -> Bool { (inputs + [result]).allSatisfy { $0.type == type } }
}

/// What a kernel answers: how much scratch memory it needs, and its step once that has a slot.
struct PreparedKernel {
  var scratchByteCount = 0
  let step: (_ scratchSlot: Int) -> Step
}

/// A fast way to run an operation.
protocol Kernel: Sendable {
  /// The step for an operation, or nil where the kernel does not fit.
  static func prepare(_ request: KernelRequest) -> PreparedKernel?
}

/// Runs an operation's definition.
private func definitionStep(_ request: KernelRequest) -> Step {
  Step("\(request.operation.name) \(request.result) (definition)", request) { context, slots in
    let request = context.context(KernelRequest.self).pointee
    func elements(_ signature: Signature, _ slot: Int) -> Elements {
      Elements(signature: signature, address: slots[slot].unsafelyUnwrapped)
    }
    request.operation.define(
      elements(request.result, request.resultSlot), from: zip(request.inputs, request.inputSlots).map(elements))
  }
}
