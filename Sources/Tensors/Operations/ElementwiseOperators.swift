infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence

// Operators have no place for a caller's file and line: their messages name the operation and the shapes.

extension Tensor {
  private static func apply(_ function: ElementwiseFunction, _ inputs: Tensor...) -> Tensor {
    applying(Elementwise(function), to: inputs)
  }

  /// A function of a tensor and a number.
  private static func apply(_ function: ElementwiseFunction, _ left: Tensor, _ right: Double) -> Tensor {
    left.withExactNumber { apply(function, $0, Tensor(right, type: $0.type)) }
  }

  /// A function of a number and a tensor.
  private static func apply(_ function: ElementwiseFunction, _ left: Double, _ right: Tensor) -> Tensor {
    right.withExactNumber { apply(function, Tensor(left, type: $0.type), $0) }
  }

  /// A function of this tensor and a number, which would lose digits as a bfloat16, before anything is computed: a tenth is
  /// off by 1/500 there.
  private func withExactNumber(_ body: (Tensor) -> Tensor) -> Tensor { inFloat32(body) }

  /// −x.
  public static prefix func - (x: Tensor) -> Tensor { apply(.negate, x) }
  /// Logical not.
  public static prefix func ! (x: Tensor) -> Tensor { apply(.not, x) }

  /// Sum, element by element; shapes broadcast.
  public static func + (left: Tensor, right: Tensor) -> Tensor { apply(.add, left, right) }
  /// Sum with a number of the tensor's element type.
  public static func + (left: Tensor, right: Double) -> Tensor { apply(.add, left, right) }
  /// Sum with a number of the tensor's element type.
  public static func + (left: Double, right: Tensor) -> Tensor { apply(.add, left, right) }

  /// Difference, element by element; shapes broadcast.
  public static func - (left: Tensor, right: Tensor) -> Tensor { apply(.subtract, left, right) }
  /// Difference with a number of the tensor's element type.
  public static func - (left: Tensor, right: Double) -> Tensor { apply(.subtract, left, right) }
  /// Difference with a number of the tensor's element type.
  public static func - (left: Double, right: Tensor) -> Tensor { apply(.subtract, left, right) }

  /// Product, element by element; shapes broadcast.
  public static func * (left: Tensor, right: Tensor) -> Tensor { apply(.multiply, left, right) }
  /// Product with a number of the tensor's element type.
  public static func * (left: Tensor, right: Double) -> Tensor { apply(.multiply, left, right) }
  /// Product with a number of the tensor's element type.
  public static func * (left: Double, right: Tensor) -> Tensor { apply(.multiply, left, right) }

  /// Quotient (of integers: truncated, 0 where the divisor is 0), element by element; shapes broadcast.
  public static func / (left: Tensor, right: Tensor) -> Tensor { apply(.divide, left, right) }
  /// Quotient with a number of the tensor's element type.
  public static func / (left: Tensor, right: Double) -> Tensor { apply(.divide, left, right) }
  /// Quotient with a number of the tensor's element type.
  public static func / (left: Double, right: Tensor) -> Tensor { apply(.divide, left, right) }

  /// Whether each element of the left is equal: a bool tensor; shapes broadcast.
  public static func .== (left: Tensor, right: Tensor) -> Tensor { apply(.equal, left, right) }
  /// Whether each element is equal, compared to a number.
  public static func .== (left: Tensor, right: Double) -> Tensor { left .== Tensor(right, type: left.type) }

  /// Whether each element of the left is different: a bool tensor; shapes broadcast.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor { apply(.notEqual, left, right) }
  /// Whether each element is different, compared to a number.
  public static func .!= (left: Tensor, right: Double) -> Tensor { left .!= Tensor(right, type: left.type) }

  /// Whether each element of the left is less: a bool tensor; shapes broadcast.
  public static func .< (left: Tensor, right: Tensor) -> Tensor { apply(.less, left, right) }
  /// Whether each element is less, compared to a number.
  public static func .< (left: Tensor, right: Double) -> Tensor { left .< Tensor(right, type: left.type) }

  /// Whether each element of the left is less or equal: a bool tensor; shapes broadcast.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor { apply(.lessEqual, left, right) }
  /// Whether each element is less or equal, compared to a number.
  public static func .<= (left: Tensor, right: Double) -> Tensor { left .<= Tensor(right, type: left.type) }

  /// Whether each element of the left is greater: a bool tensor; shapes broadcast.
  public static func .> (left: Tensor, right: Tensor) -> Tensor { apply(.greater, left, right) }
  /// Whether each element is greater, compared to a number.
  public static func .> (left: Tensor, right: Double) -> Tensor { left .> Tensor(right, type: left.type) }

  /// Whether each element of the left is greater or equal: a bool tensor; shapes broadcast.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor { apply(.greaterEqual, left, right) }
  /// Whether each element is greater or equal, compared to a number.
  public static func .>= (left: Tensor, right: Double) -> Tensor { left .>= Tensor(right, type: left.type) }

  /// Logical and, element by element; bool only.
  public static func .& (left: Tensor, right: Tensor) -> Tensor { apply(.and, left, right) }
  /// Logical or, element by element; bool only.
  public static func .| (left: Tensor, right: Tensor) -> Tensor { apply(.or, left, right) }

  /// `left` where the condition is true, `right` elsewhere; the three broadcast.
  public static func select(
    _ condition: Tensor, _ left: Tensor, _ right: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    applying(Elementwise(.select), to: [condition, left, right], file: file, line: line)
  }
}

extension Tensor {
  /// |x|; its gradient at 0 is 0.
  public func absolute(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.absolute), to: [self], file: file, line: line)
  }

  /// −1, 0 or 1 by the sign of x; NaN stays NaN.
  public func sign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.sign), to: [self], file: file, line: line)
  }

  /// The greatest whole number not above x.
  public func floor(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.floor), to: [self], file: file, line: line)
  }

  /// The nearest whole number, halves to the even one.
  public func round(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.round), to: [self], file: file, line: line)
  }

  /// eˣ.
  public func exp(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.exp), to: [self], file: file, line: line)
  }

  /// The natural logarithm of x.
  public func log(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.log), to: [self], file: file, line: line)
  }

  /// ln(1 + x), exact near 0.
  public func log1p(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.log1p), to: [self], file: file, line: line)
  }

  /// eˣ − 1, exact near 0.
  public func expm1(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.expm1), to: [self], file: file, line: line)
  }

  /// √x.
  public func sqrt(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.sqrt), to: [self], file: file, line: line)
  }

  /// 1/√x.
  public func rsqrt(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.rsqrt), to: [self], file: file, line: line)
  }

  /// tanh x.
  public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.tanh), to: [self], file: file, line: line)
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.sigmoid), to: [self], file: file, line: line)
  }

  /// The error function, 2/√π ∫₀ˣ e^(−t²) dt.
  public func erf(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.erf), to: [self], file: file, line: line)
  }

  /// sin x, x in radians.
  public func sin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.sin), to: [self], file: file, line: line)
  }

  /// cos x, x in radians.
  public func cos(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.cos), to: [self], file: file, line: line)
  }

  /// xʸ, element by element. Shapes broadcast.
  public func power(_ exponent: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.power), to: [self, exponent], file: file, line: line)
  }

  /// xʸ, element by element.
  public func power(_ exponent: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    withExactNumber { $0.power(Tensor(exponent, type: $0.type), file: file, line: line) }
  }

  /// The lesser of both; NaN where either is. At a tie each takes half of the gradient. Shapes broadcast.
  public func minimum(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.minimum), to: [self, other], file: file, line: line)
  }

  /// The lesser of both; NaN where either is. At a tie each takes half of the gradient.
  public func minimum(_ other: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    minimum(Tensor(other, type: type), file: file, line: line)
  }

  /// The greater of both; NaN where either is. At a tie each takes half of the gradient. Shapes broadcast.
  public func maximum(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.applying(Elementwise(.maximum), to: [self, other], file: file, line: line)
  }

  /// The greater of both; NaN where either is. At a tie each takes half of the gradient.
  public func maximum(_ other: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    maximum(Tensor(other, type: type), file: file, line: line)
  }

  /// x held to [low, high]: low below it, high above it. The gradient passes inside and at both ends.
  public func clamped(from low: Double, to high: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    check(low <= high, "clamp(\(signature)): \(low) is greater than \(high)", file: file, line: line)
    let (least, most) = (Tensor(low, type: type), Tensor(high, type: type))
    return .select(self .< least, least, .select(self .> most, most, self, file: file, line: line))
  }

  /// x².
  public func squared() -> Tensor { self * self }

  /// The same numbers in another element type: to integers truncated towards zero, to bool whether they differ from 0.
  public func cast(to type: ElementType) -> Tensor {
    type == self.type ? self : Tensor.applying(Cast(type: type), to: [self])
  }
}
