import DescentTensors
import Testing

/// The checker finds what is wrong: otherwise no test that it passes says anything.
@Suite struct GradientCheckTests {
  /// x² with a gradient that is off by a factor.
  private func square(_ x: Tensor, factor: Double) -> Tensor {
    .withCustomGradient(of: [x]) { inputs in
      inputs[0].squared()
    } gradient: { inputs, _, gradient in
      [gradient * inputs[0] * factor]
    }
  }

  @Test func wrongGradientsAreFound() {
    let x = Tensor([1, 2, 3, 0] as [Double], shape: [2, 2])
    #expect(gradientCheck(of: { square($0[0], factor: 2) }, at: [x]) == [])
    let mismatches = gradientCheck(of: { square($0[0], factor: 2.00001) }, at: [x])
    // at 0 both are 0
    #expect(mismatches.map(\.place) == [[0, 0], [0, 1], [1, 0]])
    #expect(mismatches.allSatisfy { $0.input == 0 && abs($0.byGraph / $0.byDifference - 1.000005) < 1e-9 })
    #expect(mismatches.first?.description.hasPrefix("∂/∂x0[0, 0]: ") == true)
  }

  @Test func notANumberIsNeverRight() {
    let x = Tensor([-1.0])
    #expect(gradientCheck(of: { $0[0].sqrt() }, at: [x]).count == 1)
  }

  @Test func theSecondOfTwoInputsIsCheckedToo() {
    let points = [Tensor([1.0]), Tensor([2.0])]
    #expect(gradientCheck(of: { $0[0] * $0[1] }, at: points) == [])
    let mismatches = gradientCheck(of: { $0[0] * square($0[1], factor: 3) }, at: points)
    #expect(mismatches.map(\.input) == [1])
  }

  @Test func edgesAreFoundToo() {
    #expect(gradientCheck(of: { $0[0].absolute() }, at: [Tensor([1e-5])]).count == 1)
  }

  @Test func onlyDoubleIsPreciseEnough() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradientCheck(of: { $0[0] }, at: [Tensor.zeros([2])])
    }
    #expect(message(result).contains("gradientCheck(float32[2]): needs float64"))
  }

  /// A target that was computed and evaluated is a leaf like any other, and what does not depend on it has slope 0.
  @Test func computedTensorsMayBeDifferentiatedBy() {
    let x = Tensor([1.0, 2]) * 3
    let later = Tensor([1.0]) + 1
    evaluate(x, later)
    #expect(gradient(of: x.squared().sum(), with: x).reals() == [6, 12])
    #expect(gradient(of: (x .> 0).cast(to: .float64).sum(), with: x).reals() == [0, 0])
    #expect(gradients(of: x.sum(), with: [x, later])[1].reals() == [0])
  }
}
