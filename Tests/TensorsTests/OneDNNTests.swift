#if OneDNN
  import Testing

  @testable import DescentTensors

  /// oneDNN against the definition, wherever the planner would choose between the two.
  @Suite struct OneDNNTests {
    private var settings: ExecutionSettings {
      var settings = ExecutionSettings(threads: 2)
      settings.products = .oneDNN
      return settings
    }

    @Test(arguments: [(1, 1, 1), (3, 5, 7), (10, 8, 2), (33, 17, 65), (128, 96, 40)])
    func productsAreThoseOfTheDefinition(_ m: Int, _ n: Int, _ k: Int) {
      for (transposesLeft, transposesRight) in [(false, false), (false, true), (true, false), (true, true)] {
        for batch in [[], [3]] as [Shape] {
          let (left, right) = RandomSource.withSeed(7) {
            (
              Tensor.randomNormal(batch + (transposesLeft ? [k, m] : [m, k])),
              Tensor.randomNormal(transposesRight ? [n, k] : [k, n])
            )
          }
          evaluate(left, right)
          let product = Product(transposesLeft: transposesLeft, transposesRight: transposesRight)
          let wanted = Tensor.applying(product, to: [left, right])
          let (plan, outputs) = planned([wanted], settings: settings)
          #expect(plan.steps.allSatisfy { $0.name.contains("oneDNN") })
          let found = outputs[0].scalars(Float.self)
          evaluate([wanted], options: .definitions)
          for (value, truth) in zip(found, wanted.scalars(Float.self)) {
            #expect(abs(value - truth) <= 1e-5 * Float(k).squareRoot() + 1e-5 * abs(truth), "\(m)×\(k)×\(n)")
          }
        }
      }
    }

    @Test func deterministicRunsLeaveProductsToOurOwnKernels() {
      var settings = settings
      settings.isDeterministic = true
      let matrix = Tensor.ones([64, 64])
      let plan = planned([matrix.matmul(matrix)], settings: settings).plan
      #expect(!plan.steps.contains { $0.name.contains("oneDNN") })
    }
  }
#endif
