/// Files packed by gzip. Source: RFC 1952.
public enum Gzip {
  /// Whether `bytes` begin as every gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1F, 0x8B])
  }

  /// Unpacks a gzip file of one or more members, and checks each one's checksum and length.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - place: What an error names as its place, such as the file's path.
  ///   - limit: The most bytes that may come out. No more memory than that is taken, however small a
  ///     hostile file is.
  /// - Throws: ``DataError/Kind/invalid`` where the file is cut short, damaged, followed by something
  ///   else, or unpacks to more than `limit` bytes.
  public static func decompress(_ bytes: [UInt8], place: String, limit: Int) throws(DataError) -> [UInt8] {
    do {
      return try unpack(bytes, limit: limit)
    } catch {
      throw dataError(error, place: place, limit: limit)
    }
  }

  /// The error to show for a failure.
  static func dataError(_ failure: Inflate.Failure, place: String, limit: Int) -> DataError {
    switch failure {
    case .damaged(let what, let byte):
      .invalid("\(place), byte \(byte)", "damaged gzip data: \(what). Get the file again")
    case .full: .invalid(place, "unpacks to more than \(limit) bytes, the most that is taken here")
    case .noMemory: .invalid(place, "unpacks to more than this machine's memory holds")
    }
  }

  /// Unpacks a gzip file without a name for it.
  static func unpack(_ bytes: [UInt8], limit: Int) throws(Inflate.Failure) -> [UInt8] {
    var output = try InflateOutput(expected: expectedCount(bytes), limit: limit)
    try unpack(bytes, into: &output)
    return Array(output.bytes(from: 0))
  }

  /// The first `count` bytes that a gzip file unpacks to, or all where there are fewer. What follows
  /// them is not checked.
  static func unpackPrefix(_ bytes: [UInt8], count: Int) throws(Inflate.Failure) -> [UInt8] {
    var output = try InflateOutput(expected: count, limit: count)
    do {
      try unpack(bytes, into: &output)
    } catch .full {
      // There is more than was asked for.
    } catch {
      throw error
    }
    return Array(output.bytes(from: 0).prefix(count))
  }

  /// A guess at the unpacked size, to save moving: the last four bytes say it, for one member and
  /// below 4 GiB. Deflate's best is 1032 to 1, so that a lie costs no more memory than the truth could.
  private static func expectedCount(_ bytes: [UInt8]) -> Int {
    let (most, overflow) = bytes.count.multipliedReportingOverflow(by: 1032)
    return min(littleEndian(bytes.suffix(4)), overflow ? .max : most)
  }

  private static func unpack(_ bytes: [UInt8], into output: inout InflateOutput) throws(Inflate.Failure) {
    // A closure can't throw a typed error through `withUnsafeBytes`, so the outcome is carried out.
    let failure: Inflate.Failure? = bytes.withUnsafeBytes { buffer in
      do throws(Inflate.Failure) {
        var position = 0
        repeat {
          try unpackMember(buffer, at: &position, into: &output)
        } while position < buffer.count
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private static func unpackMember(
    _ bytes: UnsafeRawBufferPointer, at position: inout Int, into output: inout InflateOutput
  ) throws(Inflate.Failure) {
    try skipHeader(bytes, at: &position)
    let start = output.count
    var inflate = Inflate(bytes, at: position)
    position = try inflate.run(into: &output)
    try output.check()

    guard bytes.count - position >= 8 else { throw damaged("the checksum at the end is cut off", bytes.count) }
    let unpacked = output.bytes(from: start)
    guard littleEndian(bytes[position..<position + 4]) == Int(CRC32.checksum(unpacked)) else {
      throw damaged("the checksum differs", position)
    }
    guard littleEndian(bytes[position + 4..<position + 8]) == unpacked.count & 0xFFFF_FFFF else {
      throw damaged("the length differs", position + 4)
    }
    position += 8
  }

  /// Steps over a member's header (RFC 1952, section 2.3).
  private static func skipHeader(_ bytes: UnsafeRawBufferPointer, at position: inout Int) throws(Inflate.Failure) {
    let start = position
    let truncated = damaged("the header is cut off", bytes.count)
    let isMember = bytes[start...].starts(with: [0x1F, 0x8B])
    guard isMember else {
      guard start > 0 else { throw damaged("this is no gzip file", 0) }
      throw damaged("something else follows the packed data", start)
    }
    guard bytes.count - start >= 10 else { throw truncated }
    guard bytes[start + 2] == 8 else { throw damaged("a method of packing other than deflate", start + 2) }
    let flags = Flags(rawValue: bytes[start + 3])
    guard flags.isDisjoint(with: .reserved) else { throw damaged("reserved flags are set", start + 3) }
    position += 10
    if flags.contains(.extraField) {
      guard bytes.count - position >= 2 else { throw truncated }
      position += 2 + littleEndian(bytes[position..<position + 2])
    }
    for text in [Flags.name, .comment] where flags.contains(text) {
      guard position <= bytes.count, let end = bytes[position...].firstIndex(of: 0) else { throw truncated }
      position = end + 1
    }
    if flags.contains(.headerChecksum) {
      guard bytes.count - position >= 2 else { throw truncated }
      let checksum = CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      guard littleEndian(bytes[position..<position + 2]) == Int(checksum & 0xFFFF) else {
        throw damaged("the header's checksum differs", position)
      }
      position += 2
    }
    guard position <= bytes.count else { throw truncated }
  }

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let headerChecksum = Flags(rawValue: 2)
    static let extraField = Flags(rawValue: 4)
    static let name = Flags(rawValue: 8)
    static let comment = Flags(rawValue: 16)
    static let reserved = Flags(rawValue: 0xE0)
  }

  private static func damaged(_ what: String, _ byte: Int) -> Inflate.Failure { .damaged(what, byte: byte) }
}
