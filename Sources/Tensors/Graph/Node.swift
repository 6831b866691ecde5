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
  /// Nodes on the longest path to a leaf, when this node was made.
  let depth: Int
  let state: Mutex<State>

  private static let counter = Atomic<Int>(0)

  init(_ operation: any Operation, inputs: [Node], signature: Signature, storage: Storage? = nil) {
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.signature = signature
    depth = storage == nil ? 1 + (inputs.lazy.map { $0.storage == nil ? $0.depth : 0 }.max() ?? 0) : 0
    state = Mutex(State(inputs: inputs, storage: storage))
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
    release(state.withLock { state in
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
  /// Whether nobody but this node holds its memory.
  var holdsStorageAlone: Bool {
    state.withLock { state in
      guard state.storage != nil else { return false }
      return isKnownUniquelyReferenced(&state.storage)
    }
  }
}
