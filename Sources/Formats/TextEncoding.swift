/// How a text's characters are written as bytes.
///
/// UTF-8, UTF-16 and Latin-1 are read here; all others by the C library's `iconv`, which may lack some.
public struct TextEncoding: Sendable, Hashable, CustomStringConvertible {
  /// How its bytes are read.
  enum Reading: Sendable, Hashable {
    case utf8, latin1
    /// Without an order of bytes, the mark at the beginning says it, and it is little-endian where there is none.
    case utf16(isBigEndian: Bool?)
    /// By this name of `iconv`'s.
    case system(String)
  }

  /// Its name, such as `gb18030`.
  public let name: String
  let reading: Reading

  /// The encoding that this name means, in any case, with or without hyphens; `iso-8859-1` and `latin-1` are the same.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where there is none, with the names that there are.
  public init(named name: String) throws(DataError) {
    let key = Self.key(name)
    guard let row = Self.table.first(where: { row in row.names.contains { Self.key($0) == key } }) else {
      throw .invalid("encoding '\(name)'", "there is no such encoding; there are \(Self.known.joined(separator: ", "))")
    }
    self.init(row.names[0], row.reading)
  }

  private init(_ name: String, _ reading: Reading) {
    self.name = name
    self.reading = reading
  }

  /// UTF-8, as RFC 3629 has it.
  public static let utf8 = TextEncoding("utf-8", .utf8)

  /// The names of all encodings, for a program's help.
  public static var known: [String] { table.map { $0.names[0] } }

  /// The encoding that the first bytes of a text name by a byte order mark, and the mark's length.
  public static func marked(
    _ beginning: UnsafeBufferPointer<UInt8>
  ) -> (encoding: TextEncoding, length: Int)? {
    if beginning.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if beginning.starts(with: [0xFF, 0xFE]) { return (TextEncoding("utf-16le", .utf16(isBigEndian: false)), 2) }
    if beginning.starts(with: [0xFE, 0xFF]) { return (TextEncoding("utf-16be", .utf16(isBigEndian: true)), 2) }
    return nil
  }

  /// A whole text in UTF-8, without a byte order mark.
  ///
  /// - Parameter place: what the text is called in an error.
  /// - Throws: ``DataError/Kind/invalid``, with the byte where the text is not in this encoding.
  public func utf8(_ bytes: [UInt8], place: String) throws(DataError) -> [UInt8] {
    var converter = try TextConverter(from: self, place: place)
    var text: [UInt8] = []
    try converter.convert(bytes[...], into: &text)
    try converter.finish(into: &text)
    return text
  }

  /// The name.
  public var description: String { name }

  private static func key(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }

  /// Names, the first one ours. A text in GBK or GB 2312 is one in GB 18030 too.
  private static let table: [(names: [String], reading: Reading)] = [
    (["utf-8"], .utf8), (["utf-16"], .utf16(isBigEndian: nil)), (["utf-16le"], .utf16(isBigEndian: false)),
    (["utf-16be"], .utf16(isBigEndian: true)), (["latin-1", "iso-8859-1"], .latin1),
    (["latin-2", "iso-8859-2"], .system("ISO-8859-2")), (["latin-9", "iso-8859-15"], .system("ISO-8859-15")),
    (["windows-1250", "cp1250"], .system("CP1250")), (["windows-1251", "cp1251"], .system("CP1251")),
    (["windows-1252", "cp1252"], .system("CP1252")), (["koi8-r"], .system("KOI8-R")),
    (["gb18030", "gbk", "gb2312"], .system("GB18030")), (["big5"], .system("BIG5")),
    (["shift-jis", "sjis", "cp932"], .system("CP932")), (["euc-jp"], .system("EUC-JP")),
    (["euc-kr", "cp949"], .system("CP949")),
  ]
}
