import CKernels
import Testing

/// Every test of a kernel is in this suite, one after the other, because the selected processor is global.
@Suite(.serialized) enum Kernels {}

/// Runs `body` with each processor that this machine has, and leaves the best selected.
func onEveryProcessor(_ body: (_ processor: String) throws -> Void) rethrows {
  let best = descent_processor_count() - 1
  defer { descent_processor_select(best) }
  for processor in 0...best {
    descent_processor_select(processor)
    try body(String(cString: descent_processor_name(processor)))
  }
}

/// SplitMix64: the same numbers in every run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// Whether the bits are the same, or both are NaN.
func same(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

func same(_ a: [Float], _ b: [Float]) -> Bool { a.count == b.count && zip(a, b).allSatisfy(same) }

/// Whether `value` is `expected`, or within a tolerance of it.
func close(_ value: Float, _ expected: Double, relative: Double = 0, absolute: Double = 0) -> Bool {
  if expected.isNaN || value.isNaN { return expected.isNaN && value.isNaN }
  if expected.isInfinite || value.isInfinite { return Double(value) == expected }
  return abs(Double(value) - expected) <= relative * abs(expected) + absolute
}

/// The first index where `isRight` fails.
func firstWrong(_ count: Int, _ isRight: (Int) -> Bool) -> Int? { (0..<count).first { !isRight($0) } }

/// Calls `body` with scratch memory of exactly so many floats, and expects what follows it to stay as it was.
func withScratch(_ count: Int64, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let guards = 16
  let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Int(count) + guards)
  defer { scratch.deallocate() }
  scratch.initialize(repeating: .nan, count: Int(count))
  (scratch + Int(count)).initialize(repeating: 12345, count: guards)
  body(scratch)
  #expect((0..<guards).allSatisfy { scratch[Int(count) + $0] == 12345 }, "scratch memory overrun")
}
