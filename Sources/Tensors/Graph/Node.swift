import Synchronization

/// One value of the graph: what computes it, and, once computed, its numbers.
package final class Node: Sendable {
  /// What may change, once, under the lock: evaluation sets the numbers and lets go of the inputs.
  struct State {
    var inputs: [Node]
    var storage: Storage?
  }

  /// Grows with every node, so that inputs always have smaller numbers than what is computed from them.
  package let number: Int
  package let operation: any Operation
  package let signature: Signature
  /// At least as many as the unevaluated nodes that this one was made from, itself among them.
  let pendingCount: Int
  /// The smallest number of such a node.
  private let oldestPending: Int
  let state: Mutex<State>

  /// A graph that grows past this is evaluated on the spot, so that a forgotten loop cannot fill the memory.
  static let pendingLimit = 10_000

  private static let counter = Atomic<Int>(0)

  init(_ operation: any Operation, inputs: [Node], signature: Signature, storage: Storage? = nil) {
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.signature = signature
    var (count, oldest) = (1, number)
    for input in inputs where input.storage == nil {
      count += input.pendingCount
      oldest = min(oldest, input.oldestPending)
    }
    // the sum counts shared nodes twice, and no more nodes than numbers were made since the oldest
    count = min(count, number - oldest + 1)
    if count > Self.pendingLimit, Trace.current == nil { count = 1 + Self.countPending(inputs) }
    (pendingCount, oldestPending) = (count, oldest)
    state = Mutex(State(inputs: inputs, storage: storage))
  }

  /// How many unevaluated nodes there are behind some, themselves among them; past the limit it stops to count.
  private static func countPending(_ nodes: [Node]) -> Int {
    var seen: Set<Int> = []
    var pending = nodes
    while let node = pending.popLast(), seen.count <= pendingLimit {
      let (storage, inputs) = node.state.withLock { ($0.storage, $0.inputs) }
      if storage == nil, seen.insert(node.number).inserted { pending.append(contentsOf: inputs) }
    }
    return seen.count
  }

  /// A leaf with its numbers.
  convenience init(storage: Storage, signature: Signature) {
    self.init(Leaf(), inputs: [], signature: signature, storage: storage)
  }

  package var inputs: [Node] { state.withLock { $0.inputs } }
  package var storage: Storage? { state.withLock { $0.storage } }

  /// Keeps the numbers and lets go of what they were computed from.
  func settle(_ storage: Storage) {
    let released = state.withLock { state -> [Node] in
      guard state.storage == nil else { return [] }
      state.storage = storage
      defer { state.inputs = [] }
      return state.inputs
    }
    release(released)
  }

  deinit {
    release(
      state.withLock { state in
        defer { state.inputs = [] }
        return state.inputs
      })
  }
}

/// Lets go of nodes without recursion: the release of a long chain one inside the other would overflow the stack.
private func release(_ nodes: consuming [Node]) {
  var pending = nodes
  while var node = pending.popLast() {
    guard isKnownUniquelyReferenced(&node) else { continue }
    node.state.withLock { state in
      pending.append(contentsOf: state.inputs)
      state.inputs = []
    }
  }
}

/// The operation of a value that is given, not computed.
struct Leaf: Operation {
  var name: String { "leaf" }
  func result(of inputs: [Signature]) -> Signature { programmerError("a leaf is not computed") }
  func define(_ result: Elements, from inputs: [Elements]) { programmerError("a leaf is not computed") }
}

/// The operation of a value that a compiled function receives at each call.
struct Placeholder: Operation {
  var name: String { "placeholder" }
  func result(of inputs: [Signature]) -> Signature { programmerError("a placeholder is not computed") }
  func define(_ result: Elements, from inputs: [Elements]) { programmerError("a placeholder is not computed") }
}

extension Node {
  /// Where its numbers lie, if it has them, and whether nobody but this node holds that memory.
  var memory: (address: UnsafeMutableRawPointer, isAlone: Bool)? {
    state.withLock { state in
      guard let address = state.storage?.address else { return nil }
      return (address, isKnownUniquelyReferenced(&state.storage))
    }
  }
}
