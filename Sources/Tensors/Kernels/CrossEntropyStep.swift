import CKernels

private struct CrossEntropyContext {
  let logits, classes: Int
  let areClassesWide: Bool
  let lossGradient: (slot: Int, isOne: Bool)?
  let losses, gradient: Int?
  let rows, count, threads: Int
}

extension StepBuilder {
  /// A cross-entropy of float32 logits, its gradient, or both in one pass; nil for anything else.
  func crossEntropyStep(_ group: Group) -> Step? {
    let values = [group.head, group.partner].compactMap(\.self)
    let loss = values.first { graph.values[$0].operation is SoftmaxCrossEntropy }
    let gradient = values.first { graph.values[$0].operation is SoftmaxCrossEntropyGradient }
    guard let first = loss ?? gradient, graph.hasCrossEntropyKernel(first) else { return nil }
    let inputs = graph.values[gradient ?? first].inputs
    let (logits, classes) = (graph.values[inputs[0]].signature, graph.values[inputs[1]].signature)
    let count = logits.shape[logits.shape.count - 1]
    let rows = classes.elementCount
    let context = CrossEntropyContext(
      logits: slot(of: inputs[0]), classes: slot(of: inputs[1]), areClassesWide: classes.type == .int64,
      lossGradient: gradient.map { _ in (slot(of: inputs[2]), graph.values[inputs[2]].signature.shape.isEmpty) },
      losses: loss.map(slot(of:)), gradient: gradient.map(slot(of:)), rows: rows, count: count,
      threads: usefulThreads(settings, elements: rows * count, cost: 8))
    return Step(
      values.map { graph.values[$0].operation.name }.joined(separator: " ") + " \(rows)×\(count)", context,
      threads: context.threads
    ) {
      context, slots in
      run(context.context(CrossEntropyContext.self).pointee, slots)
    }
  }
}

private func run(_ context: CrossEntropyContext, _ slots: Slots) {
  let task = descent_cross_entropy(
    logits: slots.floats(context.logits), classes: slots[context.classes], wide: context.areClassesWide,
    one_gradient: context.lossGradient?.isOne ?? false,
    loss_gradient: context.lossGradient.map { UnsafePointer(slots.floats($0.slot)) }, count: Int64(context.count),
    losses: context.losses.map { slots.floats($0) }, gradient: context.gradient.map { slots.floats($0) })
  let threads = context.threads
  Threads.run(threads, on: CrossEntropyWork(task: task, rows: context.rows, threads: threads)) { work, part in
    var work = work.load(as: CrossEntropyWork.self)
    let range = share(part, of: work.threads, count: work.rows)
    let wrong = Int(descent_softmax_cross_entropy(&work.task, Int64(range.lowerBound), Int64(range.upperBound)))
    if wrong >= 0 { checkClass(classAt(wrong, work.task), count: Int(work.task.count)) }
  }
}

private struct CrossEntropyWork {
  var task: descent_cross_entropy
  let rows, threads: Int
}

private func classAt(_ row: Int, _ task: descent_cross_entropy) -> Int {
  guard let classes = task.classes else { return -1 }
  return task.wide
    ? Int(classes.assumingMemoryBound(to: Int64.self)[row]) : Int(classes.assumingMemoryBound(to: Int32.self)[row])
}
