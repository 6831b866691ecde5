/// Values that one step computes: a single operation, or elementwise ones in one pass over their elements.
struct Group {
  /// In the order in which they are computed.
  var values: [Int]
  let isElementwise: Bool
}

extension PlanGraph {
  /// Longer passes would not keep their blocks in the first-level cache.
  private static var longestGroup: Int { 48 }
  /// How far back a value may look for a pass to join.
  private static var reach: Int { 12 }

  /// Divides ordered values into steps. An elementwise value joins a pass over the same shape that computes one of its
  /// operands, or reads one of them, or is the last one so far, if everything else it needs has been computed before.
  func groups(_ order: [Int], overwrites: [Overwrite], fuses: Bool) -> [Group] {
    var groups: [Group] = []
    var place: [Int: Int] = [:]
    var reads: [Set<Int>] = []
    let readers = readersOfLeaves()
    var overwritten: [Int: Int] = [:]
    for overwrite in overwrites { overwritten[memory(of: outputs[overwrite.output])] = overwrite.leaf }

    for value in order {
      let inputs = values[value].inputs.map { memory(of: $0) }
      let isElementwise = fuses && isProgrammable(value)
      var target: Int?
      if isElementwise {
        var earliest = inputs.compactMap { place[$0] }.max() ?? 0
        if let leaf = overwritten[value] {
          earliest = max(earliest, (readers[leaf] ?? []).filter { $0 != value }.compactMap { place[$0] }.max() ?? 0)
        }
        let first = max(earliest, groups.count - Self.reach)
        target = (first..<max(first, groups.count)).first { candidate in
          let group = groups[candidate]
          return group.isElementwise && group.values.count < Self.longestGroup
            && values[group.values[0]].signature.shape == values[value].signature.shape
            && (candidate == groups.count - 1
              || inputs.contains { place[$0] == candidate || reads[candidate].contains($0) })
        }
      }
      if let target {
        groups[target].values.append(value)
        reads[target].formUnion(inputs)
        place[value] = target
      } else {
        place[value] = groups.count
        groups.append(Group(values: [value], isElementwise: isElementwise))
        reads.append(Set(inputs))
      }
    }
    return groups
  }

  /// Whether a value can be computed by an elementwise program: float32 and bool only.
  func isProgrammable(_ value: Int) -> Bool {
    let value = values[value]
    guard value.operation is Elementwise || value.operation is Cast, value.signature.shape.count <= 8 else {
      return false
    }
    return ([value.signature] + value.inputs.map { values[$0].signature })
      .allSatisfy { $0.type == .float32 || $0.type == .bool }
  }
}
