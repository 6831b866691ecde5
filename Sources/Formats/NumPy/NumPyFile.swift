import DescentTensors

/// One array as NumPy's `save` writes it: `.npy`.
///
/// A file is a magic number, the version, a header, which is a Python dictionary with the type, the order and the shape,
/// and the elements. Versions 1 to 3 are read, both orders of bytes and of axes. Types that Descent lacks become the
/// next larger one that holds all their numbers: int8, int16 and uint16 int32, uint32 int64, float16 float32.
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", and `numpy.lib.format`.
public struct NumPyFile: Sendable, Equatable {
  /// The type of ``bytes``.
  public let elementType: ElementType
  /// The size of every axis; empty for a single number.
  public let shape: [Int]
  /// The elements in the machine's byte order, the last axis fastest.
  public let bytes: [UInt8]

  /// An array of this type and shape, to be written.
  ///
  /// - Parameters:
  ///   - elementType: Any type but bfloat16, which NumPy lacks.
  ///   - shape: At most 64 axes.
  ///   - bytes: The elements in the machine's byte order, as many as `shape` says.
  /// - Throws: ``DataError/Kind/invalid`` where the format can't hold that.
  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) throws(DataError) {
    let place = "NumPy array of \(elementType) \(shape)"
    guard NumPyType.name(of: elementType) != nil else { throw .invalid(place, "NumPy has no type \(elementType)") }
    guard shape.count <= NumPyHeader.mostAxes else { throw .invalid(place, "more than \(NumPyHeader.mostAxes) axes") }
    guard elementType.byteCount(of: shape) == bytes.count else {
      throw .invalid(place, "the shape does not fit \(bytes.count) bytes")
    }
    (self.elementType, self.shape, self.bytes) = (elementType, shape, bytes)
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, and what ``init(_:place:)`` throws.
  public init(path: String) throws(DataError) {
    try self.init(Files.read(path), place: path)
  }

  /// Reads the content of a file; `place` is what errors name.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where it is no such file, has other bytes than its header announces, or
  ///   elements of another kind: Python objects (a pickle, which is never opened), records, text, times, complex numbers.
  public init(_ bytes: [UInt8], place: String) throws(DataError) {
    let header = try NumPyHeader(bytes, place: place)
    let (type, shape) = (header.type, header.shape)
    var elements = type.byteOrder.toOrFromNative(Array(bytes[header.count...]), width: type.width)
    if type.elementType == .bool, let wrong = elements.first(where: { $0 > 1 }) {
      throw .invalid(place, "a bool is stored as \(wrong), not as 0 or 1")
    }
    if header.isFortranOrder { elements = NumPyFile.lastAxisFastest(elements, shape: shape, width: type.width) }
    (self.elementType, self.shape, self.bytes) = (type.elementType, shape, type.widened(elements))
  }

  /// The file's content: version 1, little-endian, the last axis fastest, as `numpy.save` writes it.
  public func serialized() -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let type = NumPyType.name(of: elementType) ?? ""
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    // The elements begin at a multiple of 64 bytes, after a line feed.
    header += repeatElement(UInt8(ascii: " "), count: (64 - (header.count + 11) % 64) % 64) + [0x0A]
    var file = NumPyHeader.magic + [1, 0]
    file += [UInt8(truncatingIfNeeded: header.count), UInt8(truncatingIfNeeded: header.count >> 8)]
    file += header
    return file + ByteOrder.littleEndian.toOrFromNative(bytes, width: elementType.byteCount)
  }

  /// Elements that were stored with the first axis fastest.
  private static func lastAxisFastest(_ bytes: [UInt8], shape: [Int], width: Int) -> [UInt8] {
    guard shape.count > 1, let inner = shape.last, !bytes.isEmpty else { return bytes }
    // How far apart the neighbours along an axis are in the file.
    var strides: [Int] = []
    for axis in shape.indices { strides.append(axis == 0 ? width : strides[axis - 1] * shape[axis - 1]) }
    let stride = strides[shape.count - 1]
    var index = [Int](repeating: 0, count: shape.count)
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      while count < bytes.count {
        var source = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
        for _ in 0..<inner {
          for byte in 0..<width { target[count + byte] = bytes[source + byte] }
          count += width
          source += stride
        }
        var axis = shape.count - 2
        while axis >= 0 {
          index[axis] += 1
          if index[axis] < shape[axis] { break }
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }
}

extension NumPyFile {
  /// A tensor, computed now if it has not been.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where NumPy lacks its type, or it has more than 64 axes.
  public init(_ tensor: Tensor) throws(DataError) {
    let entry = SafeTensorsFile.Entry(name: "", tensor)
    try self.init(elementType: entry.elementType, shape: entry.shape, bytes: entry.bytes)
  }
}

extension Tensor {
  /// A tensor that was read from a file.
  public init(_ file: NumPyFile) {
    self.init(bytes: file.bytes, shape: file.shape, type: file.elementType)
  }
}
