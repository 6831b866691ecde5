import DescentNetworks
import DescentTensors
import Testing

@Suite struct ConstraintTests {
  static let constraints: [(name: String, make: @Sendable ([Int]?) -> Constraint)] = [
    ("max-norm", { .maxNorm(1.9, axes: $0) }), ("unit-norm", { .unitNorm(axes: $0) }),
    ("norm", { .norm(atLeast: 1.8, atMost: 2.1, axes: $0) }),
  ]

  /// Tests/References/weights.py has Keras's formulas. The first axes of each are those that are taken where none are named.
  @Test func valuesAreTheReferences() throws {
    let references = try References("weights")
    var names: Set<String> = []
    func expect(_ constraint: Constraint, _ name: String) throws {
      names.insert(name)
      let (weights, wanted) = (
        try references("constraint/\(name)/weights"), try references("constraint/\(name)/value")
      )
      expectClose(constraint(weights), wanted, relative: 1e-14, absolute: 0, name)
      expectClose(constraint(weights.cast(to: .float32)), wanted.cast(to: .float32), absolute: 0, name)
      // a second time nothing is left to do, but for the last digit
      expectClose(constraint(constraint(weights)), wanted, relative: 1e-14, absolute: 0, name)
    }
    for (weights, axes) in [("matrix", [[1], [0], [0, 1]]), ("kernel", [[1, 2, 3], [1]]), ("vector", [[0]])] {
      for (kind, make) in Self.constraints {
        for (place, axes) in axes.enumerated() {
          let name = "\(kind)/\(weights)-\(axes.map { "\($0)" }.joined())"
          try expect(make(axes), name)
          if place == 0 { try expect(make(nil), name) }
        }
      }
      try expect(.nonNegative, "non-negative/\(weights)")
    }
    #expect(names == references.cases(of: "constraint"))
  }

  @Test func zerosStay() {
    let zeros = Tensor.zeros([2, 3])
    for constraint in [Constraint.maxNorm(), .unitNorm(), .norm(atLeast: 1, atMost: 2), .nonNegative] {
      #expect(constraint(zeros).reals() == Array(repeating: 0, count: 6))
    }
    #expect(Constraint.unitNorm()(Tensor(2.0)).reals() == [1])
  }

  @Test func whatHoldsIsNotTouched() {
    let weights = normals([4, 5], seed: 3).cast(to: .float32)
    #expect(Constraint.maxNorm(100)(weights).reals() == weights.reals())
  }

  @Test func mistakesStopWithAMessage() async {
    let bounds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Constraint.norm(atLeast: 2, atMost: 1)
    }
    #expect(message(bounds).contains("bounds must be above 0 and in order, got 2.0 and 1.0"))
    let axes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Constraint.maxNorm(axes: [2])(Tensor.ones([2, 3]))
    }
    #expect(message(axes).contains("[2, 3] have no axes [2]"))
    await #expect(processExitsWith: .failure) { _ = Constraint.maxNorm(0) }
  }
}
