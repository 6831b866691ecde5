/// Turns a text of any ``TextEncoding`` into UTF-8, chunk by chunk; a chunk may end within a character.
///
///     var converter = try TextConverter(from: TextEncoding(named: "gb18030"), place: path)
///     while let chunk = try file.next() { try converter.convert(chunk, into: &text) }
///     try converter.finish(into: &text)
///
/// A byte order mark at the beginning is left out. Nothing is guessed or replaced: bytes that are not of the encoding are
/// an error.
public struct TextConverter: ~Copyable {
  private let encoding: TextEncoding
  private let place: String
  private let system: SystemConverter?
  private var reading: TextEncoding.Reading
  /// The beginning of a character whose rest is in the next chunk.
  private var pending: [UInt8] = []
  /// How many bytes were converted.
  private var offset = 0
  private var isAtBeginning = true

  /// A conversion from this encoding.
  ///
  /// - Parameter place: what the text is called in errors.
  /// - Throws: ``DataError/Kind/invalid`` where the system can't read the encoding.
  public init(from encoding: TextEncoding, place: String) throws(DataError) {
    self.encoding = encoding
    self.place = place
    reading = encoding.reading
    if case .system(let name) = encoding.reading {
      system = try SystemConverter(from: name, encoding: encoding)
    } else {
      system = nil
    }
  }

  /// Appends a chunk's characters in UTF-8.
  ///
  /// - Throws: ``DataError/Kind/invalid``, with the byte, counted from 0 over all chunks, that belongs to no character.
  public mutating func convert(
    _ chunk: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]
  ) throws(DataError) {
    if pending.isEmpty { try convertWhole(chunk, into: &text) } else { try convertWhole(pending + chunk, into: &text) }
  }

  /// Appends a chunk's characters in UTF-8.
  ///
  /// - Throws: ``DataError/Kind/invalid``, with the byte, counted from 0 over all chunks, that belongs to no character.
  public mutating func convert(_ chunk: ArraySlice<UInt8>, into text: inout [UInt8]) throws(DataError) {
    try convertWhole(pending + chunk, into: &text)
  }

  /// Ends the text.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where it ends within a character.
  public mutating func finish(into text: inout [UInt8]) throws(DataError) {
    guard pending.isEmpty else {
      throw .invalid("\(place), byte \(offset)", "the text ends in the middle of a character of \(encoding)")
    }
    system?.finish(into: &text)
  }

  private mutating func convertWhole(_ bytes: [UInt8], into text: inout [UInt8]) throws(DataError) {
    pending = []
    // the standard library's closures pass no typed error on
    let result = bytes.withUnsafeBufferPointer { bytes -> Result<Void, DataError> in
      do throws(DataError) {
        try convertWhole(bytes, into: &text)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private mutating func convertWhole(
    _ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]
  ) throws(DataError) {
    let start = text.count
    if reading == .utf16(isBigEndian: nil) {
      guard bytes.count >= 2 else {
        pending = Array(bytes)
        return
      }
      reading = .utf16(isBigEndian: bytes[0] == 0xFE && bytes[1] == 0xFF)
    }
    let (used, isWrong) = read(bytes, into: &text)
    if isAtBeginning, text.count > start {
      isAtBeginning = false
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      if text[start...].starts(with: mark) { text.removeSubrange(start..<start + mark.count) }
    }
    offset += used
    if isWrong {
      let shown = bytes[used...].prefix(4).map { "0x" + String($0, radix: 16, uppercase: true) }
      throw .invalid(
        "\(place), byte \(offset)",
        "\(shown.joined(separator: " ")) is no character of \(encoding); the text is damaged or in another encoding")
    }
    pending = Array(bytes[used...])
  }

  /// Appends whole characters; says how many bytes they take, and whether what follows is no character at all.
  private func read(
    _ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]
  ) -> (used: Int, isWrong: Bool) {
    switch reading {
    case .utf8:
      let used = UTF8Text.wholeCharacters(in: bytes)
      text.append(contentsOf: bytes[..<used])
      return (used, used < bytes.count && UTF8Text.sequenceLength(bytes, at: used) == 0)
    case .latin1:
      readLatin1(bytes, into: &text)
      return (bytes.count, false)
    case .utf16(let isBigEndian): return readUTF16(bytes, isBigEndian: isBigEndian == true, into: &text)
    case .system: return system?.convert(bytes, into: &text) ?? (0, true)
    }
  }

  private func readLatin1(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
    var position = 0
    while position < bytes.count {
      let rest = UnsafeBufferPointer(rebasing: bytes[position...])
      let run = UTF8Text.asciiCount(in: rest)
      text.append(contentsOf: rest[..<run])
      position += run
      while position < bytes.count, bytes[position] >= 0x80 {
        text.append(0xC0 | bytes[position] >> 6)
        text.append(0x80 | bytes[position] & 0x3F)
        position += 1
      }
    }
  }

  private func readUTF16(
    _ bytes: UnsafeBufferPointer<UInt8>, isBigEndian: Bool, into text: inout [UInt8]
  ) -> (used: Int, isWrong: Bool) {
    func unit(_ position: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[position]), UInt32(bytes[position + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    var position = 0
    while position + 2 <= bytes.count {
      var (value, length) = (unit(position), 2)
      if 0xD800...0xDBFF ~= value {
        guard position + 4 <= bytes.count else { break }
        let low = unit(position + 2)
        guard 0xDC00...0xDFFF ~= low else { return (position, true) }
        (value, length) = (0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), 4)
      }
      guard let scalar = Unicode.Scalar(value) else { return (position, true) }
      if value < 0x80 { text.append(UInt8(value)) } else { text.append(contentsOf: UTF8.encode(scalar)!) }
      position += length
    }
    return (position, false)
  }
}
