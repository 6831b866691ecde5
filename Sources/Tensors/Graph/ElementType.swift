/// What one element of a tensor is.
///
/// The raw value is the name that messages and files show; a new type is one more case here, one
/// more conformance of ``TensorScalar``, and kernels where they pay.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, bfloat16, int32, int64, uint8, bool

  /// Bytes that one element takes in memory and in files.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether the type has fractions, and with them gradients.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 || self == .bfloat16 }

  /// Whether the type has whole numbers only.
  public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }

  /// The distance from 1 to the next number of a floating-point type; 1 of the others.
  package var ulpOfOne: Double {
    switch self {
    case .float32: Double(Float.ulpOfOne)
    case .float64: Double.ulpOfOne
    case .bfloat16: 0x1p-7
    case .int32, .int64, .uint8, .bool: 1
    }
  }

  /// Whether a number is in the range of an integer type, and whole; the others take any.
  func holds(_ value: Double) -> Bool {
    switch self {
    case .int32: Int32(exactly: value) != nil
    case .int64: Int64(exactly: value) != nil
    case .uint8: UInt8(exactly: value) != nil
    case .float32, .float64, .bfloat16, .bool: true
    }
  }
}

/// A Swift type that tensors can be made of and read as.
public protocol TensorScalar: Sendable, Hashable {
  /// The element type whose memory holds values of this type.
  static var elementType: ElementType { get }
}

extension Float: TensorScalar { public static var elementType: ElementType { .float32 } }
extension Double: TensorScalar { public static var elementType: ElementType { .float64 } }
extension BFloat16: TensorScalar { public static var elementType: ElementType { .bfloat16 } }
extension Int32: TensorScalar { public static var elementType: ElementType { .int32 } }
extension Int64: TensorScalar { public static var elementType: ElementType { .int64 } }
extension UInt8: TensorScalar { public static var elementType: ElementType { .uint8 } }
extension Bool: TensorScalar { public static var elementType: ElementType { .bool } }
