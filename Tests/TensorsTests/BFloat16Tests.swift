import Testing

@testable import DescentTensors

/// Numbers that bfloat16 holds.
func halves(_ numbers: Float..., shape: Shape? = nil) -> Tensor { Tensor(numbers.map { BFloat16($0) }, shape: shape) }

/// The type by itself: rounding, casts, passes over elements, random draws.
@Suite struct BFloat16Tests {
  @Test(
    arguments: [
      (0x3F80_0000, 0x3F80), (0x8000_0000, 0x8000),
      // just below, at and just above the middle between two numbers, of which the left is even, then the right
      (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81),
      (0x3F81_7FFF, 0x3F81), (0x3F81_8000, 0x3F82), (0xBF81_8000, 0xBF82),
      // the greatest float, the infinities, numbers below the normal ones
      (0x7F7F_FFFF, 0x7F80), (0x7F7F_7FFF, 0x7F7F), (0x7F80_0000, 0x7F80), (0xFF80_0000, 0xFF80),
      (0x0000_0001, 0), (0x0000_8001, 1), (0x807F_FFFF, 0x8080),
      // NaN whose lower half alone says that it is, and others
      (0x7F80_0001, 0x7FC0), (0xFF80_FFFF, 0xFFC0), (0x7FC1_2345, 0x7FC1), (0x7FFF_FFFF, 0x7FFF),
    ] as [(UInt32, UInt16)])
  func rounding(bits: UInt32, expected: UInt16) {
    let value = Float(bitPattern: bits)
    #expect(BFloat16(value).bitPattern == expected)
    for options in [PlanOptions.standard, .definitions] {
      // more than a vector of them
      let cast = Tensor([Float](repeating: value, count: 19)).cast(to: .bfloat16)
      let found = planned([cast], options: options).outputs[0].scalars(BFloat16.self).map(\.bitPattern)
      #expect(found == [UInt16](repeating: expected, count: 19), "\(options)")
    }
  }

  /// All 65,536 of them, there and back.
  @Test func everyNumberSurvivesFloat() {
    let all = (0...UInt16.max).map { BFloat16(bitPattern: $0) }
    // a NaN comes back as a quiet one
    let expected = all.map { Float($0).isNaN ? $0.bitPattern | 0x40 : $0.bitPattern }
    #expect(all.map { BFloat16(Float($0)).bitPattern } == expected)
    let floats = planned([Tensor(all).cast(to: .float32)]).outputs[0]
    #expect(floats.scalars(Float.self).map(\.bitPattern) == all.map { Float($0).bitPattern })
    let halves = planned([floats.cast(to: .bfloat16)]).outputs[0]
    #expect(halves.scalars(BFloat16.self).map(\.bitPattern) == expected)
  }

  @Test func floatsRoundAlikeEverywhere() {
    var random = Randomness(3)
    let floats = (0..<20_000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
    let expected = floats.map { BFloat16($0).bitPattern }
    let x = Tensor(floats)
    for tensor in [x.cast(to: .bfloat16), x.cast(to: .float64).cast(to: .bfloat16)] {
      #expect(planned([tensor]).outputs[0].scalars(BFloat16.self).map(\.bitPattern) == expected)
    }
    // in a register of a pass
    let sum = x.cast(to: .bfloat16) + Tensor(0, type: .bfloat16)
    let rounded = planned([sum]).outputs[0]
    #expect(
      zip(rounded.scalars(BFloat16.self), expected).allSatisfy { $0 == BFloat16(bitPattern: $1) || Float($0).isNaN })
  }

  @Test(arguments: ElementType.allCases)
  func castsFromIt(to type: ElementType) {
    let x = halves(-2.5, 0, 0.25, 300, .infinity, .nan)
    let expected: [Double] =
      switch type {
      case .float32, .float64, .bfloat16: [-2.5, 0, 0.25, 300, .infinity, .nan]
      case .int32: [-2, 0, 0, 300, 2_147_483_647, 0]
      case .int64: [-2, 0, 0, 300, 0x1p63, 0]
      case .uint8: [0, 0, 0, 255, 255, 0]
      case .bool: [1, 0, 1, 1, 1, 1]
      }
    for options in [PlanOptions.standard, .definitions] {
      expect(planned([x.cast(to: type)], options: options).outputs[0], expected, relative: 0, absolute: 0)
    }
  }

  @Test func asANumber() {
    let half = BFloat16(0.5 as Float)
    #expect(half == BFloat16(0.5 as Double) && Float(half) == 0.5 && "\(half)" == "0.5")
    #expect(BFloat16(bitPattern: 0x8000) == BFloat16(bitPattern: 0))
    #expect(BFloat16(bitPattern: 0x8000).hashValue == BFloat16(bitPattern: 0).hashValue)
    #expect(BFloat16(Float.nan) != BFloat16(Float.nan))
    let tensor = halves(0.5, -2)
    #expect(tensor.type == .bfloat16 && tensor.scalars(BFloat16.self) == [half, BFloat16(-2 as Float)])
    #expect("\(tensor)" == "Tensor(bfloat16[2]: 0.5, -2.0)")
    #expect(Tensor(0.1, type: .bfloat16).reals() == [0.10009765625])
    #expect(Tensor.range(3, type: .bfloat16).reals() == [0, 1, 2])
  }

  /// What a pass computes on the way is rounded as if it lay in memory: with and without fusion the bits are the same.
  @Test func passesRoundEveryValue() {
    var random = Randomness(11)
    for shape in [[1], [5], [300], [3, 37], [2, 3, 50]] as [Shape] {
      let (a, b) = (random.floats(shape).cast(to: .bfloat16), random.floats(shape).cast(to: .bfloat16))
      let row = random.floats(Shape(shape.suffix(1))).cast(to: .bfloat16)
      evaluate(a, b, row)
      let sum = a + b * row
      let results = [
        sum - a, (sum * sum).maximum(b) - sum, .select(sum .> a, sum * 3 + 0.1, -row), (sum.cast(to: .float32) * 0.1),
        (a * b).cast(to: .bool), (sum - a) .== b, (a .> b).cast(to: .bfloat16) + sum, (sum + 1).floor().absolute(),
      ]
      let expected = planned(results, options: .definitions).outputs
      for (found, wanted) in zip(planned(results).outputs, expected) {
        #expect(found.signature == wanted.signature)
        #expect(found.bytes == wanted.bytes, "\(found.signature)")
      }
    }
  }

  /// A number of more digits than the type has counts with all of them.
  @Test func arithmeticWithNumbers() {
    let x = halves(3, -7, 100)
    func expected(_ function: (Float) -> Float) -> [BFloat16] {
      x.scalars(BFloat16.self).map { BFloat16(function(Float($0))) }
    }
    #expect((x * 0.1).scalars(BFloat16.self) == expected { $0 * 0.1 })
    #expect((0.1 / x).scalars(BFloat16.self) == expected { 0.1 / $0 })
    #expect((x + 0.3).scalars(BFloat16.self) == expected { $0 + 0.3 })
    #expect((1000.5 - x).scalars(BFloat16.self) == expected { 1000.5 - $0 })
    #expect((x / 1999).scalars(BFloat16.self) == expected { $0 / 1999 })
    #expect(x.mean().reals() == [32])
    #expect((x .> 2.5).scalars(Bool.self) == [true, false, true])
  }

  @Test func randomNumbers() {
    let unit = Tensor.randomUniform([60_000], type: .bfloat16, source: RandomSource(seed: 5)).reals()
    // 1 is never among them
    #expect(unit.allSatisfy { $0 >= 0 && $0 < 1 && ($0 * 256).rounded() == $0 * 256 })
    #expect(Set(unit).count == 256)
    let mean = unit.reduce(0, +) / 60_000
    #expect(abs(mean - 0.498) < 0.005)
    let normal = Tensor.randomNormal(
      [60_000], mean: 3, standardDeviation: 2, type: .bfloat16, source: RandomSource(seed: 5))
    #expect(normal.type == .bfloat16)
    let numbers = normal.reals()
    let center = numbers.reduce(0, +) / 60_000
    let spread = (numbers.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 60_000).squareRoot()
    #expect(abs(center - 3) < 0.04 && abs(spread - 2) < 0.03)
  }
}
