import Testing

@testable import DescentTensors

/// SplitMix64: the same numbers in every run.
struct Randomness: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func isTrue(_ probability: Double = 0.5) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

  /// Numbers between −2 and 2, never closer than 0.05 to a whole number, where functions may have an edge.
  mutating func reals(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: -2..<2, using: &self)) + Double.random(in: 0.05..<0.95, using: &self) }
  }

  /// A float32 tensor of such numbers.
  mutating func floats(_ shape: Shape) -> Tensor { Tensor(reals(shape.elementCount).map(Float.init), shape: shape) }

  /// A float64 tensor of such numbers.
  mutating func doubles(_ shape: Shape) -> Tensor { Tensor(reals(shape.elementCount), shape: shape) }
}

/// A float64 tensor of 0.3, 0.7, 1.1, …: no two equal, none at an edge of any function.
func ramp(_ shape: Shape, from first: Double = 0.3, by step: Double = 0.4) -> Tensor {
  Tensor((0..<shape.elementCount).map { first + step * Double($0) }, shape: shape)
}

/// Whether numbers are equal, NaN to NaN, or as close as the tolerances say.
func areClose(_ left: Double, _ right: Double, relative: Double, absolute: Double) -> Bool {
  left == right || (left.isNaN && right.isNaN)
    || (left - right).magnitude <= absolute + relative * right.magnitude
}

/// Expects shape and numbers, compared at the tolerances.
func expect(
  _ tensor: Tensor, _ expected: [Double], shape: Shape? = nil, relative: Double = 1.3e-6, absolute: Double = 1e-5,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  if let shape { #expect(tensor.shape == shape, "\(comment())", sourceLocation: sourceLocation) }
  let found = tensor.reals()
  guard found.count == expected.count else {
    Issue.record("\(comment()): \(found.count) elements, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (place, (left, right)) in zip(found, expected).enumerated()
  where !areClose(left, right, relative: relative, absolute: absolute) {
    Issue.record("\(comment()) [\(place)]: \(left), not \(right)", sourceLocation: sourceLocation)
    return
  }
}

/// Expects no mismatch between the gradient by graph and by differences.
func expectGradient(
  _ name: String, at points: [Tensor], sourceLocation: SourceLocation = #_sourceLocation,
  of function: ([Tensor]) -> Tensor
) {
  let mismatches = gradientCheck(of: function, at: points)
  #expect(mismatches.isEmpty, "\(name): \(mismatches.prefix(3))", sourceLocation: sourceLocation)
}

/// A plan of the tensors that nothing else uses, and its outputs after a run. The tensors stay unevaluated.
func planned(
  _ tensors: [Tensor], options: PlanOptions = .standard, settings: ExecutionSettings = .current
) -> (plan: Plan, outputs: [Tensor]) {
  let graph = PlanGraph(roots: tensors.map(\.node))
  let plan = Plan(graph, options: options, settings: settings)
  let outputs = tensors.map { Storage(byteCount: $0.signature.byteCount) }
  plan.run(leaves: graph.leaves.compactMap(\.storage), outputs: outputs)
  return (plan, zip(outputs, tensors).map { Tensor(Node(storage: $0, signature: $1.signature)) })
}

extension Tensor {
  /// What lies in its memory.
  var bytes: [UInt8] {
    withElements { Array(UnsafeRawBufferPointer(start: $0.address, count: $0.signature.byteCount)) }
  }
}
