import DescentTensors

/// Named tensors in the safetensors format, which PyTorch and most of the field read and write.
///
/// A file is the length of its header as a little-endian 64-bit number, the header, which is a JSON
/// object with each tensor's type, shape and place, and the tensors' bytes without a gap.
/// Source: the format's description and its Rust reader, github.com/huggingface/safetensors.
public struct SafeTensorsFile: Sendable, Equatable {
  /// One tensor.
  public struct Entry: Sendable, Equatable {
    /// Its name, for example `0.weight`.
    public var name: String
    /// The type of its elements.
    public var elementType: ElementType
    /// The size of every axis; empty for a single number.
    public var shape: [Int]
    /// Its elements in the machine's byte order, the last axis fastest.
    public var bytes: [UInt8]

    /// A tensor of this name, type and shape; `bytes` has to have as many bytes as they take.
    public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// The tensors, in the file's order where they were read from one.
  public var entries: [Entry]
  /// Whatever else the file says about itself: `__metadata__` in its header.
  public var metadata: [String: String]

  /// The longest header that the format allows.
  public static let longestHeader = 100_000_000

  /// A file of these tensors, to be written.
  public init(entries: [Entry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// The tensor of this name, or nil.
  public subscript(name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, ``DataError/Kind/invalid`` where it
  ///   breaks any of the format's rules: the error names the byte of the header, or the tensor.
  public init(path: String) throws(DataError) {
    try self.init(Files.read(path), place: path)
  }

  /// Reads the content of a file; `place` is what errors name.
  ///
  /// - Throws: ``DataError/Kind/invalid``, as ``init(path:)`` does.
  public init(_ bytes: [UInt8], place: String) throws(DataError) {
    let header = try SafeTensorsHeader(bytes, place: place)
    let layout = try header.layout(dataCount: bytes.count - header.end, place: place)
    metadata = header.metadata
    entries = []
    entries.reserveCapacity(layout.count)
    for tensor in layout {
      let data = bytes[header.end + tensor.range.lowerBound..<header.end + tensor.range.upperBound]
      // A Swift Bool with another bit pattern than these two is undefined behaviour.
      if tensor.elementType == .bool, let wrong = data.first(where: { $0 > 1 }) {
        throw .invalid("\(place), tensor '\(tensor.name)'", "a bool is stored as \(wrong), not as 0 or 1")
      }
      entries.append(
        Entry(
          name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
          bytes: ByteOrder.littleEndian.toOrFromNative(Array(data), width: tensor.elementType.byteCount)))
    }
  }
}
