import DescentNetworks
import DescentTensors
import Testing

/// Activations that learn or draw numbers.
@Suite struct ActivationLayerTests {
  @Test(arguments: [[2, 3], [2, 3, 4], [0, 3], [1, 3, 1, 2]] as [Shape])
  func gradientOfPReLU(shape: Shape) {
    let points = [normals(shape, seed: 1), normals([3], seed: 2)]
    #expect(gradientCheck(of: { PReLU(weight: $0[1])($0[0]).tanh() }, at: points) == [])
    let one = [normals(shape, seed: 1), normals([1], seed: 3)]
    #expect(gradientCheck(of: { PReLU(weight: $0[1])($0[0]).tanh() }, at: one) == [])
  }

  @Test func slopesArePyTorchs() async {
    let layer = PReLU(channels: 3)
    #expect(layer.variables.map(\.name) == ["weight"] && layer.weight.value.reals() == [0.25, 0.25, 0.25])
    #expect(PReLU()(Tensor([-4, 4, 0] as [Float])).reals() == [-1, 4, 0])
    #expect(PReLU()(Tensor(-4, type: .float32)).reals() == [-1])
    #expect(PReLU(type: .float64)(Tensor([-1e300, 1e300])).reals() == [-0.25e300, 1e300])
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PReLU(channels: 3)(Tensor.zeros([2, 4]))
    }
    #expect(message(result).contains("PReLU(channels: 3) expects input [batch, 3, ...], got [2, 4]"))
    await #expect(processExitsWith: .failure) { _ = PReLU(channels: 0) }
    await #expect(processExitsWith: .failure) { _ = PReLU(channels: 2)(Tensor.zeros([2])) }
  }

  @Test func extremesStayFinite() {
    let x = Tensor([-400, 400, -1e30, 1e30] as [Float])
    for layer in [PReLU(), RReLU()] as [any Module] {
      for mode in [Mode.training, .inference] {
        let (y, slope) = mode {
          let y = layer(x)
          return (y, gradient(of: y.sum(), with: x))
        }
        #expect((y.reals() + slope.reals()).allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(arguments: [ElementType.float32, .float64])
  func randomSlopesLieBetweenTheBounds(type: ElementType) {
    let x = Tensor.full(-1, shape: [10_000], type: type)
    let layer = RReLU(lower: 0.2, upper: 0.6)
    let (y, slope) = RandomSource.withSeed(3) {
      Mode.training {
        let y = layer(x)
        return (y, gradient(of: y.sum(), with: x))
      }
    }
    evaluate(y, slope)
    let slopes = slope.reals()
    #expect(zip(y.reals(), slopes).allSatisfy { $0 == -$1 })
    #expect(slopes.allSatisfy { $0 >= 0.199999 && $0 < 0.600001 })
    // the mean of 10,000 has standard deviation 0.0012
    #expect(abs(slopes.reduce(0, +) / 10_000 - 0.4) < 0.006)
    #expect(layer(x).reals().allSatisfy { abs($0 + 0.4) < 1e-7 })
    #expect(Mode.training { layer(Tensor([0, 2] as [Float])) }.reals() == [0, 2])
  }

  @Test func gradientOfRReLUInInference() async {
    #expect(gradientCheck(of: { RReLU()($0[0]).tanh() }, at: [normals([3, 4], seed: 5)]) == [])
    await #expect(processExitsWith: .failure) { _ = RReLU(lower: 1, upper: 0.5) }
    await #expect(processExitsWith: .failure) { _ = RReLU(lower: .nan) }
  }
}
