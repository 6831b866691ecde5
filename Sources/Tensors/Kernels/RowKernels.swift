import CKernels

/// Reductions of float32 over neighbouring axes.
enum ReductionKernel: Kernel {
  private struct Context {
    let kind: descent_reduction
    let input, result: Int
    let extent, inner, count: Int
    let threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let reduction = request.operation as? Reduction, request.isFloat32 else { return nil }
    let shape = request.inputs[0].shape
    // axes of extent 1 divide nothing
    let axes = reduction.axes.filter { shape[$0] != 1 }
    let first = axes.first ?? 0
    let end = (axes.last ?? -1) + 1
    guard (first..<max(first, end)).allSatisfy({ axes.contains($0) || shape[$0] == 1 }) else { return nil }
    let extent = Shape(shape[first..<max(first, end)]).elementCount
    let inner = Shape(shape[max(first, end)...]).elementCount
    let count = request.result.elementCount
    let threads = usefulThreads(request.settings, elements: count, cost: Double(extent))
    let context = Context(
      kind: code(reduction.kind), input: request.inputSlots[0], result: request.resultSlot, extent: extent,
      inner: inner, count: count, threads: threads)
    let name = "\(reduction.name) \(shape) → \(request.result.shape)"
    return PreparedKernel { _ in
      Step(name, context, threads: threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let (input, result) = (slots.floats(context.pointee.input), slots.floats(context.pointee.result))
          let range = share(part, of: context.pointee.threads, count: context.pointee.count, unit: 16)
          descent_reduce(
            context.pointee.kind, input, result, Int64(context.pointee.extent), Int64(context.pointee.inner),
            Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }

  private static func code(_ kind: Reduction.Kind) -> descent_reduction {
    switch kind {
    case .sum: DESCENT_SUM
    case .product: DESCENT_PRODUCT
    case .maximum: DESCENT_REDUCE_MAXIMUM
    case .minimum: DESCENT_REDUCE_MINIMUM
    }
  }
}

/// Softmax and its logarithm, of float32 rows.
enum SoftmaxKernel: Kernel {
  private struct Context {
    let isLogarithm: Bool
    let input, result: Int
    let rows, count: Int
    let threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let softmax = request.operation as? Softmax, request.isFloat32, let count = request.result.shape.last,
      count > 0
    else { return nil }
    let rows = request.result.elementCount / count
    let context = Context(
      isLogarithm: softmax.isLogarithm, input: request.inputSlots[0], result: request.resultSlot, rows: rows,
      count: count, threads: usefulThreads(request.settings, elements: rows * count, cost: 8))
    return PreparedKernel { _ in
      Step("\(softmax.name) \(request.result.shape)", context, threads: context.threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let (input, result) = (slots.floats(context.pointee.input), slots.floats(context.pointee.result))
          let range = share(part, of: context.pointee.threads, count: context.pointee.rows)
          descent_softmax(
            context.pointee.isLogarithm, input, result, Int64(context.pointee.count), Int64(range.lowerBound),
            Int64(range.upperBound))
        }
      }
    }
  }
}

/// Random float32 numbers.
enum RandomKernel: Kernel {
  private struct Context {
    let isNormal: Bool
    let number: Int
    let key, result: Int
    let count: Int
    let threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let random = request.operation as? RandomNumbers, request.result.type == .float32,
      random.distribution != .permutation
    else { return nil }
    let count = request.result.elementCount
    let context = Context(
      isNormal: random.distribution == .normal, number: random.number, key: request.inputSlots[0],
      result: request.resultSlot, count: count,
      threads: usefulThreads(request.settings, elements: count, cost: 16))
    return PreparedKernel { _ in
      Step("\(random.name) \(request.result.shape)", context, threads: context.threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let key = slots[context.pointee.key].unsafelyUnwrapped.assumingMemoryBound(to: Int64.self)
          let stream = UInt32(truncatingIfNeeded: key[1] + Int64(context.pointee.number))
          let (seed, step) = (UInt64(bitPattern: key[0]), UInt32(truncatingIfNeeded: key[2]))
          let result = slots.floats(context.pointee.result)
          let range = share(part, of: context.pointee.threads, count: context.pointee.count, unit: 64)
          if context.pointee.isNormal {
            descent_random_normal(seed, stream, step, result, Int64(range.lowerBound), Int64(range.upperBound))
          } else {
            descent_random_uniform(seed, stream, step, result, Int64(range.lowerBound), Int64(range.upperBound))
          }
        }
      }
    }
  }
}
