import DescentTensors

/// All products of features up to a degree: of x₁ and x₂ and degree 2, x₁, x₂, x₁², x₁·x₂, x₂².
///
/// The products of each degree follow those of the degree before, in the order of their factors: scikit-learn's
/// `PolynomialFeatures(include_bias=False)`.
///
/// - Shapes: input `[..., features]` → output `[..., products]`, C(features + degree, degree) − 1 of them.
public struct Powers: Module {
  /// The greatest number of factors.
  public let degree: Int
  /// The features that come in.
  public let features: Int
  /// For each degree from 2 on, the products of the degree before and the features that they are multiplied by.
  private let factors: [(products: Tensor, features: Tensor)]

  /// A layer for so many features.
  ///
  /// - Parameter degree: 1 to 8.
  public init(_ degree: Int, features: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(
      (1...8).contains(degree) && features > 0,
      "Powers(\(degree), features: \(features)): needs a degree of 1 to 8 and a feature", file: file, line: line)
    (self.degree, self.features) = (degree, features)
    var factors: [(products: Tensor, features: Tensor)] = []
    // the last factor of each product of the degree before: behind it none smaller may follow
    var last = Array(0..<features)
    for _ in 1..<max(degree, 1) {
      let pairs = last.indices.flatMap { product in (last[product]..<features).map { (product, $0) } }
      factors.append((Tensor(pairs.map { Int32($0.0) }), Tensor(pairs.map { Int32($0.1) })))
      last = pairs.map(\.1)
    }
    self.factors = factors
  }

  /// How many products there are.
  public static func count(_ degree: Int, features: Int) -> Int {
    var count = 1.0
    for step in 1...max(degree, 1) { count = count * Double(features + step) / Double(step) }
    return count < 1e9 ? Int(count.rounded()) - 1 : 1_000_000_000
  }

  /// The products of each sample.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.shape.last == features, "Powers expects input [..., \(features)], got \(input.shape)")
    var parts = [input]
    for step in factors {
      let axis = input.rank - 1
      parts.append(parts[parts.count - 1].take(step.products, axis: axis) * input.take(step.features, axis: axis))
    }
    return .concatenate(parts, axis: input.rank - 1)
  }
}

/// The features and their sines: x, sin x, sin 2x, …, each for all features together.
///
/// - Shapes: input `[..., features]` → output `[..., (1 + count)·features]`.
public struct Sines: Module {
  /// The greatest multiple of a feature whose sine is taken.
  public let count: Int

  /// A layer of so many sines a feature, 1 or more.
  public init(_ count: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(count > 0, "Sines(\(count)): needs one or more", file: file, line: line)
    self.count = count
  }

  /// The features and their sines.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    .concatenate([input] + (1...count).map { (input * Double($0)).sin() }, axis: input.rank - 1)
  }
}
