import CKernels

/// Unfolding and folding of float32 over one to three axes, and unfolding of bfloat16. Threads share the planes.
enum FoldingKernel: Kernel {
  private struct Context {
    var windows: descent_windows
    let isFold: Bool
    let isHalf: Bool
    let input, result: Int
    let planes, threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    let isHalf = request.operation is Unfold && request.areAll(.bfloat16)
    guard request.isFloat32 || isHalf, let windows = windows(of: request.operation) else { return nil }
    let planes = request.result.shape[0] * request.result.shape[1]
    let isFold = request.operation is Fold
    let elements = isFold ? request.inputs[0].elementCount : request.result.elementCount
    let context = Context(
      windows: code(windows), isFold: isFold, isHalf: isHalf, input: request.inputSlots[0],
      result: request.resultSlot, planes: planes,
      threads: min(max(planes, 1), usefulThreads(request.settings, elements: elements, cost: 2)))
    let name = "\(request.operation.name) \(request.inputs[0].shape) → \(request.result.shape)"
    return PreparedKernel { _ in
      Step(name, context, threads: context.threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let (input, result) = (slots.floats(context.pointee.input), slots.floats(context.pointee.result))
          let range = share(part, of: context.pointee.threads, count: context.pointee.planes)
          let (start, end) = (Int64(range.lowerBound), Int64(range.upperBound))
          if context.pointee.isHalf {
            descent_unfold_halves(
              &context.pointee.windows, slots.halves(context.pointee.input), slots.halves(context.pointee.result),
              start,
              end)
          } else if context.pointee.isFold {
            descent_fold(&context.pointee.windows, input, result, start, end)
          } else {
            descent_unfold(&context.pointee.windows, input, result, start, end)
          }
        }
      }
    }
  }

  private static func windows(of operation: any Operation) -> Windows? {
    (operation as? Unfold)?.windows ?? (operation as? Fold)?.windows
  }

  static func code(_ windows: Windows) -> descent_windows {
    descent_windows(
      extents: three(windows.extents, missing: 1), kernel: three(windows.kernel, missing: 1),
      stride: three(windows.stride, missing: 1), dilation: three(windows.dilation, missing: 1),
      low: three(windows.low, missing: 0), counts: three(windows.counts, missing: 1))
  }
}

/// Numbers of the last one to three axes, as C takes them.
private func three(_ numbers: [Int], missing: Int64) -> (Int64, Int64, Int64) {
  let all = [Int64](repeating: missing, count: 3 - numbers.count) + numbers.map { Int64($0) }
  return (all[0], all[1], all[2])
}

/// The greatest elements of windows of float32. Threads share the planes.
enum GreatestPlacesKernel: Kernel {
  /// Where the windows begin and end, axis by axis, in memory that stays where it is.
  private final class Bounds: Sendable {
    let numbers: Address<Int64>

    init(_ numbers: [Int64]) {
      self.numbers = Address(.allocate(capacity: max(numbers.count, 1)))
      for (place, number) in numbers.enumerated() { (self.numbers.pointer + place).initialize(to: number) }
    }

    deinit { numbers.pointer.deallocate() }
  }

  private struct Context {
    var bounds: descent_bounds
    let owner: Bounds
    let input, result: Int
    let planes, threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let operation = request.operation as? GreatestPlaces, request.inputs[0].type == .float32,
      operation.axes.count <= 3
    else { return nil }
    let whole = GreatestPlaces.Axis(extent: 1, step: 1, starts: [0], ends: [1])
    let axes = [GreatestPlaces.Axis](repeating: whole, count: 3 - operation.axes.count) + operation.axes
    let owner = Bounds(axes.flatMap { ($0.starts + $0.ends).map { Int64($0) } })
    // each axis's starts, and behind them its ends
    var next = UnsafePointer(owner.numbers.pointer)
    let pointers = axes.map { axis in
      defer { next += 2 * axis.starts.count }
      return (next, next + axis.starts.count)
    }
    let planes = request.result.shape[0] * request.result.shape[1]
    let context = Context(
      bounds: descent_bounds(
        extents: three(axes.map(\.extent), missing: 1), counts: three(axes.map(\.starts.count), missing: 1),
        steps: three(axes.map(\.step), missing: 1), starts: (pointers[0].0, pointers[1].0, pointers[2].0),
        ends: (pointers[0].1, pointers[1].1, pointers[2].1)), owner: owner, input: request.inputSlots[0],
      result: request.resultSlot, planes: planes,
      threads: min(
        max(planes, 1), usefulThreads(request.settings, elements: request.inputs[0].elementCount, cost: 20)))
    let name = "\(operation.name) \(request.inputs[0].shape) → \(request.result.shape)"
    return PreparedKernel { _ in
      Step(name, context, threads: context.threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let result = slots[context.pointee.result].unsafelyUnwrapped.assumingMemoryBound(to: Int64.self)
          let range = share(part, of: context.pointee.threads, count: context.pointee.planes)
          descent_greatest_places(
            &context.pointee.bounds, slots.floats(context.pointee.input), result, Int64(range.lowerBound),
            Int64(range.upperBound))
        }
      }
    }
  }
}

/// Gathering along the last axis of float32 or bfloat16 by int64 places, and its converse of float32. Threads share the
/// rows.
enum GatherKernel: Kernel {
  private struct Context {
    let isConverse: Bool
    let isHalf: Bool
    let input, places, result: Int
    let extent, count, rows, threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    let isConverse = request.operation is GatherBack
    guard let axis = (request.operation as? Gather)?.axis ?? (request.operation as? GatherBack)?.axis,
      axis == request.result.shape.count - 1, request.inputs[1].type == .int64
    else { return nil }
    let isHalf = !isConverse && request.inputs[0].type == .bfloat16
    guard request.inputs[0].type == .float32 || isHalf else { return nil }
    let rows = Shape(request.result.shape.dropLast()).elementCount
    let (extent, count) = ((isConverse ? request.result : request.inputs[0]).shape[axis], request.inputs[1].shape[axis])
    let context = Context(
      isConverse: isConverse, isHalf: isHalf, input: request.inputSlots[0], places: request.inputSlots[1],
      result: request.resultSlot, extent: extent, count: count, rows: rows,
      threads: min(max(rows, 1), usefulThreads(request.settings, elements: rows * count, cost: 12)))
    let name = "\(request.operation.name) \(request.inputs[0].shape) → \(request.result.shape)"
    return PreparedKernel { _ in
      Step(name, context, threads: context.threads) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let (input, result) = (slots.floats(context.pointee.input), slots.floats(context.pointee.result))
          let places = slots[context.pointee.places].unsafelyUnwrapped.assumingMemoryBound(to: Int64.self)
          let range = share(part, of: context.pointee.threads, count: context.pointee.rows)
          let (extent, count) = (Int64(context.pointee.extent), Int64(context.pointee.count))
          let (start, end) = (Int64(range.lowerBound), Int64(range.upperBound))
          let wrong: Int64
          if context.pointee.isHalf {
            wrong = descent_gather_halves(
              slots.halves(context.pointee.input), places, slots.halves(context.pointee.result), extent, count, start,
              end)
          } else {
            let function = context.pointee.isConverse ? descent_scatter_places : descent_gather_places
            wrong = function(input, places, result, extent, count, start, end)
          }
          check(wrong < 0, "gather: index \(places[Int(wrong)]) is outside extent \(context.pointee.extent)")
        }
      }
    }
  }
}
