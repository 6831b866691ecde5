import CKernels

/// Convolutions of float32 and their gradients: a sample's windows are unfolded into memory that stays in a thread's cache
/// and multiplied at once. Threads share the samples and groups; where those are few, the parts of each.
enum ConvolutionKernel: Kernel {
  static func prepare(_ request: KernelRequest) -> PreparedKernel? {
    guard request.isFloat32, let task = ConvolutionTask(request) else { return nil }
    let name = "\(request.operation.name) \(request.inputs[0].shape) \(request.inputs[1].shape)"
    return PreparedKernel(scratchByteCount: task.scratchFloats * 4) { slot in
      var task = task
      task.scratch = slot
      return Step(name, task, threads: task.threads) { context, slots in
        run(context.context(ConvolutionTask.self), slots)
      }
    }
  }
}

/// What a step of a convolution knows. An item is a sample of a group.
private struct ConvolutionTask {
  enum Kind {
    case output, input, weights
  }

  let kind: Kind
  var windows: descent_windows
  /// Whether every element is a window by itself, so that nothing is unfolded.
  let isFlat: Bool
  let batch, groups: Int
  /// Of one group: channels of x and of y, and elements of a window over all of those channels.
  let inputs, outputs, inner: Int
  /// Elements of one channel of x and of y.
  let extent, count: Int
  let first, second, result: Int
  /// The product of an item.
  var product: descent_product
  let packing, threads: Int
  /// Weights are summed over parts of the batch, and the parts one behind the other: as many whatever the threads.
  let chunks: Int
  var scratch = 0

  private var columns: Int { isFlat ? 0 : rounded(inner * count) }
  private var perThread: Int { columns + rounded(packing) }
  private var shared: Int {
    switch kind {
    case .output: 0
    case .input: rounded(groups * inner * outputs)
    case .weights: rounded(chunks * groups * inner * outputs)
    }
  }
  var scratchFloats: Int { shared + threads * perThread + 16 }
  var items: Int { batch * groups }
  /// What threads share as a whole.
  var units: Int { kind == .weights ? chunks * groups : items }
  var dividesUnits: Bool { units >= threads }

  init?(_ request: KernelRequest) {
    let form: ConvolutionForm
    let (x, y): (Shape, Shape)
    switch request.operation {
    case let operation as Convolve:
      (kind, form, x, y) = (.output, operation.form, request.inputs[0].shape, request.result.shape)
    case let operation as ConvolveToInput:
      (kind, form, x, y) = (.input, operation.form, request.result.shape, request.inputs[0].shape)
    case let operation as ConvolveToWeights:
      (kind, form, x, y) = (.weights, operation.form, request.inputs[0].shape, request.inputs[1].shape)
    default: return nil
    }
    (batch, groups) = (x[0], form.groups)
    (inputs, outputs) = (x[1] / groups, y[1] / groups)
    (extent, count) = (Shape(form.windows.extents).elementCount, form.count)
    inner = inputs * form.kernel
    guard batch * groups * inputs * outputs * extent * count > 0 else { return nil }
    isFlat = form.windows.areElements
    windows = FoldingKernel.code(form.windows)
    (first, second, result) = (request.inputSlots[0], request.inputSlots[1], request.resultSlot)
    let (m, n, k): (Int, Int, Int)
    switch kind {
    case .output: (m, n, k) = (outputs, count, inner)
    case .input: (m, n, k) = (inner, count, outputs)
    // the transpose of the weights, so that the unfolded windows are on the left, which needs no packing
    case .weights: (m, n, k) = (inner, outputs, count)
    }
    product = descent_product(
      transposes_left: false, transposes_right: kind == .weights, m: Int64(m), n: Int64(n), k: Int64(k), lda: Int64(k),
      ldb: Int64(kind == .weights ? k : n), ldc: Int64(n))
    packing = Int(descent_sgemm_scratch(Int64(m), Int64(n), Int64(k)))
    threads = usefulThreads(
      request.settings, elements: batch * groups * outputs * count, cost: 0.25 * Double(inner))
    // sixteen, if they take no more than 16 MB together
    chunks = max(1, min(16, batch, (4 << 20) / max(1, groups * inner * outputs)))
  }

  func sharedMemory(_ slots: Slots) -> UnsafeMutablePointer<Float> {
    let address = (UInt(bitPattern: slots.floats(scratch)) + 63) & ~63
    return UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  /// A thread's unfolded windows, and behind them what it packs.
  func memory(_ slots: Slots, _ part: Int) -> UnsafeMutablePointer<Float> {
    sharedMemory(slots) + shared + part * perThread
  }

  func packed(_ slots: Slots, _ part: Int) -> UnsafeMutablePointer<Float> { memory(slots, part) + columns }
}

/// Up to a line of the cache.
private func rounded(_ floats: Int) -> Int { (floats + 15) / 16 * 16 }

extension UnsafeMutablePointer<ConvolutionTask> {
  fileprivate func x(_ item: Int, _ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    floats + item * pointee.inputs * pointee.extent
  }

  fileprivate func y(_ item: Int, _ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    floats + item * pointee.outputs * pointee.count
  }

  /// The part of an item's channels that one of several threads unfolds to, or folds from, `columns`.
  fileprivate func move(
    _ item: Int, _ slots: Slots, _ columns: UnsafeMutablePointer<Float>, part: Int, of parts: Int
  ) {
    guard !pointee.isFlat else { return }
    let channels = share(part, of: parts, count: pointee.inputs)
    let (start, end) = (Int64(channels.lowerBound), Int64(channels.upperBound))
    if pointee.kind == .input {
      descent_fold(&pointee.windows, columns, x(item, slots.floats(pointee.result)), start, end)
    } else {
      descent_unfold(&pointee.windows, x(item, slots.floats(pointee.first)), columns, start, end)
    }
  }

  /// The part of an item's product that one of several threads computes.
  fileprivate func multiply(
    _ item: Int, _ slots: Slots, _ columns: UnsafeMutablePointer<Float>, _ packed: UnsafeMutablePointer<Float>,
    part: Int, of parts: Int, into sum: (at: UnsafeMutablePointer<Float>, isFirst: Bool)?
  ) {
    let group = item % pointee.groups
    let weights = group * pointee.inner * pointee.outputs
    let (left, right, target): (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>)
    switch pointee.kind {
    case .output:
      left = UnsafePointer(slots.floats(pointee.second) + weights)
      right = UnsafePointer(pointee.isFlat ? x(item, slots.floats(pointee.first)) : columns)
      target = y(item, slots.floats(pointee.result))
    case .input:
      left = UnsafePointer(pointee.sharedMemory(slots) + weights)
      right = UnsafePointer(y(item, slots.floats(pointee.first)))
      target = pointee.isFlat ? x(item, slots.floats(pointee.result)) : columns
    case .weights:
      left = UnsafePointer(pointee.isFlat ? x(item, slots.floats(pointee.first)) : columns)
      right = UnsafePointer(y(item, slots.floats(pointee.second)))
      target = sum?.at ?? columns
    }
    let (m, n) = (Int(pointee.product.m), Int(pointee.product.n))
    let rows = m >= n ? share(part, of: parts, count: m, unit: 6) : 0..<m
    let places = m >= n ? 0..<n : share(part, of: parts, count: n, unit: 16)
    descent_sgemm(
      &pointee.product, 1, left, right, sum.map { $0.isFirst ? 0 : 1 } ?? 0, target, nil, Int64(rows.lowerBound),
      Int64(rows.upperBound), Int64(places.lowerBound), Int64(places.upperBound), packed, nil)
  }

  /// The items of a unit, and the sum that they go into: for weights those of a group in a part of the batch.
  fileprivate func forEachItem(
    of unit: Int, _ slots: Slots,
    _ body: (_ item: Int, _ sum: (at: UnsafeMutablePointer<Float>, isFirst: Bool)?) -> Void
  ) {
    guard pointee.kind == .weights else { return body(unit, nil) }
    let (chunk, group) = (unit / pointee.groups, unit % pointee.groups)
    let samples = share(chunk, of: pointee.chunks, count: pointee.batch)
    let sum = pointee.sharedMemory(slots) + unit * pointee.inner * pointee.outputs
    for sample in samples { body(sample * pointee.groups + group, (sum, sample == samples.lowerBound)) }
  }

  /// For gradients of the input, the weights of each group transposed: [inner, outputs]. A product reads them as they lie
  /// then, once for each sample.
  fileprivate func transposeWeights(_ slots: Slots) {
    let size = pointee.inner * pointee.outputs
    for group in 0..<pointee.groups {
      transpose(
        slots.floats(pointee.second) + group * size, to: pointee.sharedMemory(slots) + group * size,
        rows: pointee.outputs, columns: pointee.inner)
    }
  }

  /// For gradients of the weights, the sums of all parts of the batch, and their transposes: [outputs, inner].
  fileprivate func addChunks(_ slots: Slots) {
    let size = pointee.inner * pointee.outputs
    let sums = pointee.sharedMemory(slots)
    let all = pointee.groups * size
    for chunk in 1..<max(pointee.chunks, 1) {
      let more = sums + chunk * all
      for place in 0..<all { sums[place] += more[place] }
    }
    for group in 0..<pointee.groups {
      transpose(
        sums + group * size, to: slots.floats(pointee.result) + group * size, rows: pointee.inner,
        columns: pointee.outputs)
    }
  }
}

private func transpose(
  _ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, rows: Int, columns: Int
) {
  // blocks of lines that the cache holds
  for first in stride(from: 0, to: columns, by: 16) {
    for row in 0..<rows {
      for column in first..<min(first + 16, columns) { target[column * rows + row] = source[row * columns + column] }
    }
  }
}

/// What the threads of a step share: in units, or in one phase of an item.
private struct ConvolutionWork {
  let task: UnsafeMutablePointer<ConvolutionTask>
  let slots: Slots
  var item = 0
  var sum: (at: UnsafeMutablePointer<Float>, isFirst: Bool)?
}

private func run(_ task: UnsafeMutablePointer<ConvolutionTask>, _ slots: Slots) {
  let threads = task.pointee.threads
  if task.pointee.kind == .input { task.transposeWeights(slots) }
  var work = ConvolutionWork(task: task, slots: slots)
  if task.pointee.dividesUnits {
    Threads.run(threads, on: work) { work, part in
      let work = work.load(as: ConvolutionWork.self)
      let (task, slots) = (work.task, work.slots)
      let (columns, packed) = (task.pointee.memory(slots, part), task.pointee.packed(slots, part))
      for unit in share(part, of: task.pointee.threads, count: task.pointee.units) {
        task.forEachItem(of: unit, slots) { item, sum in
          if task.pointee.kind != .input { task.move(item, slots, columns, part: 0, of: 1) }
          task.multiply(item, slots, columns, packed, part: 0, of: 1, into: sum)
          if task.pointee.kind == .input { task.move(item, slots, columns, part: 0, of: 1) }
        }
      }
    }
  } else {
    for unit in 0..<task.pointee.units {
      task.forEachItem(of: unit, slots) { item, sum in
        (work.item, work.sum) = (item, sum)
        if task.pointee.kind != .input { Threads.run(threads, on: work, moveTogether) }
        Threads.run(threads, on: work, multiplyTogether)
        if task.pointee.kind == .input { Threads.run(threads, on: work, moveTogether) }
      }
    }
  }
  if task.pointee.kind == .weights { task.addChunks(slots) }
}

/// All threads unfold into, or fold from, the first one's memory.
private let moveTogether: Threads.Part = { work, part in
  let work = work.load(as: ConvolutionWork.self)
  let (task, slots) = (work.task, work.slots)
  task.move(work.item, slots, task.pointee.memory(slots, 0), part: part, of: task.pointee.threads)
}

private let multiplyTogether: Threads.Part = { work, part in
  let work = work.load(as: ConvolutionWork.self)
  let (task, slots) = (work.task, work.slots)
  task.multiply(
    work.item, slots, task.pointee.memory(slots, 0), task.pointee.packed(slots, part), part: part,
    of: task.pointee.threads, into: work.sum)
}
