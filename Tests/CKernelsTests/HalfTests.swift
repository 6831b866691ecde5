import CKernels
import Testing

extension Kernels {
  /// Kernels of bfloat16, and those that move two bytes.
  @Suite struct Halves {
    @Test func areWidened() {
      onEveryProcessor { processor in
        for count in [0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 1000] {
          let halves = (0..<count).map { UInt16(truncatingIfNeeded: $0 &* 40_503 &+ 12_345) }
          var out = [Float](repeating: 7, count: count + 1)
          descent_widen(halves, &out, Int64(count))
          #expect(same(out, halves.map { Float(bitPattern: UInt32($0) << 16) } + [7]), "\(processor): \(count)")
        }
      }
    }

    /// Rounding in a register and on the way to memory, in place and from a broadcast operand.
    @Test func areRoundedByPrograms() {
      var numbers = Numbers(seed: 5)
      for count in [1, 5, 8, 17, 256, 300, 1023] {
        let floats = (0..<count).map { place -> Float in
          place % 11 == 3 ? .nan : Float(bitPattern: UInt32(truncatingIfNeeded: numbers.next()))
        }
        let one = floats[count / 2]
        func bits(_ value: Float) -> UInt16 {
          let bits = value.bitPattern
          return UInt16(
            truncatingIfNeeded: value.isNaN ? bits >> 16 | 0x40 : (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
        }
        onEveryProcessor { processor in
          for start in [0, min(3, count - 1)] {
            var input = floats
            var single = [bits(one)]
            var stored = [UInt16](repeating: 0xABCD, count: count + 1)
            var sums = [Float](repeating: -7, count: count + 1)
            run(&input, &single, &stored, &sums, count: count, start: start)
            let expected = (0..<count).map { bits(floats[$0]) }
            #expect(Array(stored[start..<count]) == Array(expected[start...]), "\(processor): \(count) from \(start)")
            #expect(stored[count] == 0xABCD && stored[..<start].allSatisfy { $0 == 0xABCD })
            let wide = Float(bitPattern: UInt32(bits(one)) << 16)
            let wanted = expected.map { Float(bitPattern: UInt32($0) << 16) + wide }
            #expect(same(Array(sums[start..<count]), Array(wanted[start...])), "\(processor): sums of \(count)")
          }
        }
      }
    }

    /// stored = x as bfloat16; sums = x, rounded, + one bfloat16 that is broadcast.
    private func run(
      _ input: inout [Float], _ single: inout [UInt16], _ stored: inout [UInt16], _ sums: inout [Float], count: Int,
      start: Int
    ) {
      var operands = [descent_operand(), descent_operand()]
      operands[0].slot = 0
      operands[1].slot = 1
      operands[1].storage = DESCENT_BFLOAT16
      operands[1].rank = 1
      operands[1].shape.0 = Int64(count)
      var round = descent_instruction()
      round.function = DESCENT_ROUND_BFLOAT16
      round.result = 2
      var add = descent_instruction()
      add.function = DESCENT_ADD
      (add.result, add.left, add.right) = (3, 2, 1)
      let results = [
        descent_result(slot: 2, from: 0, storage: DESCENT_BFLOAT16, direct: false),
        descent_result(slot: 3, from: 3, storage: DESCENT_FLOAT32, direct: true),
      ]
      let instructions = [round, add]
      input.withUnsafeMutableBytes { input in
        single.withUnsafeMutableBytes { single in
          stored.withUnsafeMutableBytes { stored in
            sums.withUnsafeMutableBytes { sums in
              operands.withUnsafeBufferPointer { operands in
                instructions.withUnsafeBufferPointer { instructions in
                  results.withUnsafeBufferPointer { results in
                    var program = descent_program(
                      count: Int64(count), operand_count: 2, instruction_count: 2, result_count: 2, register_count: 4,
                      operands: operands.baseAddress, instructions: instructions.baseAddress,
                      results: results.baseAddress)
                    let slots = [input.baseAddress, single.baseAddress, stored.baseAddress, sums.baseAddress]
                    withScratch(descent_program_scratch(4)) { scratch in
                      descent_program_run(&program, slots, Int64(start), Int64(count), scratch)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }

    /// As floats are, whose places they have.
    @Test func areUnfoldedAndGatheredAsFloatsAre() {
      for (stride, low) in [(1, 1), (2, 0), (3, 2)] as [(Int64, Int64)] {
        var windows = descent_windows(
          extents: (1, 5, 7), kernel: (1, 2, 3), stride: (1, 1, stride), dilation: (1, 1, 1), low: (0, 1, low),
          counts: (1, 4, 2))
        let floats = (0..<70).map { Float($0 + 1) }
        let halves = floats.map { UInt16($0) }
        onEveryProcessor { processor in
          var wide = [Float](repeating: 9, count: 97)
          var out = [UInt16](repeating: 9, count: 97)
          descent_unfold(&windows, floats, &wide, 0, 2)
          descent_unfold_halves(&windows, halves, &out, 0, 2)
          #expect(out == wide.map { UInt16($0) }, "\(processor)")
        }
      }
      let places: [Int64] = [2, 0, 1, 1, 2, 2]
      onEveryProcessor { processor in
        var out = [UInt16](repeating: 7, count: 7)
        #expect(descent_gather_halves([10, 20, 30, 40, 50, 60], places, &out, 3, 3, 0, 2) == -1)
        #expect(out == [30, 10, 20, 50, 60, 60, 7], "\(processor)")
        #expect(descent_gather_halves([1, 2], [0, 2], &out, 2, 2, 0, 1) == 1)
      }
    }
  }
}
