import CKernels

extension UnsafeBufferPointer<UInt8> {
  /// How often a byte comes.
  func count(of byte: UInt8) -> Int { baseAddress.map { Int(descent_count_byte($0, Int64(count), byte)) } ?? 0 }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
  /// How many lines end in these bytes, as an editor counts: CR LF is one end.
  var lineEnds: Int {
    let bytes = UnsafeBufferPointer(rebasing: self)
    return bytes.baseAddress.map { Int(descent_count_line_ends($0, Int64(bytes.count))) } ?? 0
  }
}
