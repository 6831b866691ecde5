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
    case .refused(let error): error
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

  /// Unpacks a stream, whatever its length, piece by piece.
  ///
  /// - Throws: ``DataError``: what the spool throws, and where the stream is damaged or can't be read.
  static func unpack(_ stream: ByteStream, into spool: ByteSpool, place: String) throws(DataError) {
    do throws(Inflate.Failure) {
      var output = try InflateOutput(spool)
      try unpackMembers(BitReader(stream), into: &output)
      try output.flush()
    } catch {
      // what could not be read looks cut off
      try stream.checkReading()
      throw dataError(error, place: place, limit: .max)
    }
  }

  private static func unpack(_ bytes: [UInt8], into output: inout InflateOutput) throws(Inflate.Failure) {
    // A closure can't throw a typed error through `withUnsafeBytes`, so the outcome is carried out.
    let failure: Inflate.Failure? = bytes.withUnsafeBytes { buffer in
      do throws(Inflate.Failure) {
        try unpackMembers(BitReader(buffer, at: 0), into: &output)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private static func unpackMembers(
    _ input: BitReader, into output: inout InflateOutput
  ) throws(Inflate.Failure) {
    var inflate = Inflate(input)
    repeat {
      try skipHeader(&inflate.input)
      try inflate.run(into: &output)
      try output.check()

      let sum = output.memberSum()
      let start = inflate.input.position
      let (checksum, count) = (inflate.input.take(32), inflate.input.take(32))
      if inflate.input.isExhausted { throw damaged("the checksum at the end is cut off", start) }
      guard checksum == Int(sum.value) else { throw damaged("the checksum differs", start) }
      guard count == sum.count & 0xFFFF_FFFF else { throw damaged("the length differs", start + 4) }
    } while !inflate.input.isAtEnd()
  }

  /// Steps over a member's header (RFC 1952, section 2.3).
  private static func skipHeader(_ input: inout BitReader) throws(Inflate.Failure) {
    let start = input.position
    var sum = CRC32()
    func next() -> UInt8 {
      let byte = UInt8(input.take(8))
      sum.add(byte)
      return byte
    }
    guard next() == 0x1F, next() == 0x8B else {
      guard start > 0 else { throw damaged("this is no gzip file", 0) }
      throw damaged("something else follows the packed data", start)
    }
    let method = next()
    let flags = Flags(rawValue: next())
    for _ in 0..<6 { _ = next() }
    let truncated = damaged("the header is cut off", input.position)
    if input.isExhausted { throw truncated }
    guard method == 8 else { throw damaged("a method of packing other than deflate", start + 2) }
    guard flags.isDisjoint(with: .reserved) else { throw damaged("reserved flags are set", start + 3) }
    if flags.contains(.extraField) {
      let length = Int(next()) | Int(next()) << 8
      for _ in 0..<length { _ = next() }
    }
    for text in [Flags.name, .comment] where flags.contains(text) {
      while !input.isExhausted, next() != 0 {}
    }
    if flags.contains(.headerChecksum) {
      let position = input.position
      guard input.take(16) == Int(sum.value & 0xFFFF) || input.isExhausted else {
        throw damaged("the header's checksum differs", position)
      }
    }
    if input.isExhausted { throw truncated }
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
