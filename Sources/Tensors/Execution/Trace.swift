import Synchronization

/// What a closure given to `compile` reads and writes while it is traced.
final class Trace: Sendable {
  @TaskLocal static var current: Trace?

  /// A variable that the closure uses: what stands for its value, and what it assigns.
  struct Use {
    let variable: Variable
    let placeholder: Node
    var written: Tensor?
  }

  private struct State {
    var uses: [Use] = []
    var places: [ObjectIdentifier: Int] = [:]
    var randomKey: Node?
    var randomCount = 0
  }

  private let state = Mutex(State())

  /// Streams that a compiled function may use, one for each random operation in it.
  static let streams = 4096

  var uses: [Use] { state.withLock { $0.uses } }
  var randomKey: Node? { state.withLock { $0.randomKey } }

  static func placeholder(_ signature: Signature) -> Node { Node(Placeholder(), inputs: [], signature: signature) }

  private func use<Result>(_ variable: Variable, _ body: (inout Use) -> Result) -> Result {
    state.withLock { state in
      let identity = ObjectIdentifier(variable)
      if state.places[identity] == nil {
        state.places[identity] = state.uses.count
        state.uses.append(Use(variable: variable, placeholder: Self.placeholder(variable.signature)))
      }
      return body(&state.uses[state.places[identity] ?? 0])
    }
  }

  func read(_ variable: Variable) -> Tensor { use(variable) { $0.written ?? Tensor($0.placeholder) } }

  func write(_ value: Tensor, to variable: Variable) { use(variable) { $0.written = value } }

  /// The key that all random operations of the trace share, and the number of the next one.
  func nextRandom() -> (key: Tensor, number: Int) {
    state.withLock { state in
      let key = state.randomKey ?? Self.placeholder(RandomKey.signature)
      state.randomKey = key
      defer { state.randomCount += 1 }
      check(state.randomCount < Self.streams, "compile: more than \(Self.streams) random operations in one function")
      return (Tensor(key), state.randomCount)
    }
  }
}
