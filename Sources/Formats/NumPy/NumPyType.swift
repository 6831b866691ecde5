import DescentTensors

/// The type of an array's elements, as NumPy spells it: `<f4`.
struct NumPyType {
  let byteOrder: ByteOrder
  /// The bytes of one element in the file.
  let width: Int
  /// What it is read as.
  let elementType: ElementType
  private let kind: Character

  /// Why Descent does not read a type.
  struct Refusal: Error {
    let message: String
  }

  init(_ name: String) throws(Refusal) {
    var rest = name[...]
    let order = rest.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { rest.removeFirst() }
    byteOrder = order == ">" ? .bigEndian : .littleEndian
    guard let kind = rest.first else { throw Refusal(message: "an array without a type") }
    self.kind = kind
    switch String(rest) {
    case "b1": (width, elementType) = (1, .bool)
    case "u1": (width, elementType) = (1, .uint8)
    case "i1": (width, elementType) = (1, .int32)
    case "i2", "u2": (width, elementType) = (2, .int32)
    case "i4": (width, elementType) = (4, .int32)
    case "u4": (width, elementType) = (4, .int64)
    case "i8": (width, elementType) = (8, .int64)
    case "f2": (width, elementType) = (2, .float32)
    case "f4": (width, elementType) = (4, .float32)
    case "f8": (width, elementType) = (8, .float64)
    default: throw Refusal(message: NumPyType.refusal(of: kind, name))
    }
    guard width == 1 || order == "<" || order == ">" else {
      throw Refusal(message: "its type '\(name)' does not say the order of bytes")
    }
  }

  /// How a type of Descent is spelt.
  static func name(of type: ElementType) -> String? {
    switch type {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float32: "<f4"
    case .float64: "<f8"
    case .bfloat16: nil
    }
  }

  private static func refusal(of kind: Character, _ name: String) -> String {
    switch kind {
    case "O": "its elements are Python objects in a pickle, which can run any program when it is opened. Save numbers"
    case "S", "U", "a", "T": "its elements are text ('\(name)'), and only numbers are read. Save it as CSV"
    case "M", "m": "its elements are times ('\(name)'). Save them as numbers, for example seconds"
    case "c": "its elements are complex ('\(name)'). Save the real and the imaginary part"
    case "V": "its elements are raw bytes ('\(name)'), and only numbers are read"
    case "u", "f", "i": "its type '\(name)' is one that Descent has none for. Convert it first, for example to float64"
    default: "its type '\(name)' is unknown"
    }
  }

  /// Elements in the machine's byte order, as ``elementType``.
  func widened(_ bytes: [UInt8]) -> [UInt8] {
    switch (kind, width) {
    case ("i", 1): converted(bytes) { (value: Int8) in Int32(value) }
    case ("i", 2): converted(bytes) { (value: Int16) in Int32(value) }
    case ("u", 2): converted(bytes) { (value: UInt16) in Int32(value) }
    case ("u", 4): converted(bytes) { (value: UInt32) in Int64(value) }
    case ("f", 2): converted(bytes, NumPyType.float)
    default: bytes
    }
  }

  private func converted<Stored: BitwiseCopyable, Wide: BitwiseCopyable>(
    _ bytes: [UInt8], _ wide: (Stored) -> Wide
  ) -> [UInt8] {
    let (from, to) = (MemoryLayout<Stored>.size, MemoryLayout<Wide>.size)
    let count = bytes.count / from
    return bytes.withUnsafeBytes { source in
      [UInt8](unsafeUninitializedCapacity: count * to) { target, filled in
        let target = UnsafeMutableRawBufferPointer(target)
        for index in 0..<count {
          let value = source.loadUnaligned(fromByteOffset: index * from, as: Stored.self)
          target.storeBytes(of: wide(value), toByteOffset: index * to, as: Wide.self)
        }
        filled = count * to
      }
    }
  }

  /// The number of these 16 bits: one of sign, five of exponent, ten of fraction (IEEE 754, binary16).
  private static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF) << 13
    // All ones in the exponent: infinity, or no number.
    if bits & 0x7C00 == 0x7C00 { return Float(bitPattern: sign | 0x7F80_0000 | magnitude) }
    // The exponents' biases differ by 112; a product also brings the smallest numbers to their place, and is exact.
    return Float(bitPattern: sign | (Float(bitPattern: magnitude) * 0x1p112).bitPattern)
  }
}
