import CKernels
import Testing

extension Kernels {
  @Suite struct Programs {
    /// Where element i of the result lies in an operand of a shape and strides.
    static func offset(_ element: Int, _ shape: [Int], _ strides: [Int]) -> Int {
      var rest = element
      var offset = 0
      for (extent, stride) in zip(shape, strides).reversed() {
        offset += rest % extent * stride
        rest /= extent
      }
      return offset
    }

    static let layouts: [(shape: [Int], strides: [Int])] = [
      ([700], [0]), ([700], [3]),
      ([70, 10], [0, 1]), ([70, 10], [1, 0]), ([10, 70], [0, 1]), ([10, 70], [1, 0]), ([350, 2], [0, 1]),
      ([2, 350], [0, 1]), ([2, 350], [1, 0]), ([7, 100], [1, 7]), ([7, 100], [200, 1]), ([7, 100], [200, 2]),
      ([7, 10, 10], [0, 1, 0]), ([7, 10, 10], [10, 0, 1]), ([7, 10, 10], [0, 10, 1]), ([7, 10, 10], [1, 70, 7]),
      ([2, 5, 7, 10], [0, 7, 1, 0]), ([2, 5, 7, 10], [1, 2, 10, 70]), ([5, 2, 7, 2, 5], [0, 1, 0, 2, 0]),
      ([5, 2, 7, 2, 1, 5, 1], [0, 1, 0, 2, 0, 4, 0]),
    ]

    @Test func operandsOfEveryShape() {
      var numbers = Numbers(seed: 3)
      let plain = numbers.floats(700)
      let other = numbers.floats(2100)
      let truths = (0..<2100).map { $0 % 3 == 0 ? UInt8(1) : 0 }
      onEveryProcessor { processor in
        for (shape, strides) in Self.layouts {
          for cuts in [[], [1], [37, 300, 699]] {
            let memory = Memory(plain)
            let expanded = Memory(other)
            let out = Memory([Float](repeating: .nan, count: 700))
            var program = Program(count: 700)
            program.operand(slot: 0)
            program.operand(slot: 1, shape: shape, strides: strides)
            program.operand(slot: 2, storage: DESCENT_BOOL, shape: shape, strides: strides)
            program.operand(slot: 2, storage: DESCENT_BOOL)
            program.instruction(DESCENT_MULTIPLY, 4, 0, 1)
            program.instruction(DESCENT_ADD, 4, 4, 2)
            program.instruction(DESCENT_SUBTRACT, 4, 4, 3)
            program.result(slot: 3, from: 4)
            program.run([memory, expanded, Memory(bools: truths), out], cuts: cuts)
            let results = out.values
            let wrong = firstWrong(700) { i in
              let at = Self.offset(i, shape, strides)
              return same(results[i], plain[i] * other[at] + Float(truths[at]) - Float(truths[i]))
            }
            #expect(wrong == nil, "\(processor): shape \(shape), strides \(strides), cuts \(cuts)")
          }
        }
      }
    }

    @Test func resultsMayLieInOperands() {
      var numbers = Numbers(seed: 4)
      onEveryProcessor { processor in
        for count in [1, 5, 8, 9, 100, 257, 1000] {
          let x = numbers.floats(count)
          let y = numbers.floats(count)
          let first = Memory(x)
          let second = Memory(y)
          // x ← x·y + y straight in place; y ← y − x (the old one) by way of a copy, since x·y reads y as well.
          var program = Program(count: count)
          program.operand(slot: 0)
          program.operand(slot: 1)
          program.instruction(DESCENT_SUBTRACT, 2, 1, 0)
          program.instruction(DESCENT_MULTIPLY, 3, 0, 1)
          program.instruction(DESCENT_ADD, 3, 3, 1)
          program.result(slot: 0, from: 3)
          program.result(slot: 1, from: 2, direct: false)
          program.run([first, second], cuts: count > 20 ? [11] : [])
          #expect(same(first.values, (0..<count).map { x[$0] * y[$0] + y[$0] }), "\(processor): \(count)")
          #expect(same(second.values, (0..<count).map { y[$0] - x[$0] }), "\(processor): \(count)")
        }
      }
    }

    @Test func everyFunctionRunsInPlace() {
      var numbers = Numbers(seed: 5)
      let x = numbers.floats(77, in: 0.1...3)
      let y = numbers.floats(77, in: 0.1...3)
      onEveryProcessor { processor in
        for raw in DESCENT_COPY.rawValue...DESCENT_ADAPTIVE_STEP.rawValue {
          let function = descent_function(rawValue: raw)
          let expected = apply(function, x, y, x, y, x, y)
          let memory = Memory(x)
          let other = Memory(y)
          var program = Program(count: 77)
          program.operand(slot: 0)
          program.operand(slot: 1)
          program.instruction(function, 2, 0, 1, 0, 1, 0, 1)
          program.result(slot: 0, from: 2)
          program.run([memory, other], cuts: [30])
          #expect(same(memory.values, expected), "\(processor): function \(raw)")
        }
      }
    }

    @Test func boolResultsAndSeveralResultsOfOneRegister() {
      var numbers = Numbers(seed: 6)
      let x = numbers.floats(600)
      onEveryProcessor { processor in
        let memory = Memory(x)
        let out = Memory([Float](repeating: 0, count: 600))
        let copy = Memory([Float](repeating: 0, count: 600))
        let bools = Memory(bools: [UInt8](repeating: 9, count: 600))
        var program = Program(count: 600)
        program.operand(slot: 0)
        program.instruction(DESCENT_FLOOR, 1, 0)
        program.result(slot: 1, from: 1)
        program.result(slot: 2, from: 1)
        program.result(slot: 3, from: 1, storage: DESCENT_BOOL)
        program.result(slot: 0, from: 0)
        program.run([memory, out, copy, bools], cuts: [7, 301])
        let expected = x.map { $0.rounded(.down) }
        #expect(same(out.values, expected), "\(processor)")
        #expect(same(copy.values, expected), "\(processor)")
        #expect(bools.bools == expected.map { $0 != 0 ? 1 : 0 }, "\(processor)")
        #expect(same(memory.values, x), "\(processor)")
      }
    }

    @Test func anEmptyRangeWritesNothing() {
      let memory = Memory([1, 2])
      var program = Program(count: 0)
      program.operand(slot: 0)
      program.instruction(DESCENT_NEGATE, 1, 0)
      program.result(slot: 0, from: 1)
      program.run([memory])
      #expect(memory.values == [1, 2])
    }
  }
}
