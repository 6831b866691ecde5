import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A place that holds a tensor, the only thing in the library whose value changes.
///
/// Inside ``compile(_:)`` reading it gives what it will hold when the step runs, and what is assigned is stored by the
/// step itself, in place where nobody else holds the old value's memory.
public final class Variable: Sendable {
  /// Shape and element type, which never change.
  public let signature: Signature
  /// Orders the variables that one step takes, so that two steps never wait for each other.
  let number: Int
  /// Nothing while a step that writes it runs.
  private let state: Mutex<Node?>

  private static let counter = Atomic<Int>(0)

  /// A variable that holds the tensor.
  public init(_ value: Tensor) {
    signature = value.signature
    number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    state = Mutex(value.node)
  }

  /// The tensor that it holds now. A tensor read earlier keeps its numbers when another one is assigned.
  public var value: Tensor {
    get { Trace.current?.read(self) ?? held }
    set {
      check(
        newValue.signature == signature, "a variable \(signature) cannot hold \(newValue.signature)")
      if let trace = Trace.current {
        trace.write(newValue, to: self)
      } else {
        // a step that has the old value would put its own over the new one
        _ = take()
        give(newValue.node)
      }
    }
  }

  /// Replaces the numbers, in row-major order, where they lie if nobody else holds them: for inputs that change from call to
  /// call, without an allocation.
  ///
  /// - Parameter scalars: as many as the variable has elements, of its element type.
  public func write<Scalar: TensorScalar>(
    _ scalars: [Scalar], file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      Scalar.elementType == signature.type && scalars.count == signature.elementCount,
      "write: \(scalars.count) numbers of \(Scalar.elementType) do not fill a variable \(signature)", file: file,
      line: line)
    check(Trace.current == nil, "write: inside compile { } assign a tensor to value", file: file, line: line)
    var node = take()
    if isKnownUniquelyReferenced(&node), let memory = node.memory, memory.isAlone {
      scalars.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { memory.address.copyMemory(from: base, byteCount: bytes.count) }
      }
    } else {
      node = Node(storage: Storage(scalars), signature: signature)
    }
    give(node)
  }

  /// What it holds, whether or not a trace is under way.
  var held: Tensor {
    while true {
      if let node = state.withLock({ $0 }) { return Tensor(node) }
      sched_yield()
    }
  }

  /// Takes the value out, waiting for a step that has it; others wait until it is given back.
  func take() -> Node {
    while true {
      let taken = state.withLock { node in
        defer { node = nil }
        return node
      }
      if let taken { return taken }
      sched_yield()
    }
  }

  /// Puts a value in.
  func give(_ node: Node) { state.withLock { $0 = node } }
}
