import CKernels
import Foundation

/// A function of one operand, what it computes in double precision, and how far from that it may be.
package struct UnaryFunction: Sendable {
  package let name: String
  package let function: descent_function
  /// In units in the last place.
  package let bound: Double
  /// By the C library, whose own error is some 2^−29 of a float's unit.
  package let exact: @Sendable (Double) -> Double

  init(
    _ name: String, _ function: descent_function, within bound: Double, _ exact: @escaping @Sendable (Double) -> Double
  ) {
    self.name = name
    self.function = function
    self.bound = bound
    self.exact = exact
  }

  package static let all = [
    UnaryFunction("exp", DESCENT_EXP, within: 2) { exp($0) },
    UnaryFunction("expm1", DESCENT_EXPM1, within: 2) { expm1($0) },
    UnaryFunction("log", DESCENT_LOG, within: 2) { log($0) },
    UnaryFunction("log1p", DESCENT_LOG1P, within: 2) { log1p($0) },
    UnaryFunction("tanh", DESCENT_TANH, within: 2) { tanh($0) },
    UnaryFunction("sigmoid", DESCENT_SIGMOID, within: 2) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
    UnaryFunction("erf", DESCENT_ERF, within: 2) { erf($0) },
    UnaryFunction("sin", DESCENT_SIN, within: 2) { $0.isInfinite ? .nan : sin($0) },
    UnaryFunction("cos", DESCENT_COS, within: 2) { $0.isInfinite ? .nan : cos($0) },
    UnaryFunction("rsqrt", DESCENT_RSQRT, within: 2) { 1 / $0.squareRoot() },
    UnaryFunction("sqrt", DESCENT_SQRT, within: 0.5) { $0.squareRoot() },
    UnaryFunction("floor", DESCENT_FLOOR, within: 0) { $0.rounded(.down) },
    UnaryFunction("round", DESCENT_ROUND, within: 0) { $0.rounded(.toNearestOrEven) },
    UnaryFunction("copy", DESCENT_COPY, within: 0) { $0 },
    UnaryFunction("negate", DESCENT_NEGATE, within: 0) { -$0 },
    UnaryFunction("absolute", DESCENT_ABSOLUTE, within: 0) { abs($0) },
    UnaryFunction("sign", DESCENT_SIGN, within: 0) { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    UnaryFunction("not", DESCENT_NOT, within: 0) { $0 == 0 ? 1 : 0 },
  ]
}
