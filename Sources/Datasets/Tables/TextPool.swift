/// Keeps copies of texts, so that what points at them outlives the row that they came from.
final class TextPool {
  private static let blockSize = 1 << 16
  private var blocks: [UnsafeMutableBufferPointer<UInt8>] = []
  private var filled = 0

  /// A copy of the bytes that lives as long as the pool.
  func keep(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    if (blocks.last?.count ?? 0) - filled < bytes.count || blocks.isEmpty {
      blocks.append(.allocate(capacity: max(Self.blockSize, bytes.count)))
      filled = 0
    }
    let place = UnsafeMutableBufferPointer(rebasing: blocks[blocks.count - 1][filled..<filled + bytes.count])
    _ = place.update(fromContentsOf: bytes)
    filled += bytes.count
    return UnsafeBufferPointer(place)
  }

  deinit { for block in blocks { block.deallocate() } }
}
