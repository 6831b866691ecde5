#if OneDNN
  import CKernels
  import COneDNN

  /// Matrix products of float32 by oneDNN, on its own threads.
  enum OneDNNProductKernel: Kernel {
    fileprivate struct Context {
      let product: Product
      let extents: Product.Extents
      let matrices: [(left: Int, right: Int)]
      let left, right, result: Int
      let threads: Int
    }

    /// Below this many multiplications a call costs more than wider vectors bring.
    private static let smallest = 1 << 20

    static func prepare(_ request: KernelRequest) -> PreparedKernel? {
      guard let product = request.operation as? Product, request.isFloat32, request.result.elementCount > 0 else {
        return nil
      }
      let (left, right) = (request.inputs[0].shape, request.inputs[1].shape)
      let extents = product.extents(left, right)
      guard extents.k > 0, isWanted(request.settings, extents) else { return nil }
      let context = Context(
        product: product, extents: extents, matrices: matrixOffsets(request.result.shape, left, right),
        left: request.inputSlots[0], right: request.inputSlots[1], result: request.resultSlot,
        threads: request.settings.threads)
      return PreparedKernel { _ in
        let name = "matmul \(extents.m)×\(extents.k)×\(extents.n) (oneDNN)"
        return Step(name, context, threads: context.threads) { context, slots in
          multiply(context.context(Context.self), slots)
        }
      }
    }

    private static func isWanted(_ settings: ExecutionSettings, _ extents: Product.Extents) -> Bool {
      // oneDNN divides sums among threads as it likes
      guard !settings.isDeterministic else { return false }
      switch settings.products {
      case .own: return false
      case .oneDNN: return true
      case .automatic: return descent_processor_is_wider() && extents.m * extents.n * extents.k >= smallest
      }
    }
  }

  private func multiply(_ context: UnsafeMutablePointer<OneDNNProductKernel.Context>, _ slots: Slots) {
    Threads.setTeam(context.pointee.threads)
    let (extents, product) = (context.pointee.extents, context.pointee.product)
    for batch in context.pointee.matrices.indices {
      let offsets = context.pointee.matrices[batch]
      let status = dnnl_sgemm(
        product.transposesLeft ? transposed : plain, product.transposesRight ? transposed : plain,
        Int64(extents.m), Int64(extents.n), Int64(extents.k), 1, slots.floats(context.pointee.left) + offsets.left,
        Int64(product.transposesLeft ? extents.m : extents.k), slots.floats(context.pointee.right) + offsets.right,
        Int64(product.transposesRight ? extents.k : extents.n), 0,
        slots.floats(context.pointee.result) + batch * extents.m * extents.n, Int64(extents.n))
      check(status == dnnl_success, "matmul: oneDNN refused \(extents.m)×\(extents.k)×\(extents.n)")
    }
  }

  private let transposed = CChar(UInt8(ascii: "T"))
  private let plain = CChar(UInt8(ascii: "N"))
#endif
