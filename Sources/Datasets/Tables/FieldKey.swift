/// A field's bytes as a dictionary's key, in place: no text is made for a row whose class is known. It is
/// valid only while the table's memory is being read.
struct FieldKey: Hashable {
  let bytes: UnsafeBufferPointer<UInt8>

  static func == (left: FieldKey, right: FieldKey) -> Bool { left.bytes.elementsEqual(right.bytes) }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
}
