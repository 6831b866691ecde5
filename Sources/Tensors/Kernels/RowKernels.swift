import CKernels

/// Reductions of float32 over neighbouring axes, or over two stretches of them: the sums of a picture's channels are over
/// the batch and over the pixels. The inner stretch is reduced first, into scratch memory.
enum ReductionKernel: Kernel {
  /// [outer, extent, inner] → [outer, inner].
  fileprivate struct Pass {
    let extent, inner, count, threads: Int

    init(_ shape: Shape, _ axes: Range<Int>, _ settings: ExecutionSettings) {
      extent = Shape(shape[axes]).elementCount
      inner = Shape(shape[axes.upperBound...]).elementCount
      count = Shape(shape[..<axes.lowerBound]).elementCount * inner
      threads = usefulThreads(settings, elements: count, cost: Double(extent))
    }
  }

  private struct Context {
    let kind: descent_reduction
    let input, middle, result: Int
    let first: Pass
    let second: Pass?
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let reduction = request.operation as? Reduction, request.isFloat32 else { return nil }
    let shape = request.inputs[0].shape
    let stretches = stretches(reduction.axes, shape)
    guard stretches.count <= 2 else { return nil }
    let last = stretches.last ?? 0..<0
    let first = Pass(shape, last, request.settings)
    var second: Pass?
    if stretches.count == 2 {
      let reduced = shape.indices.map { last.contains($0) ? 1 : shape[$0] }
      second = Pass(reduced, stretches[0], request.settings)
    }
    let threads = max(first.threads, second?.threads ?? 1)
    let name = "\(reduction.name) \(shape) → \(request.result.shape)"
    return PreparedKernel(scratchByteCount: second == nil ? 0 : max(first.count, 1) * 4) { scratch in
      let context = Context(
        kind: code(reduction.kind), input: request.inputSlots[0],
        middle: second == nil ? request.resultSlot : scratch, result: request.resultSlot, first: first, second: second)
      return Step(name, context, threads: threads) { context, slots in
        let context = context.context(Context.self).pointee
        reduce(context.first, context.kind, slots.floats(context.input), slots.floats(context.middle))
        if let second = context.second {
          reduce(second, context.kind, slots.floats(context.middle), slots.floats(context.result))
        }
      }
    }
  }

  /// The stretches of neighbouring axes; axes of extent 1 divide nothing.
  private static func stretches(_ axes: [Int], _ shape: Shape) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for axis in axes where shape[axis] != 1 {
      if let last = found.last, shape[last.upperBound..<axis].allSatisfy({ $0 == 1 }) {
        found[found.count - 1] = last.lowerBound..<axis + 1
      } else {
        found.append(axis..<axis + 1)
      }
    }
    return found
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

/// One pass of a reduction, by its threads.
private func reduce(
  _ pass: ReductionKernel.Pass, _ kind: descent_reduction, _ input: UnsafePointer<Float>,
  _ result: UnsafeMutablePointer<Float>
) {
  Threads.run(pass.threads, on: (pass, kind, input, result)) { work, part in
    let (pass, kind, input, result) = work.load(
      as: (ReductionKernel.Pass, descent_reduction, UnsafePointer<Float>, UnsafeMutablePointer<Float>).self)
    let range = share(part, of: pass.threads, count: pass.count, unit: 16)
    descent_reduce(
      kind, input, result, Int64(pass.extent), Int64(pass.inner), Int64(range.lowerBound), Int64(range.upperBound))
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
