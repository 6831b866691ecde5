import Synchronization

/// Computes tensors, all that they need in one plan, and keeps their numbers.
public func evaluate(_ tensors: Tensor...) { evaluate(tensors) }

/// Computes tensors, all that they need in one plan, and keeps their numbers.
public func evaluate(_ tensors: [Tensor]) { evaluate(tensors, options: .standard) }

/// Computes tensors, except inside `compile { }`, where the step will.
package func evaluateUnlessTraced(_ tensors: [Tensor]) {
  if Trace.current == nil { evaluate(tensors) }
}

package func evaluate(_ tensors: [Tensor], options: PlanOptions) {
  let pending = tensors.map(\.node).filter { $0.storage == nil }
  guard !pending.isEmpty else { return }
  let graph = PlanGraph(roots: pending)
  let leaves = graph.leaves.map { leaf -> Storage in
    guard let storage = leaf.storage else {
      programmerError(
        "reading numbers inside compile { }: there are none yet; return the tensor and read what the call gives")
    }
    return storage
  }
  let plan = PlanCache.shared.plan(for: graph, options: options)
  let results = pending.map { Storage(byteCount: $0.signature.byteCount) }
  plan.run(leaves: leaves, outputs: results)
  for (node, storage) in zip(pending, results) { node.settle(storage) }
}

/// Plans of graphs that were evaluated without `compile`, by their structure; the least recently used goes first.
final class PlanCache: Sendable {
  static let shared = PlanCache(capacity: 256)

  private struct State {
    var plans: [PlanKey: (plan: Plan, used: Int)] = [:]
    var clock = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) { self.capacity = capacity }

  func plan(for graph: PlanGraph, options: PlanOptions) -> Plan {
    let key = PlanKey(graph, options)
    if let plan = touch(key) { return plan }
    let plan = Plan(graph, options: options)
    state.withLock { state in
      state.clock += 1
      if state.plans.count >= capacity, let oldest = state.plans.min(by: { $0.value.used < $1.value.used })?.key {
        state.plans[oldest] = nil
      }
      state.plans[key] = (plan, state.clock)
    }
    return plan
  }

  private func touch(_ key: PlanKey) -> Plan? {
    state.withLock { state in
      state.clock += 1
      state.plans[key]?.used = state.clock
      return state.plans[key]?.plan
    }
  }
}
