import DescentTensors

/// What a NumPy file says about itself before its elements.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// As many as NumPy has.
  static let mostAxes = 64

  let type: NumPyType
  let isFortranOrder: Bool
  let shape: [Int]
  /// The bytes before the elements.
  let count: Int

  init(_ bytes: [UInt8], place: String) throws(DataError) {
    guard bytes.starts(with: NumPyHeader.magic), bytes.count >= 8 else {
      let isZip = bytes.starts(with: Array("PK".utf8))
      throw .invalid(place, isZip ? "a zip archive (.npz), where one array (.npy) is expected" : "no NumPy file")
    }
    let version = bytes[6]
    guard 1...3 ~= version else { throw .invalid(place, "version \(version) of NumPy's format; 1 to 3 are read") }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw .invalid(place, "cut short: \(bytes.count) bytes") }
    let length = littleEndian(bytes[8..<start])
    guard length <= bytes.count - start else {
      throw .invalid(place, "cut short: the header is said to take \(length) bytes, and \(bytes.count - start) follow")
    }
    count = start + length
    var scanner = PythonScanner(bytes, in: start..<count, place: place)
    let fields = try scanner.readHeader()
    do {
      type = try NumPyType(fields.type)
    } catch {
      throw .invalid(place, error.message)
    }
    (isFortranOrder, shape) = (fields.isFortranOrder, fields.shape)
    guard shape.count <= NumPyHeader.mostAxes else {
      throw .invalid(place, "\(shape.count) axes, and NumPy has \(NumPyHeader.mostAxes) at most")
    }
    guard let elements = ElementType.uint8.byteCount(of: shape), type.elementType.byteCount(of: shape) != nil else {
      throw .invalid(place, "its header announces \(shape) elements, more than fit into memory")
    }
    let announced = elements * type.width
    let rest = bytes.count - count
    guard rest == announced else {
      let problem = rest < announced ? "cut short: " : ""
      throw .invalid(
        place, "\(problem)its header announces \(announced) bytes of \(shape) elements, and \(rest) follow")
    }
  }
}

/// Reads the Python literal that a header is: a dictionary of three entries.
private struct PythonScanner {
  private let bytes: [UInt8]
  private let end: Int
  private let place: String
  private var position: Int

  init(_ bytes: [UInt8], in range: Range<Int>, place: String) {
    self.bytes = bytes
    self.place = place
    (position, end) = (range.lowerBound, range.upperBound)
  }

  mutating func readHeader() throws(DataError) -> (type: String, isFortranOrder: Bool, shape: [Int]) {
    var type: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try take("{")
    while !takeIfPresent("}") {
      let start = position
      let key = try readString()
      try take(":")
      switch key {
      case "descr" where type == nil: type = try readType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try readBool()
      case "shape" where shape == nil: shape = try readSizes()
      default:
        position = start
        throw failure("an entry other than 'descr', 'fortran_order' and 'shape', once each")
      }
      if !takeIfPresent(",") {
        try take("}")
        break
      }
    }
    skipSpace()
    guard position == end else { throw failure("something after the dictionary") }
    guard let type, let isFortranOrder, let shape else {
      throw failure("an entry is missing of 'descr', 'fortran_order' and 'shape'")
    }
    return (type, isFortranOrder, shape)
  }

  private mutating func readType() throws(DataError) -> String {
    skipSpace()
    if position < end, bytes[position] == UInt8(ascii: "[") {
      throw .invalid(place, "its elements are records of several fields. Save each field as an array")
    }
    return try readString()
  }

  private mutating func readString() throws(DataError) -> String {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"") else {
      throw failure("a text in quotes is expected")
    }
    let start = position + 1
    guard let close = bytes[start..<end].firstIndex(of: bytes[position]),
      let text = String(validating: bytes[start..<close], as: UTF8.self), !text.contains("\\")
    else { throw failure("a text that does not end, or is not plain") }
    position = close + 1
    return text
  }

  private mutating func readBool() throws(DataError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position..<end].starts(with: Array(word.utf8)) {
      position += word.utf8.count
      return value
    }
    throw failure("True or False is expected")
  }

  private mutating func readSizes() throws(DataError) -> [Int] {
    try take("(")
    var sizes: [Int] = []
    while !takeIfPresent(")") {
      sizes.append(try readSize())
      if !takeIfPresent(",") {
        try take(")")
        break
      }
    }
    return sizes
  }

  private mutating func readSize() throws(DataError) -> Int {
    skipSpace()
    let digits = bytes[position..<end].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
      throw failure("a whole number is expected that a machine can count to")
    }
    position = digits.endIndex
    // Python 2 wrote long numbers so.
    if position < end, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return size
  }

  private mutating func take(_ character: Unicode.Scalar) throws(DataError) {
    guard takeIfPresent(character) else { throw failure("'\(character)' is expected") }
  }

  private mutating func takeIfPresent(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func failure(_ message: String) -> DataError {
    .invalid("\(place), byte \(position)", "the header is damaged: \(message)")
  }
}
