import CKernels

extension ElementwiseFunction {
  /// The vector loop that computes it.
  fileprivate var code: descent_function {
    switch self {
    case .negate: DESCENT_NEGATE
    case .absolute: DESCENT_ABSOLUTE
    case .sign: DESCENT_SIGN
    case .floor: DESCENT_FLOOR
    case .round: DESCENT_ROUND
    case .exp: DESCENT_EXP
    case .log: DESCENT_LOG
    case .log1p: DESCENT_LOG1P
    case .expm1: DESCENT_EXPM1
    case .sqrt: DESCENT_SQRT
    case .rsqrt: DESCENT_RSQRT
    case .tanh: DESCENT_TANH
    case .sigmoid: DESCENT_SIGMOID
    case .erf: DESCENT_ERF
    case .sin: DESCENT_SIN
    case .cos: DESCENT_COS
    case .not: DESCENT_NOT
    case .add: DESCENT_ADD
    case .subtract: DESCENT_SUBTRACT
    case .multiply: DESCENT_MULTIPLY
    case .divide: DESCENT_DIVIDE
    case .minimum: DESCENT_MINIMUM
    case .maximum: DESCENT_MAXIMUM
    case .power: DESCENT_POW
    case .equal: DESCENT_EQUAL
    case .notEqual: DESCENT_NOT_EQUAL
    case .less: DESCENT_LESS
    case .lessEqual: DESCENT_LESS_EQUAL
    case .greater: DESCENT_GREATER
    case .greaterEqual: DESCENT_GREATER_EQUAL
    case .and: DESCENT_AND
    case .or: DESCENT_OR
    case .select: DESCENT_SELECT
    }
  }
}

extension StepBuilder {
  /// A pass over the elements of a group.
  mutating func programStep(_ group: Group, at index: Int) -> Step {
    let program = program(group.program)
    let shape = graph.values[group.program[0]].signature.shape
    let threads = usefulThreads(settings, elements: shape.elementCount, cost: Double(program.length))
    let context = ProgramContext(
      call: call(program, threads: threads, step: index), count: shape.elementCount, threads: threads, program: program)
    return Step(name(group.program) + " \(shape)", context, threads: threads) { context, slots in
      let context = context.context(ProgramContext.self)
      let (call, count, threads) = (context.pointee.call, context.pointee.count, context.pointee.threads)
      if threads == 1 {
        call.run(slots, 0..<count, part: 0)
      } else {
        Threads.run(threads, on: (call: call, slots: slots, count: count, threads: threads)) { work, part in
          let (call, slots, count, threads) = work.load(as: (ProgramCall, Slots, Int, Int).self)
          call.run(slots, share(part, of: threads, count: count, unit: 64), part: part)
        }
      }
    }
  }

  /// How a step calls a program, with scratch memory for each of its threads.
  mutating func call(_ program: Program, threads: Int, step: Int) -> ProgramCall {
    let floats = program.scratchFloats
    return ProgramCall(
      code: program.code, scratchSlot: scratch(byteCount: floats * 4 * threads, step: step), scratchFloats: floats)
  }

  /// What profiles call a list of elementwise values.
  func name(_ values: [Int]) -> String { values.map { graph.values[$0].operation.name }.joined(separator: " ") }

  /// Elementwise values of one shape as a program: operands, instructions on registers, results.
  ///
  /// - Parameter standIn: a value that is computed before, and lies in a slot that is another one's memory.
  func program(_ values: [Int], standIn: (value: Int, memory: Int, slot: Int)? = nil) -> Program {
    let shape = graph.values[values[0]].signature.shape
    var operands: [descent_operand] = []
    var registers: [Int: Int] = [:]
    var lastUse: [Int: Int] = [:]
    // registers are float32 in any case, so that a widened value is the one before
    let widened = Set(values.filter { graph.isWidening($0) && layout.slots[$0] == nil })
    let items = instructions(values).filter { !widened.contains($0.value) }
    let members = Set(items.map(\.value))

    // an operand is a memory read under a shape: the same memory may be read in two ways
    func key(_ input: Int) -> Int {
      let memory = graph.memory(of: input)
      if widened.contains(memory) { return key(graph.values[memory].inputs[0]) }
      return members.contains(memory) ? memory : input
    }
    for (position, item) in items.enumerated() {
      for input in item.inputs {
        let input = key(input)
        lastUse[input] = position
        guard !members.contains(input), registers[input] == nil else { continue }
        registers[input] = operands.count
        let slot = input == standIn?.value ? standIn?.slot : nil
        operands.append(operand(graph.values[input].signature, slot: slot ?? self.slot(of: input), over: shape))
      }
    }

    let results = items.map(\.value).filter { layout.slots[$0] != nil }
    var free: [Int] = []
    var registerCount = operands.count
    var instructions: [descent_instruction] = []
    for (position, item) in items.enumerated() {
      let value = item.value
      // a block is written vector by vector behind its reads, so that a register may replace one that it reads last
      for input in Set(item.inputs.map(key)).sorted()
      where lastUse[input] == position && members.contains(input) && !results.contains(input) {
        free.append(registers[input] ?? 0)
      }
      let register: Int
      if !results.contains(value), let reused = free.popLast() {
        register = reused
      } else {
        register = registerCount
        registerCount += 1
      }
      registers[value] = register
      let inputs = item.inputs.map { Int32(registers[key($0)] ?? 0) }
      // what a function does not read may be any register
      func input(_ place: Int) -> Int32 { inputs[min(place, inputs.count - 1)] }
      instructions.append(
        descent_instruction(
          function: item.function, result: Int32(register), left: input(0), right: input(1), third: input(2),
          fourth: input(3), fifth: input(4), sixth: input(5)))
      // what follows in the pass reads what would lie in memory
      if graph.values[value].signature.type == .bfloat16, lastUse[value] != nil, !isExact(value) {
        var rounding = descent_instruction()
        rounding.function = DESCENT_ROUND_BFLOAT16
        (rounding.result, rounding.left) = (Int32(register), Int32(register))
        instructions.append(rounding)
      }
    }
    let stored = results.map { value in
      let signature = graph.values[value].signature
      let replaced = layout.overwrittenLeaf[value] ?? layout.replaced[value]
      let written = items.firstIndex { $0.value == value } ?? 0
      let isReadLater = replaced.map { old in
        lastUse.contains { input, position in
          let memory = input == standIn?.value ? standIn?.memory : graph.memory(of: input)
          return memory == old && position > written
        }
      }
      return descent_result(
        slot: Int32(slot(of: value)), from: Int32(registers[value] ?? 0), storage: storage(signature.type),
        direct: signature.type == .float32 && !(isReadLater ?? false))
    }
    return Program(
      count: shape.elementCount, registerCount: registerCount, operands: operands, instructions: instructions,
      results: stored)
  }

  func code(of value: Int) -> descent_function {
    let value = graph.values[value]
    if let elementwise = value.operation as? Elementwise { return elementwise.function.code }
    // an expansion: reading the operand does it; so does a cast, but to bool, whether the number differs from 0: x or x
    switch (graph.values[value.inputs[0]].signature.type, value.signature.type) {
    case (.float32, .bfloat16): return DESCENT_ROUND_BFLOAT16
    case (let type, .bool) where type != .bool: return DESCENT_OR
    default: return DESCENT_COPY
    }
  }

  /// Whether a value of bfloat16 needs no more rounding: its operands have none of the digits that it would lose, or its
  /// instruction rounds.
  private func isExact(_ value: Int) -> Bool {
    (graph.values[value].operation as? Elementwise)?.function.keepsDigits ?? true
  }

  private func storage(_ type: ElementType) -> descent_storage {
    switch type {
    case .bool: DESCENT_BOOL
    case .bfloat16: DESCENT_BFLOAT16
    default: DESCENT_FLOAT32
    }
  }

  /// An operand walked over a shape, with neighbouring axes joined wherever its strides allow.
  private func operand(_ signature: Signature, slot: Int, over shape: Shape) -> descent_operand {
    var operand = descent_operand()
    operand.slot = Int32(slot)
    operand.storage = storage(signature.type)
    let strides = signature.shape.strides(broadcastTo: shape)
    var axes: [(extent: Int, stride: Int)] = []
    for (extent, stride) in zip(shape, strides) where extent != 1 {
      if let last = axes.last, last.stride == stride * extent {
        axes[axes.count - 1] = (last.extent * extent, stride)
      } else {
        axes.append((extent, stride))
      }
    }
    let isContiguous = axes.isEmpty || (axes.count == 1 && axes[0].stride == 1)
    operand.rank = Int32(isContiguous ? 0 : axes.count)
    withUnsafeMutableBytes(of: &operand.shape) { bytes in
      for (place, axis) in axes.enumerated() {
        bytes.storeBytes(of: Int64(axis.extent), toByteOffset: 8 * place, as: Int64.self)
      }
    }
    withUnsafeMutableBytes(of: &operand.strides) { bytes in
      for (place, axis) in axes.enumerated() {
        bytes.storeBytes(of: Int64(axis.stride), toByteOffset: 8 * place, as: Int64.self)
      }
    }
    return operand
  }
}

private struct ProgramContext {
  let call: ProgramCall
  let count, threads: Int
  let program: Program
}

/// A call of a program that somebody else keeps.
struct ProgramCall {
  let code: UnsafePointer<descent_program>
  let scratchSlot, scratchFloats: Int

  /// The scratch memory of one of several threads.
  @inline(__always)
  func scratch(_ slots: Slots, part: Int) -> UnsafeMutablePointer<Float> {
    slots.floats(scratchSlot) + part * scratchFloats
  }

  /// Computes a range of the elements.
  @inline(__always)
  func run(_ slots: Slots, _ range: Range<Int>, part: Int) {
    descent_program_run(code, slots, Int64(range.lowerBound), Int64(range.upperBound), scratch(slots, part: part))
  }
}

/// A program and the arrays that it points to.
final class Program {
  let code: UnsafeMutablePointer<descent_program>
  private let operands: UnsafeMutableBufferPointer<descent_operand>
  private let instructions: UnsafeMutableBufferPointer<descent_instruction>
  private let results: UnsafeMutableBufferPointer<descent_result>

  /// How many instructions it has.
  var length: Int { instructions.count }
  /// Floats of scratch memory that a run needs.
  var scratchFloats: Int { Int(descent_program_scratch(code.pointee.register_count)) }

  init(
    count: Int, registerCount: Int, operands: [descent_operand], instructions: [descent_instruction],
    results: [descent_result]
  ) {
    func copy<Element>(_ array: [Element]) -> UnsafeMutableBufferPointer<Element> {
      let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: array.count)
      _ = buffer.initialize(from: array)
      return buffer
    }
    self.operands = copy(operands)
    self.instructions = copy(instructions)
    self.results = copy(results)
    code = .allocate(capacity: 1)
    code.initialize(
      to: descent_program(
        count: Int64(count), operand_count: Int32(operands.count), instruction_count: Int32(instructions.count),
        result_count: Int32(results.count), register_count: Int32(registerCount),
        operands: UnsafePointer(self.operands.baseAddress), instructions: UnsafePointer(self.instructions.baseAddress),
        results: UnsafePointer(self.results.baseAddress)))
  }

  deinit {
    operands.deallocate()
    instructions.deallocate()
    results.deallocate()
    code.deallocate()
  }
}
