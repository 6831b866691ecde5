/// A leaf whose memory an output is to take over: a variable and its new value.
struct Overwrite: Hashable, Sendable {
  let leaf: Int
  let output: Int
}

/// The values that read a leaf's memory, by the leaf.
typealias LeafReaders = [Int: [Int]]

extension PlanGraph {
  /// The computed values in the order in which they run: each as late as what needs it allows, so that little is alive at
  /// one time, and outputs that need least first. In a training step an update therefore runs right behind the gradient
  /// that it reads.
  ///
  /// A value that overwrites a leaf comes behind all others that read the leaf, where that is possible.
  func order(overwrites: [Overwrite], readers: LeafReaders) -> [Int] {
    var depths = [Int](repeating: 0, count: values.count)
    for (index, value) in values.enumerated() where !value.isGiven {
      depths[index] = 1 + (value.inputs.map { depths[$0] }.max() ?? 0)
    }
    // an output that others read comes when they need it: an optimizer's memory with the weights that move by it
    let read = Set(values.flatMap(\.inputs))
    let roots = outputs.enumerated()
      .sorted {
        (read.contains($0.element) ? 1 : 0, depths[$0.element], $0.offset)
          < (read.contains($1.element) ? 1 : 0, depths[$1.element], $1.offset)
      }
      .map(\.element)

    var before: [Int: [Int]] = [:]
    for overwrite in overwrites {
      let writer = memory(of: outputs[overwrite.output])
      before[writer, default: []] += (readers[overwrite.leaf] ?? []).filter { $0 != writer }
    }
    return postOrder(roots, before: before) ?? postOrder(roots, before: [:]) ?? []
  }

  /// The values, aliases aside, that read each leaf's memory.
  func readersOfLeaves() -> LeafReaders {
    var readers: LeafReaders = [:]
    for (index, value) in values.enumerated() where !value.isGiven && !value.isAlias {
      for input in value.inputs {
        guard let leaf = values[memory(of: input)].leaf, readers[leaf]?.last != index else { continue }
        readers[leaf, default: []].append(index)
      }
    }
    return readers
  }

  /// Depth first: what is needed, small things before large ones, so that a scalar that joins late does not break a pass
  /// over many elements in two; then what needs it. Nil where `before` closes a circle.
  private func postOrder(_ roots: [Int], before: [Int: [Int]]) -> [Int]? {
    enum Visit { case open, done }
    var visits = [Visit?](repeating: nil, count: values.count)
    var order: [Int] = []
    var pending = roots.reversed().map { (value: $0, isLeaving: false) }
    while let (value, isLeaving) = pending.popLast() {
      if isLeaving {
        visits[value] = .done
        if !values[value].isGiven && !values[value].isAlias { order.append(value) }
        continue
      }
      switch visits[value] {
      case .done: continue
      case .open: return nil
      case nil: visits[value] = .open
      }
      pending.append((value, true))
      let inputs = values[value].inputs.enumerated().sorted {
        (values[$0.element].signature.elementCount, $0.offset) > (values[$1.element].signature.elementCount, $1.offset)
      }
      for (_, needed) in inputs where visits[needed] != .done { pending.append((needed, false)) }
      for needed in (before[value] ?? []).reversed() where visits[needed] != .done { pending.append((needed, false)) }
    }
    return order
  }
}
