import CKernels
import Foundation
import Testing

extension Kernels {
  /// How far each function is from the exact value, over every `DESCENT_STRIDE`-th float: 1 is all 2^32 of them, as
  /// `make test-exhaustive` has it. Where the variable is set, the worst of each function is printed.
  @Suite struct Accuracy {
    static let chosenStride: Int? = ProcessInfo.processInfo.environment["DESCENT_STRIDE"].map { text in
      guard let stride = Int(text), stride > 0 else { fatalError("DESCENT_STRIDE must be a whole number from 1 on") }
      return stride
    }

    @Test(arguments: UnaryFunction.all) func everyFunctionIsWithinItsBound(function: UnaryFunction) {
      var sweep = Sweep(function)
      sweep.run(Self.edges.count) { Self.edges[$0] }
      let stride = Self.chosenStride ?? 99_991
      sweep.run(((1 << 32) - 1) / stride + 1) { Float(bitPattern: UInt32($0 * stride)) }
      for (processor, worst) in sweep.worst.enumerated() {
        let name = String(cString: descent_processor_name(Int32(processor)))
        #expect(worst.units <= function.bound, "\(name): \(function.name)(\(worst.argument)) = \(worst.result)")
        if Self.chosenStride != nil {
          let units = String(format: "%.4f", worst.units)
          print("\(name): \(function.name) \(units) units in the last place at \(worst.argument)")
        }
      }
    }

    /// The first and last floats of each binade (so that zeros, subnormals, infinities and NaN are among them), powers
    /// of two below the normal numbers, and where a function goes from one way of computing to another.
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
      for place in places { bits += (place.bitPattern - 2)...(place.bitPattern + 2) }
      return (bits + bits.map { $0 | 0x8000_0000 }).map(Float.init(bitPattern:))
    }()
  }
}

/// Compares one function with the exact one over many floats, on every processor that this machine has, by as many
/// threads as it has.
struct Sweep {
  struct Worst {
    var units = 0.0
    var argument: Float = 0
    var result: Float = 0
  }

  let function: UnaryFunction
  /// For each processor.
  private(set) var worst = [Worst](repeating: Worst(), count: Int(descent_processor_count()))

  init(_ function: UnaryFunction) { self.function = function }

  /// Goes through `count` arguments.
  mutating func run(_ count: Int, _ argument: @Sendable (Int) -> Float) {
    let length = 1 << 14
    let partsAtOnce = 256
    let function = function
    for start in stride(from: 0, to: count, by: length * partsAtOnce) {
      let starts = stride(from: start, to: min(start + length * partsAtOnce, count), by: length)
      var parts = starts.map { Part(indices: $0..<min($0 + length, count), worst: worst) }
      Self.concurrently(&parts) { part in part.arguments = part.indices.map(argument) }
      // All threads compute with one processor, then with the next, because the selected one is global.
      onEveryProcessor { _ in
        Self.concurrently(&parts) { part in part.results.append(apply(function.function, part.arguments)) }
      }
      Self.concurrently(&parts) { part in part.compare(with: function.exact) }
      for part in parts {
        for processor in worst.indices where part.worst[processor].units > worst[processor].units {
          worst[processor] = part.worst[processor]
        }
      }
    }
  }

  /// What a thread computes at a time.
  private struct Part {
    let indices: Range<Int>
    var arguments: [Float] = []
    /// For each processor.
    var results: [[Float]] = []
    var worst: [Worst]

    mutating func compare(with exact: (Double) -> Double) {
      for (index, argument) in arguments.enumerated() {
        let exact = exact(Double(argument))
        for processor in results.indices {
          let result = results[processor][index]
          let units = unitsInTheLastPlace(result, from: exact)
          if units > worst[processor].units {
            worst[processor] = Worst(units: units, argument: argument, result: result)
          }
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
