extension PlanGraph {
  /// Shares what is computed twice, lets operations read broadcast values and transposed matrices where they lie, joins
  /// sums and updates, and gives every output memory of its own.
  ///
  /// - Parameter fuses: whether operations may be replaced by ones that round otherwise, within the same tolerance.
  mutating func simplify(fuses: Bool) {
    joinAliases()
    foldTransposes()
    if fuses {
      dropBroadcasts()
      joinSums()
    }
    shareCommon()
    if fuses { makeUpdateProducts() }
    widenBFloat16(skipsRounding: fuses)
    separateOutputs()
    dropUnused()
  }

  /// An alias of an alias reads the memory itself, and one that changes no shape is what it stands for.
  private mutating func joinAliases() {
    var replacement = Array(values.indices)
    for index in values.indices where !values[index].isGiven {
      values[index].inputs = values[index].inputs.map { replacement[$0] }
      guard values[index].isAlias else { continue }
      let (memory, signature) = (memory(of: index), values[index].signature)
      if values[memory].signature == signature { replacement[index] = memory }
      values[index].operation = Reshape(shape: signature.shape)
      values[index].inputs = [memory]
    }
    outputs = outputs.map { replacement[$0] }
  }

  /// A product reads a matrix whose last two axes are exchanged without moving it.
  private mutating func foldTransposes() {
    for index in values.indices {
      guard let product = values[index].operation as? Product else { continue }
      var transposes = [product.transposesLeft, product.transposesRight]
      for side in 0..<2 {
        let input = values[values[index].inputs[side]]
        guard let permute = input.operation as? Permute, permute.exchangesLastTwo else { continue }
        values[index].inputs[side] = input.inputs[0]
        transposes[side].toggle()
      }
      values[index].operation = Product(transposesLeft: transposes[0], transposesRight: transposes[1])
    }
  }

  /// Values of equal operation and inputs become one. Random operations differ by their number or their key.
  private mutating func shareCommon() {
    struct Key: Hashable {
      let name: String
      let words: [Int]
    }
    var known: [Key: Int] = [:]
    var replacement = Array(values.indices)
    for index in values.indices where !values[index].isGiven {
      values[index].inputs = values[index].inputs.map { replacement[$0] }
      let value = values[index]
      let kind = Int(bitPattern: ObjectIdentifier(type(of: value.operation)))
      let key = Key(name: value.operation.name, words: [kind] + value.inputs + [-1] + value.operation.attributes)
      if let first = known[key], values[first].signature == value.signature {
        replacement[index] = first
      } else {
        known[key] = index
      }
    }
    outputs = outputs.map { replacement[$0] }
  }

  /// An output that is a leaf, or the memory of another output, becomes a copy.
  private mutating func separateOutputs() {
    var taken: Set<Int> = []
    for place in outputs.indices {
      let memory = memory(of: outputs[place])
      if !values[memory].isGiven, taken.insert(memory).inserted { continue }
      let signature = values[outputs[place]].signature
      values.append(Value(operation: Cast(type: signature.type), inputs: [outputs[place]], signature: signature))
      outputs[place] = values.count - 1
    }
  }

  /// Keeps what an output needs. Leaves stay, so that their places do.
  private mutating func dropUnused() {
    var isUsed = values.map { $0.isGiven }
    var pending = outputs
    while let value = pending.popLast() {
      if isUsed[value] && !values[value].isGiven { continue }
      isUsed[value] = true
      pending.append(contentsOf: values[value].inputs)
    }
    var moved = [Int](repeating: 0, count: values.count)
    var kept: [Value] = []
    for index in values.indices where isUsed[index] {
      moved[index] = kept.count
      kept.append(values[index])
      kept[kept.count - 1].inputs = values[index].inputs.map { moved[$0] }
    }
    values = kept
    outputs = outputs.map { moved[$0] }
  }
}

extension Permute {
  fileprivate var exchangesLastTwo: Bool {
    let rank = order.count
    return rank >= 2 && order == Array(0..<rank - 2) + [rank - 1, rank - 2]
  }
}
