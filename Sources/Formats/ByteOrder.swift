/// The order in which a file stores the bytes of a number.
enum ByteOrder {
  case bigEndian, littleEndian

  /// This machine's order.
  static let native: ByteOrder = 1.littleEndian == 1 ? .littleEndian : .bigEndian

  /// `bytes` with every number of `width` bytes turned from this order into the machine's, or back:
  /// both are the same turn.
  func toOrFromNative(_ bytes: [UInt8], width: Int) -> [UInt8] {
    guard self != .native, width > 1 else { return bytes }
    var bytes = bytes
    bytes.withUnsafeMutableBytes { buffer in
      switch width {
      case 2: ByteOrder.swap(buffer, UInt16.self)
      case 4: ByteOrder.swap(buffer, UInt32.self)
      default: ByteOrder.swap(buffer, UInt64.self)
      }
    }
    return bytes
  }

  @inline(__always)
  private static func swap<Word: FixedWidthInteger & BitwiseCopyable>(
    _ buffer: UnsafeMutableRawBufferPointer, _: Word.Type
  ) {
    let width = MemoryLayout<Word>.size
    for index in 0..<buffer.count / width {
      let word = buffer.loadUnaligned(fromByteOffset: index &* width, as: Word.self)
      buffer.storeBytes(of: word.byteSwapped, toByteOffset: index &* width, as: Word.self)
    }
  }
}

/// A number of at most seven bytes, the lowest first.
func littleEndian(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
  bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
}
