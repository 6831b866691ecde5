import Testing

@testable import DescentTensors

@Suite struct Smoke {
  @Test func arithmetic() {
    let x = Tensor([1, 2, 3] as [Float]), y = Tensor([10, 20, 30] as [Float])
    #expect((x + y * 2).scalars(Float.self) == [21, 42, 63])
    #expect((x.exp() - x.exp()).sum().item(Float.self) == 0)
    let m = Tensor((0..<6).map(Float.init), shape: [2, 3])
    #expect(m.matmul(m.transposed()).scalars(Float.self) == [5, 14, 14, 50])
    #expect(m.sum(axes: [0]).scalars(Float.self) == [3, 5, 7])
    #expect((m + Tensor([1, 2] as [Float], shape: [2, 1])).scalars(Float.self) == [1, 2, 3, 5, 6, 7])
  }

  @Test func gradientsOfGradients() {
    let x = Tensor([3.0])
    let y = (x * x * x).sum()
    let d = gradient(of: y, with: x)
    let dd = gradient(of: d.sum(), with: x)
    #expect(d.item(Double.self) == 27)
    #expect(dd.item(Double.self) == 18)
  }

  @Test func compiledDescent() {
    let w = Variable(Tensor([2, 4] as [Float]))
    let step = compile { inputs in
      let loss = (w.value * inputs[0]).squared().sum()
      w.value = w.value - gradient(of: loss, with: w.value) * 0.1
      return [loss]
    }
    let x = Tensor([1, 1] as [Float])
    #expect(step(x)[0].item(Float.self) == 20)
    #expect(abs(step(x)[0].item(Float.self) - 12.8) < 1e-5)
    let kept = w.value
    _ = step(x)
    #expect(abs(kept.scalars(Float.self)[0] - 1.28) < 1e-5)
    #expect(abs(w.value.scalars(Float.self)[0] - 1.024) < 1e-5)
  }
}
