import CKernels
import DescentAccuracy
import Foundation
import Testing

extension Kernels {
  @Suite struct Functions {
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

    /// Functions of three operands and more, at every length, against double precision.
    @Test func functionsOfManyOperands() {
      typealias Exact = ([Double]) -> Double
      let functions: [(function: descent_function, exact: Exact)] = [
        (DESCENT_MULTIPLY_ADD, { $0[0] * $0[1] + $0[2] }),
        (DESCENT_SUBTRACT_PRODUCT, { $0[2] - $0[0] * $0[1] }),
        (DESCENT_MOVE_TOWARDS, { $0[0] + ($0[1] - $0[0]) * $0[2] }),
        (DESCENT_ADD_SQUARE, { $0[0] * $0[1] + $0[2] * $0[2] * $0[3] }),
        (DESCENT_ADAPTIVE_STEP, { $0[0] - $0[1] * $0[2] / ($0[3].squareRoot() * $0[4] + $0[5]) }),
      ]
      var numbers = Numbers(seed: 9)
      let operands = (0..<6).map { _ in numbers.floats(301, in: 0.5...2) }
      onEveryProcessor { processor in
        for (function, exact) in functions {
          for count in [1, 3, 4, 5, 8, 9, 31, 33, 256, 301] {
            let x = operands.map { Array($0[..<count]) }
            let found = apply(function, x[0], x[1], x[2], x[3], x[4], x[5], cuts: [count / 2])
            let wrong = firstWrong(count) { place in
              let expected = exact(x.map { Double($0[place]) })
              return abs(Double(found[place]) - expected) <= 2e-6 * (1 + abs(expected))
            }
            #expect(wrong == nil, "\(processor): function \(function.rawValue), \(count)")
          }
        }
      }
    }

    /// What a vector's place and a range's edge do not change.
    @Test func everyLengthAndRangeGivesTheSameBits() {
      var numbers = Numbers(seed: 2)
      let x = numbers.floats(600, in: -5...5)
      let y = numbers.floats(600, in: -5...5)
      let functions = UnaryFunction.all.map(\.function) + Self.binary.map(\.1)
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
