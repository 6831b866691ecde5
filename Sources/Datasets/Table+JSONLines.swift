import DescentFormats

extension Table {
  /// Reads the keys of JSON Lines in memory: bytes in UTF-8, not compressed.
  ///
  /// - Throws: ``DataError``: a line is no object, or there is none.
  package init(jsonLines bytes: [UInt8], place: String) throws(DataError) {
    try self.init(ByteSource(bytes, place: place), isJSON: true)
  }
}
