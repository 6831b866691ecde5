import CKernels

private typealias ProductContext = ProductKernel.Context

/// Matrix products of float32.
enum ProductKernel: Kernel {
  fileprivate struct Context {
    let product: Product
    let extents: Product.Extents
    /// Where each pair of matrices starts.
    let matrices: [(left: Int, right: Int)]
    let left, right, result, scratch: Int
    let scratchFloats: Int
    let threads: Int
    /// Whether threads share the rows of a product, or its columns.
    let dividesRows: Bool
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let product = request.operation as? Product, request.isFloat32 else { return nil }
    let (left, right) = (request.inputs[0].shape, request.inputs[1].shape)
    let extents = product.extents(left, right)
    let matrices = matrixOffsets(request.result.shape, left, right)
    let threads = usefulThreads(request.settings, elements: extents.m * extents.n, cost: Double(extents.k) / 4)
    let floats = Int(descent_sgemm_scratch(Int64(extents.m), Int64(extents.n), Int64(extents.k)))
    return PreparedKernel(scratchByteCount: floats * threads * 4) { scratch in
      let context = Context(
        product: product, extents: extents, matrices: matrices, left: request.inputSlots[0],
        right: request.inputSlots[1], result: request.resultSlot, scratch: scratch, scratchFloats: floats,
        threads: threads, dividesRows: extents.m >= extents.n)
      let name = "matmul \(extents.m)×\(extents.k)×\(extents.n)" + (matrices.count > 1 ? " × \(matrices.count)" : "")
      return Step(name, context, threads: threads) { context, slots in
        let context = context.context(Context.self)
        let (threads, left, right) = (context.pointee.threads, context.pointee.left, context.pointee.right)
        let (m, n) = (context.pointee.extents.m, context.pointee.extents.n)
        let scratch = context.pointee.scratchFloats == 0 ? nil : slots.floats(context.pointee.scratch)
        for batch in context.pointee.matrices.indices {
          let offsets = context.pointee.matrices[batch]
          let a = slots.floats(left) + offsets.left
          let b = slots.floats(right) + offsets.right
          let c = slots.floats(context.pointee.result) + batch * m * n
          if threads == 1 {
            run(context, a, b, c, rows: 0..<m, columns: 0..<n, scratch)
          } else if context.pointee.dividesRows {
            Threads.run(threads) { part in
              let rows = share(part, of: threads, count: m, unit: 6)
              run(
                context, a, b, c, rows: rows, columns: 0..<n, scratch.map { $0 + part * context.pointee.scratchFloats })
            }
          } else {
            Threads.run(threads) { part in
              let columns = share(part, of: threads, count: n, unit: 16)
              run(
                context, a, b, c, rows: 0..<m, columns: columns,
                scratch.map { $0 + part * context.pointee.scratchFloats })
            }
          }
        }
      }
    }
  }
}

private func run(
  _ context: UnsafeMutablePointer<ProductContext>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, rows: Range<Int>, columns: Range<Int>, _ scratch: UnsafeMutablePointer<Float>?
) {
  let (extents, product) = (context.pointee.extents, context.pointee.product)
  descent_sgemm(
    product.transposesLeft, product.transposesRight, Int64(extents.m), Int64(extents.n), Int64(extents.k), 1, a,
    Int64(product.transposesLeft ? extents.m : extents.k), b,
    Int64(product.transposesRight ? extents.k : extents.n), 0, c, Int64(extents.n), Int64(rows.lowerBound),
    Int64(rows.upperBound), Int64(columns.lowerBound), Int64(columns.upperBound), scratch)
}
