// Labels, masks and counts: whole numbers and truth values, which the elementwise programs do not know. There are few of
// them beside the numbers of a network, so that one thread runs these loops.

/// The place of the extreme in rows of float32.
enum ArgumentKernel: Kernel {
  private struct Context {
    let isMaximum: Bool
    let input, result: Int
    let extent, count: Int
    let threads: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let reduction = request.operation as? ArgumentReduction, request.inputs[0].type == .float32,
      let extent = request.inputs[0].shape.last
    else { return nil }
    let count = request.result.elementCount
    let context = Context(
      isMaximum: reduction.isMaximum, input: request.inputSlots[0], result: request.resultSlot, extent: extent,
      count: count, threads: usefulThreads(request.settings, elements: count * extent, cost: 8))
    return PreparedKernel { _ in
      Step("\(reduction.name) \(request.inputs[0].shape)", context) { context, slots in
        let context = context.context(Context.self)
        Threads.run(context.pointee.threads, on: (context, slots)) { work, part in
          let (context, slots) = work.load(as: (UnsafeMutablePointer<Context>, Slots).self)
          let extent = context.pointee.extent
          let input = slots.floats(context.pointee.input)
          let result = slots.memory(context.pointee.result, of: Int64.self)
          for row in share(part, of: context.pointee.threads, count: context.pointee.count) {
            let numbers = UnsafeBufferPointer(start: input + row * extent, count: extent)
            let place =
              context.pointee.isMaximum
              ? ArgumentKernel.extreme(numbers, >=) : ArgumentKernel.extreme(numbers, <=)
            result[row] = Int64(place)
          }
        }
      }
    }
  }

  /// The first place whose number no other one beats; NaN beats every number.
  @inline(__always)
  private static func extreme(_ numbers: UnsafeBufferPointer<Float>, _ holds: (Float, Float) -> Bool) -> Int {
    var (best, top) = (0, numbers[0])
    for place in 1..<max(numbers.count, 1) where !holds(top, numbers[place]) {
      if top.isNaN { break }
      (best, top) = (place, numbers[place])
    }
    return best
  }
}

/// Whole numbers and truth values as int64.
enum IntegerCastKernel: Kernel {
  private struct Context {
    let type: ElementType
    let input, result: Int
    let count: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    let input = request.inputs[0]
    guard request.operation is Cast, request.result.type == .int64, !input.type.isFloatingPoint else { return nil }
    let context = Context(
      type: input.type, input: request.inputSlots[0], result: request.resultSlot, count: input.elementCount)
    return PreparedKernel { _ in
      Step("cast \(input) to int64", context) { context, slots in
        let context = context.context(Context.self).pointee
        let result = slots.memory(context.result, of: Int64.self)
        switch context.type {
        case .int64: IntegerCastKernel.widen(slots.memory(context.input, of: Int64.self), context.count, into: result)
        case .int32: IntegerCastKernel.widen(slots.memory(context.input, of: Int32.self), context.count, into: result)
        default: IntegerCastKernel.widen(slots.memory(context.input, of: UInt8.self), context.count, into: result)
        }
      }
    }
  }

  private static func widen<Number: FixedWidthInteger>(
    _ numbers: UnsafePointer<Number>, _ count: Int, into result: UnsafeMutablePointer<Int64>
  ) {
    for place in 0..<count { result[place] = Int64(truncatingIfNeeded: numbers[place]) }
  }
}

/// Comparisons of whole numbers, place by place.
enum IntegerComparisonKernel: Kernel {
  private struct Context {
    let function: ElementwiseFunction
    let type: ElementType
    let left, right, result: Int
    let count: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard let function = (request.operation as? Elementwise)?.function, function.row.isComparison,
      request.inputs[0] == request.inputs[1], request.inputs[0].type.isInteger
    else { return nil }
    let context = Context(
      function: function, type: request.inputs[0].type, left: request.inputSlots[0], right: request.inputSlots[1],
      result: request.resultSlot, count: request.result.elementCount)
    return PreparedKernel { _ in
      Step("\(function.rawValue) \(request.inputs[0])", context) { context, slots in
        let context = context.context(Context.self).pointee
        switch context.type {
        case .int64: IntegerComparisonKernel.compare(context, slots, Int64.self)
        case .int32: IntegerComparisonKernel.compare(context, slots, Int32.self)
        default: IntegerComparisonKernel.compare(context, slots, UInt8.self)
        }
      }
    }
  }

  private static func compare<Number: FixedWidthInteger>(_ context: Context, _ slots: Slots, _ type: Number.Type) {
    let (left, right) = (slots.memory(context.left, of: type), slots.memory(context.right, of: type))
    let result = slots.memory(context.result, of: Bool.self)
    @inline(__always)
    func each(_ holds: (Number, Number) -> Bool) {
      for place in 0..<context.count { result[place] = holds(left[place], right[place]) }
    }
    switch context.function {
    case .equal: each(==)
    case .notEqual: each(!=)
    case .less: each(<)
    case .lessEqual: each(<=)
    case .greater: each(>)
    default: each(>=)
    }
  }
}

/// Sums of whole numbers and truth values, over the last axes.
enum IntegerSumKernel: Kernel {
  private struct Context {
    let type: ElementType
    let input, result: Int
    let extent, count: Int
  }

  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    let input = request.inputs[0]
    guard let reduction = request.operation as? Reduction, reduction.kind == .sum, !input.type.isFloatingPoint else {
      return nil
    }
    let first = input.shape.count - reduction.axes.count
    guard reduction.axes == Array(first..<input.shape.count) else { return nil }
    let context = Context(
      type: input.type, input: request.inputSlots[0], result: request.resultSlot,
      extent: Shape(input.shape[first...]).elementCount, count: request.result.elementCount)
    return PreparedKernel { _ in
      Step("sum \(input)", context) { context, slots in
        let context = context.context(Context.self).pointee
        switch context.type {
        case .int64: IntegerSumKernel.sum(context, slots, Int64.self)
        case .int32: IntegerSumKernel.sum(context, slots, Int32.self)
        default: IntegerSumKernel.sum(context, slots, UInt8.self)
        }
      }
    }
  }

  private static func sum<Number: FixedWidthInteger>(_ context: Context, _ slots: Slots, _ type: Number.Type) {
    let numbers = slots.memory(context.input, of: type)
    let result = slots.memory(context.result, of: Int64.self)
    for row in 0..<context.count {
      var total: Int64 = 0
      for place in row * context.extent..<(row + 1) * context.extent {
        total &+= Int64(truncatingIfNeeded: numbers[place])
      }
      result[row] = total
    }
  }
}

extension UnsafeMutablePointer<UnsafeMutableRawPointer?> {
  /// The memory of a slot as numbers of a type; truth values are bytes of 0 and 1.
  @inline(__always)
  fileprivate func memory<Number>(_ slot: Int, of type: Number.Type) -> UnsafeMutablePointer<Number> {
    self[slot].unsafelyUnwrapped.assumingMemoryBound(to: type)
  }
}
