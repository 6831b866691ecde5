import Testing

@testable import DescentTensors

/// What plans say about their steps.
@Suite struct ProfileTests {
  @Test func costsOfSteps() throws {
    let function = compile { [$0[0].matmul($0[1]), $0[2] * $0[3] + $0[2], $0[2].sum(axes: [1])] }
    let (left, right) = (Tensor.zeros([3, 5]), Tensor.zeros([5, 7]))
    let (wide, row) = (Tensor.zeros([4, 6]), Tensor.zeros([6]))
    let steps = function.plan(for: [left, right, wide, row]).plan.steps
    func cost(_ word: String) throws -> StepCost { try #require(steps.first { $0.name.contains(word) }).cost }
    #expect(steps.count == 3)
    // (3·5 + 5·7) floats, 3·7 floats, 2·3·5·7 operations
    #expect(try cost("matmul") == StepCost(bytesRead: 200, bytesWritten: 84, flops: 210, threads: 1))
    // what is read twice counts once, what is broadcast with the bytes that it has
    #expect(try cost("multiply add") == StepCost(bytesRead: 120, bytesWritten: 96, flops: 48, threads: 1))
    #expect(try cost("sum") == StepCost(bytesRead: 96, bytesWritten: 16, flops: 24, threads: 1))
    #expect(steps.map(\.cost).reduce(.none, +).flops == 282)
  }

  @Test func threadsOfSteps() {
    let (large, small) = (Tensor.zeros([256, 256]), Tensor.zeros([4, 4]))
    evaluate(large, small)
    func threads(_ tensor: Tensor) -> [Int] {
      planned([tensor], settings: ExecutionSettings(threads: 2)).plan.steps.map(\.cost.threads)
    }
    #expect(threads(large.matmul(large)) == [2])
    #expect(threads(small.matmul(small)) == [1])
  }

  @Test func profilingChangesNothing() {
    let (read, written) = (Variable(Tensor([1, 2] as [Float])), Variable(Tensor([3, 4] as [Float])))
    let function = compile { inputs in
      written.value = written.value * inputs[0] + read.value
      return [written.value.sum() + Tensor.randomUniform([])]
    }
    let plan = function.plan(for: [Tensor([2, 2] as [Float])])
    let times = plan.stepTimes([Tensor([2, 2] as [Float])], runs: 5)
    #expect(times.count == plan.plan.steps.count && times.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(read.value.scalars(Float.self) == [1, 2] && written.value.scalars(Float.self) == [3, 4])
  }
}
