import DescentTensors

/// One array of numbers as the MNIST family stores it: pictures, labels.
///
/// A file is a magic number (two zero bytes, the type, the number of axes), the size of each axis as
/// a big-endian 32-bit number, and the elements, big-endian, the last axis fastest. It may be packed
/// by gzip, which its content tells, not its name.
/// Source: "The IDX file format", at the end of Y. LeCun's page on the MNIST database.
public struct IDXFile: Sendable, Equatable {
  /// The type of ``bytes``. A file of 16-bit integers is read as int32.
  public let elementType: ElementType
  /// The size of every axis, for example `[60000, 28, 28]` for pictures and `[60000]` for labels.
  public let shape: [Int]
  /// The elements in the machine's byte order, the last axis fastest.
  public let bytes: [UInt8]

  /// An array of this type and shape, to be written.
  ///
  /// - Parameters:
  ///   - elementType: Any type but int64 and bool, which the format lacks.
  ///   - shape: One to 255 axes.
  ///   - bytes: The elements in the machine's byte order, as many as `shape` says.
  /// - Throws: ``DataError/Kind/invalid`` where the format can't hold that.
  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) throws(DataError) {
    let place = "IDX array of \(elementType) \(shape)"
    guard IDXFile.code(of: elementType) != nil else { throw .invalid(place, "IDX files have no type \(elementType)") }
    guard 1...255 ~= shape.count, shape.allSatisfy({ 0...0xFFFF_FFFF ~= $0 }) else {
      throw .invalid(place, "IDX files have 1 to 255 axes of at most 4294967295 elements")
    }
    guard elementType.byteCount(of: shape) == bytes.count else {
      throw .invalid(place, "the shape does not fit \(bytes.count) bytes")
    }
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// Reads the file at `path`, packed by gzip or not.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, ``DataError/Kind/invalid`` where it
  ///   is no IDX file, is cut short, longer than it says, or damaged, and where it would unpack to more than 256 MiB, and
  ///   to more than 256 times its own size.
  public init(path: String) throws(DataError) {
    try self.init(Files.read(path), place: path)
  }

  /// Reads the content of an IDX file, packed by gzip or not; `place` is what errors name.
  ///
  /// - Throws: ``DataError/Kind/invalid``, as ``init(path:)`` does.
  public init(_ bytes: [UInt8], place: String) throws(DataError) {
    try self.init(bytes, place: place, unpacking: UnpackingLimit())
  }

  package init(_ bytes: [UInt8], place: String, unpacking limit: UnpackingLimit) throws(DataError) {
    guard Gzip.isGzip(bytes) else {
      let header = try IDXHeader(bytes, place: place)
      try self.init(header, bytes, place: place)
      return
    }
    // The header comes first and says how much may follow: a bomb is not unpacked, whether it lies or not.
    let start: [UInt8]
    do throws(Inflate.Failure) {
      start = try Gzip.unpackPrefix(bytes, count: IDXHeader.longest)
    } catch {
      throw Gzip.dataError(error, place: place, limit: IDXHeader.longest)
    }
    let header = try IDXHeader(start, place: place)
    try limit.check(
      header.fileCount, from: bytes.count, place: place,
      advice: "If you trust the file, unpack it first, for example with gunzip")
    let unpacked: [UInt8]
    do throws(Inflate.Failure) {
      unpacked = try Gzip.unpack(bytes, limit: header.fileCount)
    } catch .full {
      throw .invalid(place, "holds more than the \(header.fileCount) bytes that its header announces")
    } catch {
      throw Gzip.dataError(error, place: place, limit: header.fileCount)
    }
    try self.init(header, unpacked, place: place)
  }

  private init(_ header: IDXHeader, _ file: [UInt8], place: String) throws(DataError) {
    guard file.count >= header.fileCount else {
      throw .invalid(place, "cut short: \(file.count) of the \(header.fileCount) bytes that its header announces")
    }
    guard file.count == header.fileCount else {
      throw .invalid(place, "\(file.count) bytes, more than the \(header.fileCount) that its header announces")
    }
    let stored = ByteOrder.bigEndian.toOrFromNative(Array(file[header.count...]), width: header.width)
    elementType = header.elementType
    shape = header.shape
    bytes = header.isInt16 ? IDXFile.widened(stored) : stored
  }

  /// The file's content, not packed.
  public func serialized() -> [UInt8] {
    var file: [UInt8] = [0, 0, IDXFile.code(of: elementType) ?? 0, UInt8(truncatingIfNeeded: shape.count)]
    file.reserveCapacity(4 + 4 * shape.count + bytes.count)
    for size in shape {
      for shift in [24, 16, 8, 0] { file.append(UInt8(truncatingIfNeeded: size >> shift)) }
    }
    return file + ByteOrder.bigEndian.toOrFromNative(bytes, width: elementType.byteCount)
  }

  private static func widened(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { source in
      [UInt8](unsafeUninitializedCapacity: source.count * 2) { target, count in
        let target = UnsafeMutableRawBufferPointer(target)
        for index in 0..<source.count / 2 {
          let value = Int32(source.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
          target.storeBytes(of: value, toByteOffset: index * 4, as: Int32.self)
        }
        count = source.count * 2
      }
    }
  }

  private static func code(of type: ElementType) -> UInt8? {
    switch type {
    case .uint8: 0x08
    case .int32: 0x0C
    case .float32: 0x0D
    case .float64: 0x0E
    case .bfloat16, .int64, .bool: nil
    }
  }
}

/// What an IDX file says about itself before its elements.
struct IDXHeader {
  /// The longest header: four bytes, and four for each of 255 axes.
  static let longest = 4 + 4 * 255

  let elementType: ElementType
  let isInt16: Bool
  let shape: [Int]
  /// The length of the header.
  let count: Int
  /// The length of the whole file.
  let fileCount: Int
  /// The bytes of one element in the file.
  var width: Int { isInt16 ? 2 : elementType.byteCount }

  init(_ bytes: [UInt8], place: String) throws(DataError) {
    guard bytes.count >= 4 else { throw .invalid(place, "cut short: \(bytes.count) bytes are no IDX file") }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw .invalid(place, "no IDX file: it begins with \(bytes[0]), \(bytes[1]), not with two zero bytes")
    }
    isInt16 = bytes[2] == 0x0B
    switch bytes[2] {
    case 0x08: elementType = .uint8
    case 0x0B, 0x0C: elementType = .int32
    case 0x0D: elementType = .float32
    case 0x0E: elementType = .float64
    case 0x09: throw .invalid(place, "its elements are signed bytes, which Descent has no type for. Convert them first")
    case let code: throw .invalid(place, "no IDX file: \(code) is none of its types 8, 11, 12, 13 and 14")
    }
    let axes = Int(bytes[3])
    guard axes > 0 else { throw .invalid(place, "no IDX file: it has no axis") }
    count = 4 + 4 * axes
    guard bytes.count >= count else {
      throw .invalid(place, "cut short: \(bytes.count) bytes, and \(axes) axes need a header of \(count)")
    }
    shape = (0..<axes).map { axis in bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) } }
    // An int16 is counted as the int32 that it becomes, so that the memory it needs is what is asked about.
    guard let size = elementType.byteCount(of: shape), size <= Files.sizeLimit else {
      throw .invalid(place, "its header announces \(shape) elements, more than fit into memory")
    }
    fileCount = count + (isInt16 ? size / 2 : size)
  }
}
