import DescentNetworks
import DescentTensors
import Testing

@Suite struct PenaltyTests {
  private let network = Sequential {
    Dense(weight: Tensor([1, -2, 3, 0] as [Double], shape: [2, 2]), bias: Tensor([100.0, 100]))
    Activation.relu
    Dense(weight: Tensor([-0.5, 0.5] as [Double], shape: [1, 2]), bias: Tensor([100.0]))
  }

  @Test func costsOfWeightsOnly() {
    let rows: [(Penalty, cost: Double)] = [
      (.l1(0.1), 0.7), (.l2(0.1), 1.45), (.elastic(l1: 0.1, l2: 0.2), 3.6), (.elastic(l1: 0, l2: 0), 0),
      (.l1(0.1) + .l2(0.2), 3.6), (.l1(0.1) + .l1(0.2), 2.1),
      // cos of (1, −2) and (3, 0) is 1/√5; the last layer has one row
      (.orthogonal(2), 2 / 5.0.squareRoot()),
      // [[5, 3], [3, 9]] − I, and 0.5 − 1
      (.orthonormal(1), 98.25),
    ]
    for (penalty, cost) in rows {
      let found = penalty(network).item(Double.self)
      #expect(abs(found - cost) < 1e-13, "\(penalty): \(found)")
    }
    #expect(Penalty.l2(1)([]).reals() == [0])
  }

  @Test func gradients() {
    let penalty = Penalty.elastic(l1: 0.1, l2: 0.2)
    let found = DescentNetworks.gradients(of: penalty(network), with: network.parameters)
    // 0.1 · sign w + 0.4 · w
    expectClose(found[0], Tensor([0.5, -0.9, 1.3, 0], shape: [2, 2]), absolute: 1e-15)
    #expect(found[1].reals() == [0, 0])
    for penalty in [
      penalty, .orthogonal(0.3), .orthogonal(0.3, .columns), .orthonormal(0.3), .orthonormal(0.3, .columns),
    ] {
      let points = [normals([3, 2], seed: 1), normals([2], seed: 2), normals([3, 2, 2], seed: 4)]
      #expect(gradientCheck(of: { penalty($0) }, at: points) == [], "\(penalty)")
    }
  }

  /// Tests/References/weights.py has Keras's formulas.
  @Test func orthogonalCostsAreTheReferences() throws {
    let references = try References("weights")
    let penalties: [(name: String, make: (Penalty.Vectors) -> Penalty)] = [
      ("orthogonal", { .orthogonal(0.7, $0) }), ("orthonormal", { .orthonormal(0.7, $0) }),
    ]
    var names: Set<String> = []
    for (kind, make) in penalties {
      for vectors in Penalty.Vectors.allCases {
        for shape in ["matrix", "kernel"] {
          let name = "\(kind)/\(vectors)/\(shape)"
          names.insert(name)
          let wanted = (
            cost: try references("penalty/\(name)/cost"), gradient: try references("penalty/\(name)/gradient")
          )
          let weights = try references("penalty/\(name)/weights")
          let cost = make(vectors)([weights])
          let slope = DescentTensors.gradients(of: cost, with: [weights])[0]
          expectClose(cost, wanted.cost * 0.7, relative: 1e-12, absolute: 0, name)
          expectClose(slope, wanted.gradient * 0.7, relative: 1e-12, absolute: 1e-14, name)
          let single = weights.cast(to: .float32)
          expectClose(make(vectors)([single]), (wanted.cost * 0.7).cast(to: .float32), name)
        }
      }
    }
    #expect(names == references.cases(of: "penalty"))
  }

  @Test func orthogonalVectorsCostNothing() {
    let weights = RandomSource.withSeed(1) { Initializer.orthogonal(gain: 1)([4, 2, 3], type: .float64) }
    for penalty in [Penalty.orthogonal(1), .orthonormal(1)] {
      #expect(abs(penalty([weights]).item(Double.self)) < 1e-13)
    }
    // lengths are free, or not
    #expect(abs(Penalty.orthogonal(1)([weights * 3]).item(Double.self)) < 1e-13)
    #expect(Penalty.orthonormal(1)([weights * 3]).item(Double.self) > 1)
  }

  @Test func vectorsWithoutLengthHaveAFiniteSlope() {
    let weights = Tensor([0, 0, 1, 2] as [Double], shape: [2, 2])
    let cost = Penalty.orthogonal(1)([weights])
    let slope = DescentTensors.gradients(of: cost, with: [weights])[0]
    #expect(cost.item(Double.self) == 0)
    #expect(slope.reals().allSatisfy { $0.isFinite })
  }

  @Test func namesThatAreWeights() {
    struct Odd: Module, NamedParts {
      let parts = [
        "weight", "weight_ih_l0", "kernel.weight", "in_proj_weight", "bias", "weightless", "bias_weight_",
      ].map { (name: $0, part: Parameter(Tensor([1.0]))) }
      var namedParts: [(name: String, part: Any)] { parts.map { ($0.name, $0.part) } }
      func callAsFunction(_ input: Tensor) -> Tensor { input }
    }
    #expect(Penalty.l1(1)(Odd()).reals() == [4])
  }

  @Test func negativeFactorsStop() async {
    await #expect(processExitsWith: .failure) { _ = Penalty.l1(-1) }
    await #expect(processExitsWith: .failure) { _ = Penalty.l2(.nan) }
    await #expect(processExitsWith: .failure) { _ = Penalty.orthogonal(-1) }
    await #expect(processExitsWith: .failure) { _ = Penalty.orthonormal(.infinity) }
  }

  // MARK: Activity

  @Test func outputsCostTheirMeanOverSamples() {
    let layer = Dense(weight: Tensor([1, -2, 3, 0] as [Double], shape: [2, 2]))
    let network = Sequential {
      ActivityPenalty(.l1(0.5), of: layer)
      Activation.relu
      ActivityPenalty(.l2(2))
    }
    #expect(network.variables.map(\.name) == ["0.layer.weight"])
    let input = Tensor([1, 1, 2, -1] as [Double], shape: [2, 2])
    let (output, cost) = ActivityPenalty.costs { network(input) }
    let slope = DescentNetworks.gradients(of: cost ?? Tensor(0.0), with: [layer.weight])[0]
    // [[-1, 3], [4, 6]]: 0.5 · 14 / 2, and behind the rectifier 2 · 61 / 2
    #expect(output.reals() == [0, 3, 4, 6])
    #expect(cost?.item(Double.self) == 3.5 + 61)
    #expect(network(input).reals() == [0, 3, 4, 6])
    #expect(ActivityPenalty.costs { Activation.relu(input) }.cost == nil)
    // 0.5 · sign / 2, and 4 · output / 2, through the weights: their samples' outer products with the input
    let upstream = [[-0.25, 0.25 + 6], [0.25 + 8, 0.25 + 12]]
    let wanted = [
      upstream[0][0] + 2 * upstream[1][0], upstream[0][0] - upstream[1][0],
      upstream[0][1] + 2 * upstream[1][1], upstream[0][1] - upstream[1][1],
    ]
    expectClose(slope, Tensor(wanted, shape: [2, 2]), relative: 1e-13, absolute: 0)
  }

  @Test func activityCostsHaveRightGradients() {
    for penalty in [Penalty.l2(0.3), .orthonormal(0.1), .l1(0.2) + .orthogonal(0.5)] {
      let layer = ActivityPenalty(penalty, of: Activation.tanh)
      let found = gradientCheck(
        of: { inputs in
          let (output, cost) = ActivityPenalty.costs { layer(inputs[0]) }
          return output.squared().sum() + (cost ?? Tensor(0.0))
        }, at: [normals([3, 4], seed: 8)])
      #expect(found == [], "\(penalty)")
    }
  }
}
