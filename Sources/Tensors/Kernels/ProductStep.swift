import CKernels

/// A product of matrices in float32 and all that its step does beside: the program that runs over every part of the result
/// as soon as it is there, and the sums of the left matrix's columns with theirs.
struct ProductContext {
  var shape: descent_product
  /// Where each pair of matrices starts.
  let matrices: [(left: Int, right: Int)]
  let left, right: Operand
  let result: Int
  /// Where plain descent finds the weights that it moves and the learning rate.
  let update: (weights: Int, rate: Int)?
  /// A row that is added to every row.
  let bias: Int?
  var program: ProgramCall?
  var sums: Sums?
  let packing: Scratch
  let threads: Int
  /// Whether threads share the rows of a product, or its columns.
  let dividesRows: Bool
  /// Whether there are enough matrices for threads to share them, each of which is computed by one thread.
  let dividesMatrices: Bool
  /// Whether oneDNN computes the product itself.
  let usesOneDNN: Bool
  /// What the calls above point into.
  let programs: [Program?]

  /// The sums over the columns of the left matrix, [k, m] → [m], and what follows from them.
  struct Sums {
    let result: Int
    var program: ProgramCall?
  }

  struct Scratch {
    let slot, floats: Int
  }

  /// A matrix, or many of them, that the kernel reads as float32.
  struct Operand {
    let slot: Int
    /// Where a matrix of bfloat16 is widened to before it is read; nil where float32 lies in the slot.
    let widening: Widening?
  }

  struct Widening {
    let slot: Int
    /// Elements of a matrix.
    let count: Int
    /// Whether it is one matrix for all products.
    let isShared: Bool
  }
}

extension StepBuilder {
  /// The step of a product of float32 matrices, or of bfloat16 ones into float32, nil for anything else.
  mutating func productStep(_ group: Group, at index: Int) -> Step? {
    guard let head = group.head, let product = graph.product(of: head) else { return nil }
    let value = graph.values[head]
    guard value.signature.type == .float32 else { return nil }
    let (left, right) = (graph.values[value.inputs[0]].signature.shape, graph.values[value.inputs[1]].signature.shape)
    let extents = product.extents(left, right)
    let (m, n, k) = (extents.m, extents.n, extents.k)
    let usesOneDNN = wantsOneDNN(settings, extents)
    let threads =
      usesOneDNN
      ? settings.threads
      : usefulThreads(
        settings, elements: value.signature.elementCount,
        cost: cost(m, k) + Double(group.program.count))
    let bias = usesOneDNN ? nil : biasAdded(to: head, in: group)
    let rest = Array(group.program.dropFirst(bias == nil ? 0 : 1))
    let result = bias.flatMap { layout.slots[$0.sum] } ?? slot(of: head)
    let program = rest.isEmpty ? nil : program(rest, standIn: bias.map { ($0.sum, head, result) })
    let sumProgram = group.sumProgram.isEmpty ? nil : self.program(group.sumProgram)
    let matrices = matrixOffsets(value.signature.shape, left, right)
    let packing = Int(descent_sgemm_scratch(Int64(m), Int64(n), Int64(k)))
    // a matrix that must be transposed on the right is best divided, since every thread packs what it needs of it
    let dividesRows = m >= n || (!product.transposesRight && 2 * m >= n)
    let dividesMatrices = matrices.count > 1 && matrices.count >= threads && !usesOneDNN
    func operand(_ place: Int, _ count: Int, _ starts: [Int]) -> ProductContext.Operand {
      let (input, slot) = (value.inputs[place], slot(of: value.inputs[place]))
      guard graph.values[input].signature.type == .bfloat16 else { return .init(slot: slot, widening: nil) }
      let isShared = starts.allSatisfy { $0 == starts[0] }
      let copies = isShared || !dividesMatrices ? 1 : threads
      return .init(
        slot: slot,
        widening: .init(
          slot: scratch(byteCount: 4 * count * copies, step: index), count: count, isShared: isShared))
    }
    let context = ProductContext(
      shape: descent_product(
        transposes_left: product.transposesLeft, transposes_right: product.transposesRight, m: Int64(m), n: Int64(n),
        k: Int64(k), lda: Int64(product.transposesLeft ? m : k), ldb: Int64(product.transposesRight ? k : n),
        ldc: Int64(n)),
      matrices: matrices, left: operand(0, m * k, matrices.map(\.left)),
      right: operand(1, k * n, matrices.map(\.right)), result: result,
      update: value.inputs.count > 2 ? (slot(of: value.inputs[2]), slot(of: value.inputs[3])) : nil,
      bias: bias.map { slot(of: $0.bias) },
      program: program.map { call($0, threads: threads, step: index) },
      sums: group.columnSums.map { sums in
        .init(result: slot(of: sums), program: sumProgram.map { call($0, threads: threads, step: index) })
      },
      packing: .init(slot: scratch(byteCount: packing * threads * 4, step: index), floats: packing), threads: threads,
      dividesRows: dividesRows, dividesMatrices: dividesMatrices, usesOneDNN: usesOneDNN,
      programs: [program, sumProgram])
    var name = "\(value.operation.name) \(m)×\(k)×\(n)"
    if context.matrices.count != 1 { name += " × \(context.matrices.count)" }
    if context.usesOneDNN { name += " (oneDNN)" }
    if !group.program.isEmpty { name += " → " + self.name(group.program) }
    if group.columnSums != nil { name += " | sum" }
    if !group.sumProgram.isEmpty { name += " → " + self.name(group.sumProgram) }
    return Step(name, context, threads: threads) { context, slots in
      run(context.context(ProductContext.self), slots)
    }
  }
}

extension StepBuilder {
  /// The cost of an element of a product: a multiply-add is a quarter of an elementwise instruction, unless the right
  /// matrix, read from memory, serves few rows.
  fileprivate func cost(_ m: Int, _ k: Int) -> Double { Double(k) * max(0.25, 1.25 / Double(max(m, 1))) }

  /// The sum of a product and a row, where the group's program begins with it and nothing else reads the product: the
  /// kernel adds the row while the sums are in registers.
  private func biasAdded(to product: Int, in group: Group) -> (sum: Int, bias: Int)? {
    guard let sum = group.program.first, (graph.values[sum].operation as? Elementwise)?.function == .add,
      graph.values[product].operation is Product, readCounts[product] == 1
    else { return nil }
    let inputs = graph.values[sum].inputs
    guard let bias = inputs.first(where: { $0 != product }), inputs.contains(product),
      let n = graph.values[product].signature.shape.last, graph.values[bias].signature.elementCount == n,
      graph.values[bias].signature.shape.last == n
    else { return nil }
    return (sum, bias)
  }
}

/// What the threads of a product share.
private struct ProductWork {
  let context: UnsafeMutablePointer<ProductContext>
  let slots: Slots
  let matrix: Int
}

private func run(_ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots) {
  if !context.pointee.matrices.isEmpty { widen(context, slots, 0, isShared: true) }
  #if OneDNN
    if context.pointee.usesOneDNN {
      multiplyByOneDNN(context, slots)
      return
    }
  #endif
  let threads = context.pointee.threads
  if context.pointee.dividesMatrices {
    Threads.run(threads, on: ProductWork(context: context, slots: slots, matrix: 0)) { work, part in
      let work = work.load(as: ProductWork.self)
      let context = work.context
      let (m, n) = (Int(context.pointee.shape.m), Int(context.pointee.shape.n))
      for matrix in share(part, of: context.pointee.threads, count: context.pointee.matrices.count) {
        let offsets = context.pointee.matrices[matrix]
        widen(context.pointee.left, offsets.left, work.slots, part: part)
        widen(context.pointee.right, offsets.right, work.slots, part: part)
        multiply(context, work.slots, matrix, 0..<m, 0..<n, part: part)
      }
    }
    return
  }
  for matrix in context.pointee.matrices.indices {
    widen(context, slots, matrix, isShared: false)
    if threads == 1 {
      multiply(context, slots, matrix, part: 0)
    } else {
      Threads.run(threads, on: ProductWork(context: context, slots: slots, matrix: matrix)) { work, part in
        let work = work.load(as: ProductWork.self)
        multiply(work.context, work.slots, work.matrix, part: part)
      }
    }
  }
}

extension ProductContext.Operand {
  /// A matrix as float32, which one of several threads, or all of them, have widened.
  @inline(__always)
  fileprivate func floats(_ slots: Slots, offset: Int, part: Int) -> UnsafeMutablePointer<Float> {
    guard let widening else { return slots.floats(slot) + offset }
    return slots.floats(widening.slot) + (widening.isShared ? 0 : part * widening.count)
  }
}

/// Widens a matrix that is read by one product only, by the thread that computes it.
private func widen(_ operand: ProductContext.Operand, _ offset: Int, _ slots: Slots, part: Int) {
  guard let widening = operand.widening, !widening.isShared else { return }
  descent_widen(
    slots.halves(operand.slot) + offset, slots.floats(widening.slot) + part * widening.count, Int64(widening.count))
}

/// Widens a matrix by all threads together: one that all products share, or one that the next product reads.
private func widen(
  _ operand: ProductContext.Operand, _ offset: Int, _ slots: Slots, isShared: Bool, threads: Int
) {
  guard let widening = operand.widening, widening.isShared == isShared else { return }
  // as cheap as copying
  let threads = min(threads, max(1, widening.count / 65_536))
  let work = (slots.halves(operand.slot) + offset, slots.floats(widening.slot), widening.count, threads)
  Threads.run(threads, on: work) { work, part in
    let (source, target, count, threads) = work.load(
      as: (UnsafeMutablePointer<UInt16>, UnsafeMutablePointer<Float>, Int, Int).self)
    let range = share(part, of: threads, count: count, unit: 64)
    descent_widen(source + range.lowerBound, target + range.lowerBound, Int64(range.count))
  }
}

/// Widens both matrices of a product.
private func widen(_ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots, _ matrix: Int, isShared: Bool) {
  let (offsets, threads) = (context.pointee.matrices[matrix], context.pointee.threads)
  widen(context.pointee.left, offsets.left, slots, isShared: isShared, threads: threads)
  widen(context.pointee.right, offsets.right, slots, isShared: isShared, threads: threads)
}

/// One thread's part of a product and of what goes with it.
private func multiply(_ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots, _ matrix: Int, part: Int) {
  let threads = context.pointee.threads
  let (m, n) = (Int(context.pointee.shape.m), Int(context.pointee.shape.n))
  let rows = context.pointee.dividesRows ? share(part, of: threads, count: m, unit: 6) : 0..<m
  let columns = context.pointee.dividesRows ? 0..<n : share(part, of: threads, count: n, unit: 16)
  multiply(context, slots, matrix, rows, columns, part: part)
  addColumns(context, slots, share(part, of: threads, count: m, unit: 16), part: part)
}

/// A part of a product, by one thread.
private func multiply(
  _ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots, _ matrix: Int, _ rows: Range<Int>,
  _ columns: Range<Int>, part: Int
) {
  let (m, n) = (Int(context.pointee.shape.m), Int(context.pointee.shape.n))
  let offsets = context.pointee.matrices[matrix]
  let a = context.pointee.left.floats(slots, offset: offsets.left, part: context.pointee.dividesMatrices ? part : 0)
  let b = context.pointee.right.floats(slots, offset: offsets.right, part: context.pointee.dividesMatrices ? part : 0)
  let first = matrix * m * n
  let c = slots.floats(context.pointee.result) + first
  let packing =
    context.pointee.packing.floats == 0
    ? nil : slots.floats(context.pointee.packing.slot) + part * context.pointee.packing.floats
  var (alpha, beta): (Float, Float) = (1, 0)
  if let update = context.pointee.update {
    (alpha, beta) = (-slots.floats(update.rate).pointee, 1)
    copy(slots.floats(update.weights), to: c, rows, columns, n)
  }
  let bias = context.pointee.bias.map { UnsafePointer(slots.floats($0)) }
  withUnsafePointer(to: &context.pointee.shape) { shape in
    if let program = context.pointee.program {
      var epilogue = descent_epilogue(
        program: program.code, slots: slots, scratch: program.scratch(slots, part: part), first: Int64(first))
      descent_sgemm(
        shape, alpha, a, b, beta, c, bias, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(columns.lowerBound),
        Int64(columns.upperBound), packing, &epilogue)
    } else {
      descent_sgemm(
        shape, alpha, a, b, beta, c, bias, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(columns.lowerBound),
        Int64(columns.upperBound), packing, nil)
    }
  }
}

/// Copies a part of a matrix, unless it lies there already.
private func copy(
  _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>,
  _ n: Int
) {
  guard source != UnsafePointer(target), !columns.isEmpty else { return }
  for row in rows {
    (target + row * n + columns.lowerBound).update(from: source + row * n + columns.lowerBound, count: columns.count)
  }
}

/// Sums of a part of the left matrix's columns, and what follows from them.
private func addColumns(_ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots, _ range: Range<Int>, part: Int)
{
  guard let sums = context.pointee.sums, !range.isEmpty else { return }
  descent_reduce(
    DESCENT_SUM, slots.floats(context.pointee.left.slot), slots.floats(sums.result), context.pointee.shape.k,
    context.pointee.shape.m, Int64(range.lowerBound), Int64(range.upperBound))
  if let program = sums.program { program.run(slots, range, part: part) }
}

#if OneDNN
  private func multiplyByOneDNN(_ context: UnsafeMutablePointer<ProductContext>, _ slots: Slots) {
    let threads = context.pointee.threads
    let (m, n) = (Int(context.pointee.shape.m), Int(context.pointee.shape.n))
    let result = slots.floats(context.pointee.result)
    var (alpha, beta): (Float, Float) = (1, 0)
    if let update = context.pointee.update {
      (alpha, beta) = (-slots.floats(update.rate).pointee, 1)
      copy(slots.floats(update.weights), to: result, 0..<m, 0..<n, n)
    }
    for matrix in context.pointee.matrices.indices {
      widen(context, slots, matrix, isShared: false)
      let offsets = context.pointee.matrices[matrix]
      oneDNNMultiply(
        &context.pointee.shape, alpha, context.pointee.left.floats(slots, offset: offsets.left, part: 0),
        context.pointee.right.floats(slots, offset: offsets.right, part: 0), beta, result + matrix * m * n,
        threads: threads)
    }
    Threads.run(threads, on: ProductWork(context: context, slots: slots, matrix: 0)) { work, part in
      let work = work.load(as: ProductWork.self)
      let (context, threads) = (work.context, work.context.pointee.threads)
      let (m, n) = (Int(context.pointee.shape.m), Int(context.pointee.shape.n))
      let count = context.pointee.matrices.count * m * n
      if let program = context.pointee.program {
        program.run(work.slots, share(part, of: threads, count: count, unit: 64), part: part)
      }
      addColumns(context, work.slots, share(part, of: threads, count: m, unit: 16), part: part)
    }
  }
#endif
