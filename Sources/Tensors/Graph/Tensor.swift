/// An immutable array of numbers with a shape, in a graph that has not been computed yet.
///
/// Operations check shapes and element types at once and only record what is to be computed. Reading numbers with
/// ``scalars(_:)`` or ``item(_:)``, or ``evaluate(_:)``, computes what is needed.
///
/// - Shapes: any rank; row-major; axes are counted from 0, or from −1 backwards.
public struct Tensor: Sendable {
  package internal(set) var node: Node

  package init(_ node: Node) { self.node = node }

  /// The extents of the axes, outermost first.
  public var shape: Shape { node.signature.shape }
  /// The element type.
  public var type: ElementType { node.signature.type }
  /// The number of axes.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }

  var signature: Signature { node.signature }

  /// Records an operation on tensors; nothing is computed yet.
  ///
  /// Inputs that do not fit stop the program with a message that names the operation and the shapes.
  public static func applying(
    _ operation: some Operation, to inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let inputs = Precision.current.operands(inputs, of: operation)
    let signatures = inputs.map(\.signature)
    let signature: Signature
    do {
      signature = try operation.result(of: signatures)
    } catch {
      let given = signatures.map(\.description).joined(separator: ", ")
      programmerError("\(operation.name)(\(given)): \(error.message)", file: file, line: line)
    }
    let result = Tensor(Node(operation, inputs: inputs.map(\.node), signature: signature))
    if result.node.pendingCount > Node.pendingLimit, Trace.current == nil { evaluate(result) }
    return result
  }
}

// MARK: Making tensors

extension Tensor {
  /// A tensor of the given scalars in row-major order.
  ///
  /// - Parameters:
  ///   - scalars: as many as the shape has elements.
  ///   - shape: one axis of all scalars where it is left out.
  public init<Scalar: TensorScalar>(
    _ scalars: [Scalar], shape: Shape? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = shape ?? [scalars.count]
    check(
      shape.allSatisfy { $0 >= 0 } && shape.elementCount == scalars.count,
      "Tensor: \(scalars.count) scalars do not fill shape \(shape)", file: file, line: line)
    self.init(Node(storage: Storage(scalars), signature: Signature(shape, Scalar.elementType)))
  }

  /// A tensor whose scalars a function writes, in row-major order, all of them.
  public init<Scalar: TensorScalar>(
    shape: Shape, file: StaticString = #fileID, line: UInt = #line,
    writing write: (UnsafeMutableBufferPointer<Scalar>) throws -> Void
  ) rethrows {
    check(shape.allSatisfy { $0 >= 0 }, "Tensor: shape \(shape) has a negative extent", file: file, line: line)
    let signature = Signature(shape, Scalar.elementType)
    let storage = Storage(byteCount: signature.byteCount)
    try write(Elements(signature: signature, address: storage.address).scalars(Scalar.self))
    self.init(Node(storage: storage, signature: signature))
  }

  /// A tensor of numbers as they lie in memory or in a file.
  package init(bytes: [UInt8], shape: Shape, type: ElementType) {
    let signature = Signature(shape, type)
    check(bytes.count == signature.byteCount, "Tensor: \(bytes.count) bytes do not fill \(signature)")
    self.init(Node(storage: Storage(bytes), signature: signature))
  }

  /// A scalar: a tensor of shape [].
  public init<Scalar: TensorScalar>(_ scalar: Scalar) { self.init([scalar], shape: []) }

  /// A scalar of the given element type; one of an integer type must be a whole number in its range.
  public init(_ value: Double, type: ElementType, file: StaticString = #fileID, line: UInt = #line) {
    check(type.holds(value), "Tensor: \(value) is no \(type); use cast(to:)", file: file, line: line)
    let storage = Storage(byteCount: type.byteCount)
    Elements(signature: Signature([], type), address: storage.address)[real: 0] = value
    self.init(Node(storage: storage, signature: Signature([], type)))
  }

  /// A tensor whose elements all have one value.
  public static func full(_ value: Double, shape: Shape, type: ElementType = .float32) -> Tensor {
    Tensor(value, type: type).expanded(to: shape)
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, type: ElementType = .float32) -> Tensor { full(0, shape: shape, type: type) }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, type: ElementType = .float32) -> Tensor { full(1, shape: shape, type: type) }

  /// The whole numbers 0 ..< count, on one axis.
  public static func range(
    _ count: Int, type: ElementType = .int64, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      count >= 0 && type != .bool && (count == 0 || type.holds(Double(count - 1))),
      "range: \(type) does not hold 0 ..< \(count)", file: file, line: line)
    let storage = Storage(byteCount: count * type.byteCount)
    let elements = Elements(signature: Signature([count], type), address: storage.address)
    for index in 0..<count { elements[integer: index] = Int64(index) }
    return Tensor(Node(storage: storage, signature: elements.signature))
  }
}

// MARK: Reading numbers

extension Tensor {
  /// The numbers in row-major order, computed now if they have not been.
  ///
  /// - Parameter type: the Swift type of this tensor's element type; ``cast(to:)`` converts.
  public func scalars<Scalar: TensorScalar>(_ type: Scalar.Type = Scalar.self) -> [Scalar] {
    check(
      Scalar.elementType == self.type,
      "scalars(\(Scalar.self).self) of a \(self.type) tensor: cast(to: .\(Scalar.elementType)) first")
    return withScalars(Scalar.self) { Array($0) }
  }

  /// Reads the numbers in row-major order where they lie, computed now if they have not been. They are not to be kept.
  ///
  /// - Parameter type: the Swift type of this tensor's element type; ``cast(to:)`` converts.
  public func withScalars<Scalar: TensorScalar, Result>(
    _ type: Scalar.Type = Scalar.self, _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    check(
      Scalar.elementType == self.type,
      "withScalars(\(Scalar.self).self) of a \(self.type) tensor: cast(to: .\(Scalar.elementType)) first")
    return try withElements { try body(UnsafeBufferPointer($0.scalars(Scalar.self))) }
  }

  /// The one number of a tensor with one element, computed now if it has not been.
  public func item<Scalar: TensorScalar>(_ type: Scalar.Type = Scalar.self) -> Scalar {
    check(elementCount == 1, "item() needs a tensor with one element, got shape \(shape)")
    return scalars(type)[0]
  }

  /// The numbers as Double, whatever the element type.
  public func reals() -> [Double] { withElements { elements in (0..<elements.count).map { elements[real: $0] } } }

  /// Reads the numbers where they lie. They are not to be kept or changed.
  package func withElements<Result>(_ body: (Elements) throws -> Result) rethrows -> Result {
    let storage = computedStorage()
    return try withExtendedLifetime(storage) { try body(Elements(signature: signature, address: storage.address)) }
  }

  package func computedStorage() -> Storage {
    if let storage = node.storage { return storage }
    evaluate(self)
    guard let storage = node.storage else { programmerError("evaluation left a tensor without numbers") }
    return storage
  }
}

extension Tensor: CustomStringConvertible {
  /// Type, shape and, where they have been computed, the first numbers.
  public var description: String {
    guard node.storage != nil else { return "Tensor(\(signature), not computed)" }
    let shown = reals().prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor(\(signature): \(shown)\(elementCount > 8 ? ", …" : ""))"
  }
}
