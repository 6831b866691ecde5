/// Files that are no tables, told by how they begin, so that nobody reads of quotes and header lines of a picture.
enum ForeignFormat {
  private static let beginnings: [(start: [UInt8], name: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (Array("GIF8".utf8), "a GIF picture"), (Array("RIFF".utf8), "a RIFF file, such as a WAVE recording"),
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, as spreadsheets are; save the sheet as CSV"),
    (Array("PAR1".utf8), "a Parquet file; save it as CSV"), (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("%PDF".utf8), "a PDF document"), ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"), ([0x93, 0x4E, 0x55, 0x4D], "a NumPy array; call it .npy"),
  ]
  private static let jsonHint = "write an object a line, into a file called .jsonl"
  /// How many bytes of a beginning are looked at.
  private static let most = 4096

  /// What a file is that begins so; nil where it may be a table.
  static func name(of bytes: some Collection<UInt8>) -> String? {
    if let known = beginnings.first(where: { bytes.starts(with: $0.start) }) { return known.name }
    let start = Array(bytes.prefix(most))
    // the length of a header in eight bytes, and the header
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[4..<8].allSatisfy({ $0 == 0 }) {
      return "a safetensors file, such as a model"
    }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "["), start.contains(UInt8(ascii: "{")) { return "a JSON array; \(jsonHint)" }
    if first == UInt8(ascii: "{"), start.contains(UInt8(ascii: ":")) { return "JSON; \(jsonHint)" }
    return nil
  }
}
