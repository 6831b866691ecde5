import Testing

@testable import DescentTensors

/// Whole numbers, truth values and places of extremes: kernels against the operations' definitions.
@Suite struct IntegerKernelTests {
  /// Runs a graph with kernels and without, expects the same bytes and that no definition ran, and returns the numbers.
  @discardableResult
  private func expectAgreement(
    _ tensor: Tensor, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Double] {
    let fast = planned([tensor])
    let slow = planned([tensor], options: .definitions)
    let definitions = fast.plan.steps.map(\.name).filter { $0.hasSuffix("(definition)") }
    #expect(definitions.isEmpty, "\(what)", sourceLocation: sourceLocation)
    #expect(fast.outputs[0].bytes == slow.outputs[0].bytes, "\(what)", sourceLocation: sourceLocation)
    return fast.outputs[0].reals()
  }

  /// Whole numbers of a type, small ones that meet often and the type's ends.
  private func numbers(_ shape: Shape, _ type: ElementType, _ random: inout Randomness) -> Tensor {
    let ends: [Int64] =
      switch type {
      case .int64: [.min, .max]
      case .int32: [Int64(Int32.min), Int64(Int32.max)]
      case .uint8: [0, 255]
      default: [0, 1]
      }
    let drawn = (0..<shape.elementCount).map { _ in
      random.isTrue(0.2) ? ends[random.below(2)] : Int64(random.below(type == .bool ? 2 : 4))
    }
    return Tensor(drawn, shape: shape).cast(to: type).evaluated()
  }

  @Test func placesOfExtremes() {
    var random = Randomness(1)
    for (rows, extent) in [(0, 3), (1, 1), (5, 2), (7, 10), (128, 10), (3, 1000)] {
      // few different numbers, so that there are equal ones; zeros of both signs and NaN among them
      let pool: [Float] = [-1, -0.0, 0, 1, 2, .infinity, -.infinity, .nan]
      for usable in [6, 7, 8] {
        let drawn = (0..<rows * extent).map { _ in pool[random.below(usable)] }
        let x = Tensor(drawn, shape: [rows, extent])
        expectAgreement(x.argmax(axes: [-1]), "argmax [\(rows), \(extent)]")
        expectAgreement(x.argmin(axes: [-1]), "argmin [\(rows), \(extent)]")
      }
    }
  }

  @Test func widerTypes() {
    var random = Randomness(2)
    for type in [ElementType.int32, .uint8, .bool] {
      for shape in [[], [0], [1], [17], [3, 5]] as [Shape] {
        expectAgreement(numbers(shape, type, &random).cast(to: .int64), "\(type)\(shape)")
      }
    }
  }

  @Test func comparisons() {
    var random = Randomness(3)
    for type in [ElementType.int64, .int32, .uint8] {
      for shape in [[], [0], [33], [4, 6]] as [Shape] {
        let (a, b) = (numbers(shape, type, &random), numbers(shape, type, &random))
        for (name, result) in [
          ("==", a .== b), ("!=", a .!= b), ("<", a .< b), ("<=", a .<= b), (">", a .> b), (">=", a .>= b),
        ] {
          expectAgreement(result, "\(name) of \(type)\(shape)")
        }
      }
    }
  }

  @Test func sums() {
    var random = Randomness(4)
    for type in [ElementType.int64, .int32, .uint8, .bool] {
      for (shape, axes) in [([], []), ([0], [0]), ([9], [0]), ([3, 4], [1]), ([3, 4], [0, 1]), ([2, 0], [1])]
        as [(Shape, [Int])]
      {
        expectAgreement(numbers(shape, type, &random).sum(axes: axes), "\(type)\(shape) over \(axes)")
      }
    }
    // axes that are not the last ones are left to the definition
    #expect(Tensor([Int32(1), 2, 3, 4], shape: [2, 2]).sum(axes: [0]).scalars(Int64.self) == [4, 6])
  }

  @Test func rightOnesAreCounted() {
    let outputs = Tensor([1, 3, 2, 9, 0, 0, 5, 5, 1] as [Float], shape: [3, 3])
    let labels = Tensor([Int32(1), 0, 1])
    #expect(expectAgreement((outputs.argmax(axes: [-1]) .== labels.cast(to: .int64)).sum(), "count") == [2])
  }
}

extension Tensor {
  /// The tensor, computed.
  fileprivate func evaluated() -> Tensor {
    evaluate(self)
    return self
  }
}
