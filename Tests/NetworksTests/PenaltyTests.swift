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
    ]
    for (penalty, cost) in rows {
      let found = penalty(network).item(Double.self)
      #expect(abs(found - cost) < 1e-14, "\(penalty): \(found)")
    }
    #expect(Penalty.l2(1)([]).reals() == [0])
  }

  @Test func gradients() {
    let penalty = Penalty.elastic(l1: 0.1, l2: 0.2)
    let found = DescentNetworks.gradients(of: penalty(network), with: network.parameters)
    // 0.1 · sign w + 0.4 · w
    expectClose(found[0], Tensor([0.5, -0.9, 1.3, 0], shape: [2, 2]), absolute: 1e-15)
    #expect(found[1].reals() == [0, 0])
    #expect(gradientCheck(of: { penalty($0) }, at: [normals([3, 2], seed: 1), normals([2], seed: 2)]) == [])
  }

  @Test func namesThatAreWeights() {
    struct Odd: Module, NamedParts {
      let parts = ["weight", "weight_ih_l0", "kernel.weight", "bias", "weightless", "bias_weight_"].map {
        (name: $0, part: Parameter(Tensor([1.0])))
      }
      var namedParts: [(name: String, part: Any)] { parts.map { ($0.name, $0.part) } }
      func callAsFunction(_ input: Tensor) -> Tensor { input }
    }
    #expect(Penalty.l1(1)(Odd()).reals() == [3])
  }

  @Test func negativeFactorsStop() async {
    await #expect(processExitsWith: .failure) { _ = Penalty.l1(-1) }
    await #expect(processExitsWith: .failure) { _ = Penalty.l2(.nan) }
  }
}
