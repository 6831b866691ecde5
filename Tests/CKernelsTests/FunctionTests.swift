import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct Functions {
    /// Distance in units in the last place of the exact result, as a float would hold it.
    static func ulps(_ value: Float, _ exact: Double) -> Double {
      let rounded = Float(exact)
      if rounded.isNaN || value.isNaN { return rounded.isNaN && value.isNaN ? 0 : .infinity }
      if rounded.isInfinite || value.isInfinite {
        // A result may round to either side of the largest float.
        if rounded == value { return 0 }
        return min(abs(Double(value)), abs(exact)) >= Double(Float.greatestFiniteMagnitude) ? 1 : .infinity
      }
      if exact == 0 { return same(value, rounded) ? 0 : .infinity }
      let exponent = max(exact.exponent, -126)
      return abs(Double(value) - exact) / Double(sign: .plus, exponent: exponent - 23, significand: 1)
    }

    /// Every so many floats, each power of two with its neighbours, and the special values.
    static let inputs: [Float] = {
      var bits = stride(from: UInt32(0), to: UInt32.max - 99_991, by: 99_991).map { $0 }
      for exponent in UInt32(0)...255 {
        for sign in [UInt32(0), 0x8000_0000] {
          let power = sign | exponent << 23
          bits += [power, power | 1, power | 2, power &- 1, power &- 2, power | 0x40_0000, power | 0x7f_ffff]
        }
      }
      return bits.map(Float.init(bitPattern:))
    }()

    static let table: [(String, descent_function, Double, @Sendable (Double) -> Double)] = [
      ("exp", DESCENT_EXP, 2, { exp($0) }),
      ("log", DESCENT_LOG, 2, { log($0) }),
      ("log1p", DESCENT_LOG1P, 2, { log1p($0) }),
      ("expm1", DESCENT_EXPM1, 2, { expm1($0) }),
      ("tanh", DESCENT_TANH, 2, { tanh($0) }),
      ("sigmoid", DESCENT_SIGMOID, 2, { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
      ("erf", DESCENT_ERF, 2, { erf($0) }),
      ("sqrt", DESCENT_SQRT, 0.5, { $0.squareRoot() }),
      ("rsqrt", DESCENT_RSQRT, 1.5, { 1 / $0.squareRoot() }),
      ("floor", DESCENT_FLOOR, 0, { $0.rounded(.down) }),
      ("round", DESCENT_ROUND, 0, { $0.rounded(.toNearestOrEven) }),
      ("copy", DESCENT_COPY, 0, { $0 }),
      ("negate", DESCENT_NEGATE, 0, { -$0 }),
      ("absolute", DESCENT_ABSOLUTE, 0, { abs($0) }),
      ("sign", DESCENT_SIGN, 0, { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
      ("not", DESCENT_NOT, 0, { $0 == 0 ? 1 : 0 }),
      ("sin", DESCENT_SIN, 2, { $0.isInfinite ? .nan : sin($0) }),
      ("cos", DESCENT_COS, 2, { $0.isInfinite ? .nan : cos($0) }),
    ]

    @Test func functionsOfOneOperandAreAccurate() {
      onEveryProcessor { processor in
        for (name, function, limit, exact) in Self.table {
          let results = apply(function, Self.inputs)
          var worst = (ulps: 0.0, at: Float(0), result: Float(0))
          for (x, y) in zip(Self.inputs, results) {
            let distance = Self.ulps(y, exact(Double(x)))
            if distance > worst.ulps { worst = (distance, x, y) }
          }
          #expect(worst.ulps <= limit, "\(processor): \(name)(\(worst.at)) = \(worst.result)")
        }
      }
    }

    static let values: [Float] = [
      0, -0.0, 1, -1, 2, -2.5, 0.5, 3, 0x1p-140, -0x1p-140, 3e38, -3e38, .infinity, -.infinity, .nan,
    ]

    static func truth(_ condition: Bool) -> Float { condition ? 1 : 0 }

    static func smaller(_ a: Float, _ b: Float) -> Float { a.isNaN || b.isNaN ? .nan : a < b ? a : b }
    static func larger(_ a: Float, _ b: Float) -> Float { a.isNaN || b.isNaN ? .nan : a > b ? a : b }

    static let binary: [(String, descent_function, @Sendable (Float, Float) -> Float)] = [
      ("add", DESCENT_ADD, { $0 + $1 }),
      ("subtract", DESCENT_SUBTRACT, { $0 - $1 }),
      ("multiply", DESCENT_MULTIPLY, { $0 * $1 }),
      ("divide", DESCENT_DIVIDE, { $0 / $1 }),
      ("minimum", DESCENT_MINIMUM, { smaller($0, $1) }),
      ("maximum", DESCENT_MAXIMUM, { larger($0, $1) }),
      ("pow", DESCENT_POW, { powf($0, $1) }),
      ("equal", DESCENT_EQUAL, { truth($0 == $1) }),
      ("not equal", DESCENT_NOT_EQUAL, { truth($0 != $1) }),
      ("less", DESCENT_LESS, { truth($0 < $1) }),
      ("less or equal", DESCENT_LESS_EQUAL, { truth($0 <= $1) }),
      ("greater", DESCENT_GREATER, { truth($0 > $1) }),
      ("greater or equal", DESCENT_GREATER_EQUAL, { truth($0 >= $1) }),
      ("and", DESCENT_AND, { truth($0 != 0 && $1 != 0) }),
      ("or", DESCENT_OR, { truth($0 != 0 || $1 != 0) }),
    ]

    @Test func functionsOfTwoOperandsAreExact() {
      let left = Self.values.flatMap { value in Self.values.map { _ in value } }
      let right = Self.values.flatMap { _ in Self.values }
      onEveryProcessor { processor in
        for (name, function, exact) in Self.binary {
          let results = apply(function, left, right)
          let wrong = firstWrong(left.count) { same(results[$0], exact(left[$0], right[$0])) }
          if let wrong {
            Issue.record("\(processor): \(name) of \(left[wrong]) and \(right[wrong]) gives \(results[wrong])")
          }
        }
      }
    }

    @Test func selectTakesTheRightWhereTheLeftIsNotZero() {
      var numbers = Numbers(seed: 1)
      let conditions = (0..<301).map { Self.values[$0 % Self.values.count] }
      let right = numbers.floats(301)
      let third = numbers.floats(301)
      onEveryProcessor { processor in
        let results = apply(DESCENT_SELECT, conditions, right, third)
        #expect(same(results, (0..<301).map { conditions[$0] != 0 ? right[$0] : third[$0] }), "\(processor)")
      }
    }

    /// What a vector's place and a range's edge do not change.
    @Test func everyLengthAndRangeGivesTheSameBits() {
      var numbers = Numbers(seed: 2)
      let x = numbers.floats(600, in: -5...5)
      let y = numbers.floats(600, in: -5...5)
      let functions = Self.table.map(\.1) + Self.binary.map(\.1)
      onEveryProcessor { processor in
        for function in functions {
          let whole = apply(function, x, y)
          for count in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 257, 511] {
            let part = apply(function, Array(x[..<count]), Array(y[..<count]))
            #expect(same(part, Array(whole[..<count])), "\(processor): function \(function.rawValue), \(count)")
          }
          #expect(same(apply(function, x, y, cuts: [1, 13, 300, 301, 599]), whole), "\(processor)")
        }
      }
    }
  }
}
