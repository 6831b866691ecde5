import CKernels

/// A program with its own memory, for tests.
struct Program {
  var operands: [descent_operand] = []
  var instructions: [descent_instruction] = []
  var results: [descent_result] = []
  var count: Int

  init(count: Int) { self.count = count }

  mutating func operand(
    slot: Int, storage: descent_storage = DESCENT_FLOAT32, shape: [Int] = [], strides: [Int] = []
  ) {
    var operand = descent_operand()
    operand.slot = Int32(slot)
    operand.storage = storage
    operand.rank = Int32(shape.count)
    withUnsafeMutableBytes(of: &operand.shape) { $0.copyBytes(from: shape.map(Int64.init).bytes) }
    withUnsafeMutableBytes(of: &operand.strides) { $0.copyBytes(from: strides.map(Int64.init).bytes) }
    operands.append(operand)
  }

  mutating func instruction(_ function: descent_function, _ result: Int, _ operands: Int...) {
    instructions.append(descent_instruction(function, result, operands))
  }

  mutating func result(slot: Int, from: Int, storage: descent_storage = DESCENT_FLOAT32, direct: Bool = true) {
    results.append(descent_result(slot: Int32(slot), from: Int32(from), storage: storage, direct: direct))
  }

  var registerCount: Int32 {
    max(Int32(operands.count), (instructions.map(\.result).max() ?? -1) + 1)
  }

  /// Runs it over the ranges that `cuts` make.
  func run(_ slots: [Memory], cuts: [Int] = []) {
    defer { withExtendedLifetime(slots) {} }
    withScratch(descent_program_scratch(registerCount)) { scratch in
      operands.withUnsafeBufferPointer { operands in
        instructions.withUnsafeBufferPointer { instructions in
          results.withUnsafeBufferPointer { results in
            var program = descent_program(
              count: Int64(count), operand_count: Int32(operands.count),
              instruction_count: Int32(instructions.count), result_count: Int32(results.count),
              register_count: registerCount, operands: operands.baseAddress,
              instructions: instructions.baseAddress, results: results.baseAddress)
            let optionals = slots.map { Optional($0.start) }
            let edges = [0] + cuts + [count]
            for (start, end) in zip(edges, edges.dropFirst()) {
              descent_program_run(&program, optionals, Int64(start), Int64(end), scratch)
            }
          }
        }
      }
    }
  }
}

extension [Int64] {
  fileprivate var bytes: [UInt8] { flatMap { value in Swift.withUnsafeBytes(of: value) { [UInt8]($0) } } }
}

/// Memory that a program may read and write.
final class Memory {
  let start: UnsafeMutableRawPointer
  let size: Int

  init(_ values: [Float]) {
    size = values.count * MemoryLayout<Float>.stride
    start = .allocate(byteCount: max(size, 1), alignment: 4)
    values.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: size) }
  }

  init(bools: [UInt8]) {
    size = bools.count
    start = .allocate(byteCount: max(size, 1), alignment: 1)
    bools.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: size) }
  }

  deinit { start.deallocate() }

  var values: [Float] {
    defer { withExtendedLifetime(self) {} }
    return (0..<size / MemoryLayout<Float>.stride).map { start.load(fromByteOffset: 4 * $0, as: Float.self) }
  }

  var bools: [UInt8] {
    defer { withExtendedLifetime(self) {} }
    return (0..<size).map { start.load(fromByteOffset: $0, as: UInt8.self) }
  }
}

extension descent_instruction {
  /// An operand that a function lacks must not be looked at.
  init(_ function: descent_function, _ result: Int, _ operands: [Int]) {
    let all = operands.map(Int32.init) + [-1, -1, -1, -1, -1]
    self.init(
      function: function, result: Int32(result), left: all[0], right: all[1], third: all[2], fourth: all[3],
      fifth: all[4], sixth: all[5])
  }
}

/// One function, on every element.
func apply(_ function: descent_function, _ operands: [Float]..., cuts: [Int] = []) -> [Float] {
  let count = operands[0].count
  let memory = operands.map(Memory.init)
  let out = Memory([Float](repeating: -7, count: count))
  var program = Program(count: count)
  for slot in memory.indices { program.operand(slot: slot) }
  program.instructions.append(descent_instruction(function, memory.count, Array(memory.indices)))
  program.result(slot: memory.count, from: memory.count)
  program.run(memory + [out], cuts: cuts)
  return out.values
}
