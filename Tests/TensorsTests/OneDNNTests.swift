#if OneDNN
  import Testing

  @testable import DescentTensors

  /// oneDNN against the definition, wherever the planner would choose between the two.
  @Suite struct OneDNNTests {
    /// One product through the kernel.
    private func multiply(_ product: Product, _ left: Tensor, _ right: Tensor) throws -> Tensor {
      var settings = ExecutionSettings(threads: 2)
      settings.products = .oneDNN
      let inputs = [left.signature, right.signature]
      let request = KernelRequest(
        operation: product, inputs: inputs, result: try product.result(of: inputs), inputSlots: [0, 1], resultSlot: 2,
        settings: settings)
      let step = try #require(OneDNNProductKernel.prepare(request)).step(0)
      let storages = [left.computedStorage(), right.computedStorage(), Storage(byteCount: request.result.byteCount)]
      var slots: [UnsafeMutableRawPointer?] = storages.map(\.address)
      slots.withUnsafeMutableBufferPointer { slots in
        if let base = slots.baseAddress { step.call.function(step.call.context.pointer, base) }
      }
      return Tensor(Node(storage: storages[2], signature: request.result))
    }

    @Test(arguments: [(1, 1, 1), (3, 5, 7), (10, 8, 2), (33, 17, 65), (128, 96, 40)])
    func productsAreThoseOfTheDefinition(_ m: Int, _ n: Int, _ k: Int) throws {
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
          let found = try multiply(product, left, right).scalars(Float.self)
          let wanted = Tensor.applying(product, to: [left, right])
          evaluate([wanted], options: .definitions)
          for (value, truth) in zip(found, wanted.scalars(Float.self)) {
            #expect(abs(value - truth) <= 1e-5 * Float(k).squareRoot() + 1e-5 * abs(truth), "\(m)×\(k)×\(n)")
          }
        }
      }
    }

    @Test func deterministicRunsLeaveProductsToOurOwnKernels() throws {
      var settings = ExecutionSettings(threads: 2, isDeterministic: true)
      settings.products = .oneDNN
      let signature = Signature([64, 64], .float32)
      let request = KernelRequest(
        operation: Product(transposesLeft: false, transposesRight: false), inputs: [signature, signature],
        result: signature, inputSlots: [0, 1], resultSlot: 2, settings: settings)
      #expect(OneDNNProductKernel.prepare(request) == nil)
    }
  }
#endif
