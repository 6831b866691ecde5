/// The functions that are computed element by element.
package enum ElementwiseFunction: String, Sendable, CaseIterable {
  // of one operand
  case negate, absolute, sign, floor, round, exp, log, log1p, expm1, sqrt, rsqrt, tanh, sigmoid, erf, sin, cos, not
  // of two
  case add, subtract, multiply, divide, minimum, maximum, power
  case equal, notEqual, less, lessEqual, greater, greaterEqual, and, or
  // of three: condition, value where it is true, value where it is false
  case select
}

/// What an elementwise function takes.
package enum ElementwiseDomain: Sendable { case floating, numeric, logical, any }

/// A function beside its definition and its derivative: everything there is to say about it.
struct ElementwiseRow: Sendable {
  typealias Derivative = @Sendable (_ inputs: [Tensor], _ result: Tensor, _ gradient: Tensor) -> [Tensor?]

  let arity: Int
  let domain: ElementwiseDomain
  var isComparison = false
  /// The value in floating point.
  let real: @Sendable (Double, Double, Double) -> Double
  /// The value on integers and bool, where the domain has them.
  var integer: @Sendable (Int64, Int64, Int64) -> Int64 = { _, _, _ in 0 }
  /// The gradient of each input before it is summed over broadcast axes, nil where it is zero everywhere.
  var derivative: Derivative = { inputs, _, _ in inputs.map { _ in nil } }
}

extension ElementwiseFunction {
  /// How many operands it takes.
  package var arity: Int { row.arity }

  /// Whether the result has no digits that the operands lack.
  var keepsDigits: Bool {
    switch self {
    case .negate, .absolute, .sign, .floor, .round, .minimum, .maximum, .select: true
    default: row.isComparison || row.domain == .logical
    }
  }

  // One row a function; splitting the table would only hide that it is one.
  // swift-format-ignore
  var row: ElementwiseRow {
    switch self {
    // MARK: one operand
    case .negate: unary(.numeric, { -$0 }, { 0 &- $0 }) { x, y, g in -g }
    case .absolute: unary(.numeric, { Swift.abs($0) }, { $0 < 0 ? 0 &- $0 : $0 }) { x, y, g in g * x.sign() }
    case .sign: unary(.numeric, { $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, { $0.signum() })
    case .floor: floating({ $0.rounded(.down) })
    case .round: floating({ $0.rounded(.toNearestOrEven) })
    case .exp: floating({ Libm.exp($0) }) { x, y, g in g * y }
    case .log: floating({ Libm.log($0) }) { x, y, g in g / x }
    case .log1p: floating({ Libm.log1p($0) }) { x, y, g in g / (x + 1) }
    case .expm1: floating({ Libm.expm1($0) }) { x, y, g in g * (y + 1) }
    case .sqrt: floating({ $0.squareRoot() }) { x, y, g in g * 0.5 / y }
    case .rsqrt: floating({ 1 / $0.squareRoot() }) { x, y, g in g * -0.5 * y * y * y }
    case .tanh: floating({ Libm.tanh($0) }) { x, y, g in g * (1 - y * y) }
    case .sigmoid: floating({ 1 / (1 + Libm.exp(-$0)) }) { x, y, g in g * (y * (1 - y)) }
    case .erf: floating({ Libm.erf($0) }) { x, y, g in g * (2 / Double.pi.squareRoot()) * (-x * x).exp() }
    case .sin: floating({ Libm.sin($0) }) { x, y, g in g * x.cos() }
    case .cos: floating({ Libm.cos($0) }) { x, y, g in -g * x.sin() }
    case .not: unary(.logical, { $0 == 0 ? 1 : 0 }, { $0 == 0 ? 1 : 0 })

    // MARK: two operands
    case .add: binary(.numeric, +, { $0 &+ $1 }) { a, b, y, g in (g, g) }
    case .subtract: binary(.numeric, -, { $0 &- $1 }) { a, b, y, g in (g, -g) }
    case .multiply: binary(.numeric, *, { $0 &* $1 }) { a, b, y, g in (g * b, g * a) }
    case .divide: binary(.numeric, /, { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }) { a, b, y, g in
        (g / b, -g * y / b)
      }
    case .minimum: binary(.numeric, { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }, { Swift.min($0, $1) }) { a, b, y, g in
        (g * share(of: a .< b, tied: a .== b, like: g), g * share(of: b .< a, tied: a .== b, like: g))
      }
    case .maximum: binary(.numeric, { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }, { Swift.max($0, $1) }) { a, b, y, g in
        (g * share(of: a .> b, tied: a .== b, like: g), g * share(of: b .> a, tied: a .== b, like: g))
      }
    case .power: binary(.numeric, { Libm.pow($0, $1) }, integerPower) { a, b, y, g in
        // x⁰ has gradient 0 at 0 too, and 0ˣ with respect to x is 0 where it is defined; nothing infinite is computed on
        // the way, which the next gradient would multiply by 0
        let (zero, one) = (Tensor(0, type: a.type), Tensor(1, type: a.type))
        return (
          g * b * a.power(.select(b .== 0, zero, b - 1)),
          g * Tensor.select(a .== 0, zero, y * Tensor.select(a .== 0, one, a).log())
        )
      }
    case .equal: comparison({ $0 == $1 }, { $0 == $1 })
    case .notEqual: comparison({ $0 != $1 }, { $0 != $1 })
    case .less: comparison({ $0 < $1 }, { $0 < $1 })
    case .lessEqual: comparison({ $0 <= $1 }, { $0 <= $1 })
    case .greater: comparison({ $0 > $1 }, { $0 > $1 })
    case .greaterEqual: comparison({ $0 >= $1 }, { $0 >= $1 })
    case .and: binary(.logical, { $0 != 0 && $1 != 0 ? 1 : 0 }, { $0 & $1 })
    case .or: binary(.logical, { $0 != 0 || $1 != 0 ? 1 : 0 }, { $0 | $1 })

    // MARK: three operands
    case .select:
      ElementwiseRow(
        arity: 3, domain: .any, real: { $0 != 0 ? $1 : $2 }, integer: { $0 != 0 ? $1 : $2 },
        derivative: { inputs, y, g in
          let zero = Tensor(0, type: g.type)
          return [nil, Tensor.select(inputs[0], g, zero), Tensor.select(inputs[0], zero, g)]
        })
    }
  }
}

// MARK: Rows in short

private func floating(
  _ real: @escaping @Sendable (Double) -> Double, _ derivative: (@Sendable (Tensor, Tensor, Tensor) -> Tensor)? = nil
) -> ElementwiseRow { unary(.floating, real, { $0 }, derivative) }

private func unary(
  _ domain: ElementwiseDomain, _ real: @escaping @Sendable (Double) -> Double,
  _ integer: @escaping @Sendable (Int64) -> Int64,
  _ derivative: (@Sendable (Tensor, Tensor, Tensor) -> Tensor)? = nil
) -> ElementwiseRow {
  var row = ElementwiseRow(arity: 1, domain: domain, real: { x, _, _ in real(x) }, integer: { x, _, _ in integer(x) })
  if let derivative { row.derivative = { inputs, y, g in [derivative(inputs[0], y, g)] } }
  return row
}

private func binary(
  _ domain: ElementwiseDomain, _ real: @escaping @Sendable (Double, Double) -> Double,
  _ integer: @escaping @Sendable (Int64, Int64) -> Int64,
  _ derivative: (@Sendable (Tensor, Tensor, Tensor, Tensor) -> (Tensor, Tensor))? = nil
) -> ElementwiseRow {
  var row = ElementwiseRow(
    arity: 2, domain: domain, real: { a, b, _ in real(a, b) }, integer: { a, b, _ in integer(a, b) })
  if let derivative {
    row.derivative = { inputs, y, g in
      let (left, right) = derivative(inputs[0], inputs[1], y, g)
      return [left, right]
    }
  }
  return row
}

private func comparison(
  _ real: @escaping @Sendable (Double, Double) -> Bool, _ integer: @escaping @Sendable (Int64, Int64) -> Bool
) -> ElementwiseRow {
  ElementwiseRow(
    arity: 2, domain: .any, isComparison: true, real: { a, b, _ in real(a, b) ? 1 : 0 },
    integer: { a, b, _ in integer(a, b) ? 1 : 0 })
}

/// 1 where the operand was taken, ½ where both are equal: PyTorch's rule for minimum and maximum.
private func share(of taken: Tensor, tied: Tensor, like gradient: Tensor) -> Tensor {
  Tensor.select(tied, Tensor(0.5, type: gradient.type), taken.cast(to: gradient.type))
}

private func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
  guard exponent >= 0 else { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
  var (result, square, left): (Int64, Int64, Int64) = (1, base, exponent)
  while left > 0 {
    if left & 1 == 1 { result = result &* square }
    square = square &* square
    left >>= 1
  }
  return result
}
