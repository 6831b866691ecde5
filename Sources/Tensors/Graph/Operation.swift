/// One kind of computation on tensors, declared in one place: its rule for shapes and types, its
/// gradient written with other operations, and its definition.
///
/// Own operations conform too and are recorded with ``Tensor/applying(_:to:file:line:)``.
public protocol Operation: Sendable {
  /// The name that messages and profiles show.
  var name: String { get }

  /// Everything but the inputs that distinguishes two operations of the same type and name. Two operations of equal
  /// type, name, attributes and inputs are computed once.
  var attributes: [Int] { get }

  /// The shape and type of the result.
  /// - Throws: ``ShapeError`` where the inputs do not fit; its text becomes the message of the program's stop.
  func result(of inputs: [Signature]) throws(ShapeError) -> Signature

  /// The gradient with respect to each input, nil where there is none, as a graph of other operations.
  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?]

  /// The numbers: a plain loop that is right for every element type. It is the oracle of the tests, the float64 path,
  /// and what runs where no fast kernel fits.
  func define(_ result: Elements, from inputs: [Elements])
}

extension Operation {
  /// None: most operations are distinguished by name alone.
  public var attributes: [Int] { [] }

  /// No gradient.
  public func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    inputs.map { _ in nil }
  }
}

/// Why inputs do not fit an operation.
public struct ShapeError: Error {
  /// The rule and what broke it.
  public let message: String

  /// An error with its message, for example `extents of axis 1 differ: 3 and 4`.
  public init(_ message: String) { self.message = message }
}

/// Numbers in memory, as an operation's definition reads and writes them: contiguous and row-major.
public struct Elements {
  /// Shape and element type.
  public let signature: Signature
  /// The first element.
  public let address: UnsafeMutableRawPointer

  /// How many elements there are.
  public var count: Int { signature.elementCount }
  /// The extents of the axes.
  public var shape: Shape { signature.shape }
  /// The element type.
  public var type: ElementType { signature.type }

  /// The elements as Swift values of the type that they have.
  public func scalars<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) -> UnsafeMutableBufferPointer<Scalar> {
    check(Scalar.elementType == type, "elements are \(type), not \(Scalar.elementType)")
    return UnsafeMutableBufferPointer(start: address.assumingMemoryBound(to: Scalar.self), count: count)
  }

  /// Reads an element of any type as Double (truth is 1), and writes one with the type's own rounding.
  ///
  /// Casting to an integer type truncates towards zero and keeps to the type's range; NaN becomes 0.
  public subscript(real index: Int) -> Double {
    get {
      switch type {
      case .float32: Double(address.load(fromByteOffset: index * 4, as: Float.self))
      case .float64: address.load(fromByteOffset: index * 8, as: Double.self)
      case .bfloat16: Double(Float(address.load(fromByteOffset: index * 2, as: BFloat16.self)))
      default: Double(self[integer: index])
      }
    }
    nonmutating set {
      switch type {
      case .float32: address.storeBytes(of: Float(newValue), toByteOffset: index * 4, as: Float.self)
      case .float64: address.storeBytes(of: newValue, toByteOffset: index * 8, as: Double.self)
      case .bfloat16: address.storeBytes(of: BFloat16(newValue), toByteOffset: index * 2, as: BFloat16.self)
      case .bool: address.storeBytes(of: newValue != 0, toByteOffset: index, as: Bool.self)
      case .int32: self[integer: index] = Int64(Int32(clamping: Int64(saturating: newValue)))
      case .uint8: self[integer: index] = Int64(UInt8(clamping: Int64(saturating: newValue)))
      case .int64: self[integer: index] = Int64(saturating: newValue)
      }
    }
  }

  /// Reads an element of an integer type or bool exactly, and writes one, wrapping around at the type's range.
  public subscript(integer index: Int) -> Int64 {
    get {
      switch type {
      case .int32: Int64(address.load(fromByteOffset: index * 4, as: Int32.self))
      case .int64: address.load(fromByteOffset: index * 8, as: Int64.self)
      case .uint8, .bool: Int64(address.load(fromByteOffset: index, as: UInt8.self))
      case .float32, .float64, .bfloat16: Int64(saturating: self[real: index])
      }
    }
    nonmutating set {
      switch type {
      case .int32: address.storeBytes(of: Int32(truncatingIfNeeded: newValue), toByteOffset: index * 4, as: Int32.self)
      case .int64: address.storeBytes(of: newValue, toByteOffset: index * 8, as: Int64.self)
      case .uint8: address.storeBytes(of: UInt8(truncatingIfNeeded: newValue), toByteOffset: index, as: UInt8.self)
      case .bool: address.storeBytes(of: newValue != 0, toByteOffset: index, as: Bool.self)
      case .float32, .float64, .bfloat16: self[real: index] = Double(newValue)
      }
    }
  }
}

extension Int64 {
  /// Truncated towards zero, held to the range of Int64; NaN becomes 0.
  init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else {
      self = Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
  }
}
