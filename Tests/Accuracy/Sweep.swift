import CKernels
import Foundation

/// Compares one function with the exact one over many floats, on every processor that this machine has, by as many
/// threads as it has.
package struct Sweep {
  package struct Worst {
    package var units = 0.0
    package var argument: Float = 0
    package var result: Float = 0
  }

  package let function: UnaryFunction
  /// For each processor.
  package private(set) var worst = [Worst](repeating: Worst(), count: Int(descent_processor_count()))

  /// Every so many floats, by bit pattern, and the edges. A stride of 1 is all 2^32 of them.
  package init(_ function: UnaryFunction, stride: Int) {
    self.function = function
    run(Self.edges.count) { Self.edges[$0] }
    run(((1 << 32) - 1) / stride + 1) { Float(bitPattern: UInt32(truncatingIfNeeded: $0 &* stride)) }
  }

  /// The first and last floats of each binade (so that zeros, subnormals, infinities and NaN are among them), powers
  /// of two below the normal numbers, where a function goes from one way of computing to another, and where sweeps
  /// over all floats found the largest errors.
  static let edges: [Float] = {
    var bits: [UInt32] = []
    for exponent in UInt32(0)...255 {
      for fraction in [0, 1, 2, 3, 0x3504f2, 0x3504f3, 0x40_0000, 0x7f_fffc, 0x7f_fffd, 0x7f_fffe, 0x7f_ffff] {
        bits.append(exponent << 23 | UInt32(fraction))
      }
    }
    for shift in 2..<23 { bits += [1 << shift - 1, 1 << shift, 1 << shift + 1] }
    var places: [Float] = [0.41421357, 0.29289323, 0.925, 4, 10, 20, 40, 87.33655, 88.72284, 89, 103.97208, 104]
    // Where the integer nearest to x / ln 2, or to 2 x / ln 2, goes on to the next.
    for half in stride(from: 1, to: 302, by: 2) {
      places += [Float(half) * 0.34657359, Float(half) * 0.1732868]
    }
    places += [0.00034499, 0.06019309, 0.38245980, 0.40289834, 0.51902694, 1.4044684, 7.69144, 16.635704, 59.294666]
    for place in places { bits += (place.bitPattern - 2)...(place.bitPattern + 2) }
    return (bits + bits.map { $0 | 0x8000_0000 }).map(Float.init(bitPattern:))
  }()

  /// Goes through `count` arguments.
  private mutating func run(_ count: Int, _ argument: @Sendable (Int) -> Float) {
    let length = 1 << 14
    let partsAtOnce = 32
    let best = descent_processor_selected()
    defer { descent_processor_select(best) }
    let function = function
    for start in stride(from: 0, to: count, by: length * partsAtOnce) {
      let starts = stride(from: start, to: min(start + length * partsAtOnce, count), by: length)
      var parts = starts.map { Part(indices: $0..<min($0 + length, count), worst: worst) }
      Self.concurrently(&parts) { part in part.arguments = part.indices.map(argument) }
      // All threads compute with one processor, then with the next, because the selected one is global.
      for processor in worst.indices {
        descent_processor_select(Int32(processor))
        Self.concurrently(&parts) { part in part.compute(function.function) }
      }
      Self.concurrently(&parts) { part in part.compare(with: function.exact) }
      for part in parts {
        for processor in worst.indices where part.worst[processor].units > worst[processor].units {
          worst[processor] = part.worst[processor]
        }
      }
    }
  }

  private static func concurrently(_ parts: inout [Part], _ body: @Sendable (inout Part) -> Void) {
    parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let parts = buffer  // each iteration has a part of its own
      DispatchQueue.concurrentPerform(iterations: parts.count) { body(&parts[$0]) }
    }
  }
}

/// What a thread computes at a time.
private struct Part {
  let indices: Range<Int>
  var arguments: [Float] = []
  /// For each processor.
  var results: [[Float]] = []
  var worst: [Sweep.Worst]

  init(indices: Range<Int>, worst: [Sweep.Worst]) {
    self.indices = indices
    self.worst = worst
  }

  /// Adds the selected processor's results.
  mutating func compute(_ function: descent_function) {
    var operand = descent_operand()
    var instruction = descent_instruction(
      function: function, result: 1, left: 0, right: -1, third: -1, fourth: -1, fifth: -1, sixth: -1)
    var result = descent_result(slot: 1, from: 1, storage: DESCENT_FLOAT32, direct: true)
    let count = arguments.count
    var scratch = [Float](repeating: 0, count: Int(descent_program_scratch(2)))
    let values = arguments.withUnsafeMutableBytes { arguments in
      [Float](unsafeUninitializedCapacity: count) { values, initialized in
        withUnsafePointer(to: &operand) { operand in
          withUnsafePointer(to: &instruction) { instruction in
            withUnsafePointer(to: &result) { result in
              var program = descent_program(
                count: Int64(count), operand_count: 1, instruction_count: 1, result_count: 1, register_count: 2,
                operands: operand, instructions: instruction, results: result)
              let slots = [arguments.baseAddress, UnsafeMutableRawPointer(values.baseAddress)]
              descent_program_run(&program, slots, 0, Int64(count), &scratch)
            }
          }
        }
        initialized = count
      }
    }
    results.append(values)
  }

  mutating func compare(with exact: (Double) -> Double) {
    let exacts = arguments.map { exact(Double($0)) }
    for processor in results.indices {
      var worst = worst[processor]
      for (index, result) in results[processor].enumerated() {
        let units = unitsInTheLastPlace(result, from: exacts[index])
        if units > worst.units { worst = Sweep.Worst(units: units, argument: arguments[index], result: result) }
      }
      self.worst[processor] = worst
    }
  }
}

/// The distance of a result from the exact value, in units in the last place: the spacing of floats in the exact
/// value's binade, and 2^−149 below 2^−126. An infinite result counts as 2^128. The distance is infinite where none
/// would do: NaN for a number or the reverse, the wrong infinity or none, a zero of the wrong sign.
func unitsInTheLastPlace(_ result: Float, from exact: Double) -> Double {
  if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
  if result == 0 && result.sign != exact.sign { return .infinity }
  if abs(exact) >= 0x1p128 { return result.isInfinite && result.sign == exact.sign ? 0 : .infinity }
  let value = result.isFinite ? Double(result) : result > 0 ? 0x1p128 : -0x1p128
  let exponent = max(exact.bitPattern >> 52 & 0x7ff, 1023 - 126)
  return abs(value - exact) * Double(bitPattern: (2046 + 23 - exponent) << 52)
}
