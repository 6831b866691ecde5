/// Values that one step computes: an operation, what follows from it element by element while it is in the cache, and
/// sums over a product's left matrix with what follows from these.
struct Group {
  /// The operation that the step begins with; none for a pass over elements.
  private(set) var head: Int?
  /// The loss whose gradient the head is, or the gradient of the loss that it is.
  private(set) var partner: Int?
  /// Elementwise values of the head's shape, in order, in one pass.
  private(set) var program: [Int] = []
  /// The sums of the columns of a product's left matrix, which lies transposed: a bias's gradient beside the weight's.
  private(set) var columnSums: Int?
  /// Elementwise values of the sums' shape, in order, in one pass.
  private(set) var sumProgram: [Int] = []
  /// What the head's operation gives and takes may be followed by a program.
  fileprivate let isProduct: Bool
  /// The memory that the values read.
  fileprivate var reads: Set<Int> = []

  fileprivate init(head: Int, isProduct: Bool) {
    self.head = head
    self.isProduct = isProduct
  }

  fileprivate init(program values: [Int]) {
    program = values
    isProduct = false
  }

  /// In the order in which they are computed.
  var values: [Int] { [head, partner].compactMap(\.self) + program + [columnSums].compactMap(\.self) + sumProgram }

  /// Whether it is a pass over elements and nothing else.
  var isElementwise: Bool { head == nil }

  /// The values that are computed in the same pass as one of them.
  func peers(of value: Int) -> [Int] {
    program.contains(value) ? program : sumProgram.contains(value) ? sumProgram : [value]
  }

  /// Whether a value is computed in a pass over elements.
  func isInProgram(_ value: Int) -> Bool { program.contains(value) || sumProgram.contains(value) }

  /// Whether it is a product that nothing follows: a value of its shape will most likely be read with it.
  fileprivate var waitsForProgram: Bool { isProduct && program.isEmpty }

  fileprivate mutating func setPartner(_ value: Int) { partner = value }
  fileprivate mutating func appendToProgram(_ value: Int) { program.append(value) }
  fileprivate mutating func appendToSums(_ value: Int) {
    if columnSums == nil { columnSums = value } else { sumProgram.append(value) }
  }
}

extension PlanGraph {
  /// Longer passes would not keep their blocks in the first-level cache.
  private static var longestProgram: Int { 48 }
  /// How far back a value may look for a group to join.
  private static var reach: Int { 12 }

  /// Divides ordered values into steps. An elementwise value joins a pass over the same shape that computes one of its
  /// operands, or reads one of them, or is the last one so far, or would follow a product that nothing follows yet, if
  /// everything else it needs has been computed before.
  func groups(_ order: [Int], overwrites: [Overwrite], readers: LeafReaders, fuses: Bool) -> [Group] {
    var groups: [Group] = []
    var place: [Int: Int] = [:]
    var overwritten: [Int: Int] = [:]
    for overwrite in overwrites { overwritten[memory(of: outputs[overwrite.output])] = overwrite.leaf }
    let widenings = fuses ? Widenings(self, order) : Widenings()

    for value in order where !widenings.delayed.contains(value) {
      let members = (widenings.ofReader[value] ?? []) + [value]
      let inputs = members.flatMap { values[$0].inputs.map { memory(of: $0) } }.filter { !members.contains($0) }
      var target: Int?
      if fuses && !widenings.alone.contains(value) {
        var earliest = inputs.compactMap { place[$0] }.max() ?? 0
        if let leaf = overwritten[value] {
          earliest = max(earliest, (readers[leaf] ?? []).filter { $0 != value }.compactMap { place[$0] }.max() ?? 0)
        }
        let first = max(earliest, groups.count - Self.reach)
        target = (first..<max(first, groups.count)).first { candidate in
          let group = groups[candidate]
          let isNear =
            candidate == groups.count - 1 || group.waitsForProgram
            || inputs.contains { group.reads.contains($0) || place[$0] == candidate }
          return isNear && role(of: value, in: group) != nil
        }
      }
      if let target {
        switch role(of: value, in: groups[target]) {
        case .program: for member in members { groups[target].appendToProgram(member) }
        case .partner: groups[target].setPartner(value)
        default: for member in members { groups[target].appendToSums(member) }
        }
      } else {
        if fuses && isProgrammable(value) {
          groups.append(Group(program: members))
        } else {
          groups.append(Group(head: value, isProduct: fuses && isFusibleProduct(value)))
        }
      }
      for member in members { place[member] = target ?? groups.count - 1 }
      groups[target ?? groups.count - 1].reads.formUnion(inputs)
    }
    return groups
  }

  /// What is nothing but a bfloat16 as float32: what reads it widens it by itself, if it is a pass over the same elements.
  private struct Widenings {
    /// Those that wait for their reader, and by it.
    private(set) var delayed: Set<Int> = []
    private(set) var ofReader: [Int: [Int]] = [:]
    /// Those that stand by themselves, right before their reader: in an earlier pass they would be kept in four bytes.
    private(set) var alone: Set<Int> = []

    init() {}

    init(_ graph: PlanGraph, _ order: [Int]) {
      guard graph.hasBFloat16 else { return }
      for value in order {
        for input in graph.values[value].inputs
        where graph.isWidening(input) && !delayed.contains(input) && !graph.outputs.contains(input) {
          if graph.isProgrammable(value) && graph.values[input].signature.shape == graph.values[value].signature.shape {
            delayed.insert(input)
            ofReader[value, default: []].append(input)
          } else {
            alone.insert(input)
          }
        }
      }
    }
  }

  private enum Role { case program, sums, partner }

  /// As what a value could join a group.
  private func role(of value: Int, in group: Group) -> Role? {
    joinsProgram(value, of: group)
      ? .program : joinsSums(value, of: group) ? .sums : isPartner(value, of: group) ? .partner : nil
  }

  /// Whether a cross-entropy and its gradient are of the same logits and classes.
  private func isPartner(_ value: Int, of group: Group) -> Bool {
    guard let head = group.head, group.partner == nil, hasCrossEntropyKernel(value) else { return false }
    switch (values[head].operation, values[value].operation) {
    case (is SoftmaxCrossEntropy, is SoftmaxCrossEntropyGradient),
      (is SoftmaxCrossEntropyGradient, is SoftmaxCrossEntropy):
      return values[head].inputs[..<2] == values[value].inputs[..<2]
    default: return false
    }
  }

  /// Whether a kernel computes a cross-entropy or its gradient: of float32 logits at int32 or int64 classes.
  func hasCrossEntropyKernel(_ value: Int) -> Bool {
    guard values[value].operation is SoftmaxCrossEntropy || values[value].operation is SoftmaxCrossEntropyGradient
    else { return false }
    let (logits, classes) = (values[values[value].inputs[0]].signature, values[values[value].inputs[1]].signature)
    return logits.type == .float32 && logits.elementCount > 0 && (classes.type == .int32 || classes.type == .int64)
  }

  private func joinsProgram(_ value: Int, of group: Group) -> Bool {
    guard isProgrammable(value), group.isElementwise || group.isProduct, group.program.count < Self.longestProgram
    else {
      return false
    }
    let inputs = values[value].inputs.map { memory(of: $0) }
    // the sums come later
    return values[group.head ?? group.program[0]].signature.shape == values[value].signature.shape
      && !inputs.contains { $0 == group.columnSums || group.sumProgram.contains($0) }
  }

  /// Whether it is the sum over the columns of the group's left matrix, or follows from it element by element.
  private func joinsSums(_ value: Int, of group: Group) -> Bool {
    guard let head = group.head, group.isProduct else { return false }
    let inputs = values[value].inputs.map { memory(of: $0) }
    if let sums = group.columnSums {
      return isProgrammable(value) && group.sumProgram.count < Self.longestProgram
        && values[sums].signature.shape == values[value].signature.shape
        && !inputs.contains { $0 == head || group.program.contains($0) }
    }
    guard let sum = values[value].operation as? Reduction, sum.kind == .sum, sum.axes == [0],
      product(of: head)?.transposesLeft == true, values[value].inputs[0] == values[head].inputs[0]
    else { return false }
    return true
  }

  /// Whether a value can be computed by an elementwise program: float32, bfloat16 and bool only.
  func isProgrammable(_ value: Int) -> Bool {
    let value = values[value]
    guard value.operation is Elementwise || value.operation is Cast || value.operation is Expand,
      value.signature.shape.count <= 8
    else {
      return false
    }
    return ([value.signature] + value.inputs.map { values[$0].signature })
      .allSatisfy { $0.type == .float32 || $0.type == .bfloat16 || $0.type == .bool }
  }

  /// The product that a value is, or adds to something.
  func product(of value: Int) -> Product? {
    switch values[value].operation {
    case let product as Product: product
    case let update as UpdateProduct: update.product
    case let wide as WideProduct: wide.product
    default: nil
    }
  }

  /// Whether a program may run behind each part of a value: float32 products of matrices.
  private func isFusibleProduct(_ value: Int) -> Bool {
    product(of: value) != nil && values[value].signature.type == .float32 && values[value].signature.elementCount > 0
      && values[value].inputs.allSatisfy { values[$0].signature.shape.count <= 2 }
  }
}
