import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where random numbers come from: a seed and a count of what has been drawn, nothing else.
///
/// Every operation draws from a stream of its own by Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", 2011), so that results depend neither on the order of evaluation nor on the number of threads.
public final class RandomSource: Sendable {
  /// The seed that it was made with.
  public let seed: UInt64
  private let next: Atomic<Int>

  /// The source that operations draw from where none is named: seed 0 unless a task sets another one with
  /// ``withSeed(_:_:)``.
  @TaskLocal public static var current = RandomSource(seed: 0)

  /// A source for a seed, from its first stream on.
  public init(seed: UInt64) {
    self.seed = seed
    next = Atomic(0)
  }

  /// Runs the body with a fresh source of this seed as ``current``.
  public static func withSeed<Result>(_ seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
    try $current.withValue(RandomSource(seed: seed), operation: body)
  }

  /// The first of `count` streams that nobody else gets.
  package func reserve(_ count: Int) -> Int { next.wrappingAdd(count, ordering: .relaxed).oldValue }
}

/// What a random operation draws from, as numbers in the graph: an int64 tensor [seed, first stream, step].
enum RandomKey {
  static let signature = Signature([3], .int64)

  static func storage(seed: UInt64, stream: Int, step: Int) -> Storage {
    Storage([Int64(bitPattern: seed), Int64(stream), Int64(step)])
  }
}

/// Random numbers of one distribution, a function of the key that is its only input.
package struct RandomNumbers: Operation {
  package enum Distribution: Int, Sendable, CaseIterable { case uniform, normal, permutation }

  package let distribution: Distribution
  /// Which of the operations that share a key this is.
  package let number: Int
  let signature: Signature

  package var name: String { "random.\(distribution)" }
  package var attributes: [Int] {
    [distribution.rawValue, number, ElementType.allCases.firstIndex(of: signature.type) ?? 0] + signature.shape
  }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard inputs == [RandomKey.signature] else { throw ShapeError("needs a key") }
    guard signature.shape.allSatisfy({ $0 >= 0 }) else { throw ShapeError("\(signature.shape) is no shape") }
    guard distribution == .permutation || signature.type == .float32 || signature.type == .float64 else {
      throw ShapeError("needs a floating-point type")
    }
    return signature
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let words = Words(key: inputs[0], number: number)
    switch distribution {
    case .uniform where result.type == .float32:
      for index in 0..<result.count { result[real: index] = Double(words[index] >> 8) * 0x1p-24 }
    case .uniform:
      for index in 0..<result.count {
        result[real: index] = Double(words.wide(index) >> 11) * 0x1p-53
      }
    case .normal:
      for index in 0..<result.count {
        let pair = index & ~1
        let radius = sqrt(-2 * log((Double(words[pair]) + 1) * 0x1p-32))
        let angle = 2 * Double.pi * Double(words[pair + 1]) * 0x1p-32
        result[real: index] = radius * (index & 1 == 0 ? cos(angle) : sin(angle))
      }
    case .permutation:
      // Fisher–Yates
      var order = Array(0..<result.count)
      for place in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(place, Int(words.wide(place).multipliedFullWidth(by: UInt64(place + 1)).high))
      }
      for (index, value) in order.enumerated() { result[integer: index] = Int64(value) }
    }
  }

  /// The stream of 32-bit words that a key and an operation's number name.
  struct Words {
    let seed: UInt64
    let stream, step: UInt32

    init(key: Elements, number: Int) {
      seed = UInt64(bitPattern: key[integer: 0])
      stream = UInt32(truncatingIfNeeded: key[integer: 1] + Int64(number))
      step = UInt32(truncatingIfNeeded: key[integer: 2])
    }

    subscript(index: Int) -> UInt32 {
      let block = UInt64(index / 4)
      var counter = (UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), stream, step)
      var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      return withUnsafeMutableBytes(of: &words) { words in
        withUnsafeBytes(of: &counter) { counter in
          descent_philox(
            seed, counter.baseAddress?.assumingMemoryBound(to: UInt32.self),
            words.baseAddress?.assumingMemoryBound(to: UInt32.self))
        }
        return words.load(fromByteOffset: (index % 4) * 4, as: UInt32.self)
      }
    }

    /// 64 bits: two words.
    func wide(_ index: Int) -> UInt64 { UInt64(self[2 * index]) << 32 | UInt64(self[2 * index + 1]) }
  }
}

extension Tensor {
  private static func random(
    _ distribution: RandomNumbers.Distribution, _ signature: Signature, _ source: RandomSource, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    let key: Tensor
    let number: Int
    if let trace = Trace.current {
      (key, number) = trace.nextRandom()
    } else {
      let storage = RandomKey.storage(seed: source.seed, stream: source.reserve(1), step: 0)
      (key, number) = (Tensor(Node(storage: storage, signature: RandomKey.signature)), 0)
    }
    let operation = RandomNumbers(distribution: distribution, number: number, signature: signature)
    return applying(operation, to: [key], file: file, line: line)
  }

  /// Numbers drawn uniformly from [low, high).
  ///
  /// In a function made by ``compile(_:)`` the numbers come from the source that was current when it was made, anew at
  /// every call.
  public static func randomUniform(
    _ shape: Shape, from low: Double = 0, to high: Double = 1, type: ElementType = .float32,
    source: RandomSource = .current, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if type == .bfloat16 {
      let unit = randomUniform(shape, source: source, file: file, line: line)
      // eight bits, as many as the type has: more would be rounded up to 1
      let parts = (unit * 256).floor() / 256
      return (low == 0 && high == 1 ? parts : parts * (high - low) + low).cast(to: .bfloat16)
    }
    let unit = random(.uniform, Signature(shape, type), source, file, line)
    return low == 0 && high == 1 ? unit : unit * (high - low) + low
  }

  /// Numbers drawn from a normal distribution.
  public static func randomNormal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, type: ElementType = .float32,
    source: RandomSource = .current, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if type == .bfloat16 {
      return randomNormal(
        shape, mean: mean, standardDeviation: standardDeviation, source: source, file: file, line: line
      ).cast(to: .bfloat16)
    }
    let unit = random(.normal, Signature(shape, type), source, file, line)
    return mean == 0 && standardDeviation == 1 ? unit : unit * standardDeviation + mean
  }

  /// True with the given probability: bool.
  public static func randomBernoulli(
    _ shape: Shape, probability: Double, source: RandomSource = .current, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    check(
      (0...1).contains(probability), "randomBernoulli: \(probability) is no probability", file: file, line: line)
    return random(.uniform, Signature(shape, .float32), source, file, line) .< probability
  }

  /// The whole numbers 0 ..< count in random order: int64.
  public static func randomPermutation(
    _ count: Int, source: RandomSource = .current, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    random(.permutation, Signature([count], .int64), source, file, line)
  }
}
