/// What the samples of a WAVE file are: the chunk `fmt `.
struct WAVEFormat {
  let isFloat: Bool
  let channels: Int
  let sampleRate: Int
  /// The bytes of one sample of one channel.
  let sampleBytes: Int
  /// The bytes of one moment, all channels together.
  var frameBytes: Int { channels * sampleBytes }

  init(_ chunk: ArraySlice<UInt8>, place: String) throws(DataError) {
    func number(_ offset: Int, _ width: Int) -> Int {
      let start = chunk.startIndex + offset
      return littleEndian(chunk[start..<start + width])
    }
    guard chunk.count >= 16 else {
      throw .invalid(place, "the format takes \(chunk.count) bytes, and WAVE files need 16 for it")
    }
    var tag = number(0, 2)
    if tag == 0xFFFE {
      guard chunk.count >= 40 else {
        throw .invalid(place, "the extensible format takes \(chunk.count) bytes, and needs 40")
      }
      // The rest of the identifier is the same for every format that has a number.
      let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
      guard chunk.dropFirst(26).prefix(14).elementsEqual(rest) else {
        throw .invalid(place, "the samples are of an unknown extensible format. Convert the file to PCM first")
      }
      tag = number(24, 2)
    }
    (channels, sampleRate) = (number(2, 2), number(4, 4))
    let bits = number(14, 2)
    isFloat = tag == 3
    guard tag == 1 || tag == 3 else {
      let name = WAVEFormat.names.first { $0.tag == tag }?.name ?? "of the format \(tag)"
      throw .invalid(place, "the samples are \(name), and only PCM and floats are read. Convert the file to PCM first")
    }
    guard (isFloat ? [32, 64] : [8, 16, 24, 32]).contains(bits) else {
      let wanted = isFloat ? "floats of 32 or 64" : "PCM of 8, 16, 24 or 32"
      throw .invalid(place, "samples of \(bits) bits; \(wanted) are read")
    }
    sampleBytes = bits / 8
    guard channels > 0 else { throw .invalid(place, "a recording without a channel") }
    guard Sound.sampleRates.contains(sampleRate) else {
      let (least, most) = (Sound.sampleRates.lowerBound, Sound.sampleRates.upperBound)
      throw .invalid(place, "\(sampleRate) samples a second; from \(least) to \(most) are read")
    }
    let stored = number(12, 2)
    guard stored == channels * sampleBytes else {
      throw .invalid(
        place, "one moment is said to take \(stored) bytes, and \(channels) samples of \(bits) bits take others")
    }
  }

  /// The sample at a byte of the file, integers divided by half of their range.
  @inline(__always)
  func sample(_ file: UnsafeRawBufferPointer, at position: Int) -> Double {
    switch (sampleBytes, isFloat) {
    case (1, _): return (Double(file[position]) - 128) / 128
    case (2, _):
      let bits = file.loadUnaligned(fromByteOffset: position, as: Int16.self)
      return Double(Int16(littleEndian: bits)) / 0x1p15
    case (3, _):
      let low = Int32(file[position]) | Int32(file[position + 1]) << 8
      return Double(low | Int32(Int8(bitPattern: file[position + 2])) << 16) / 0x1p23
    case (4, false):
      let bits = file.loadUnaligned(fromByteOffset: position, as: Int32.self)
      return Double(Int32(littleEndian: bits)) / 0x1p31
    case (4, true):
      let bits = file.loadUnaligned(fromByteOffset: position, as: UInt32.self)
      return Double(Float(bitPattern: UInt32(littleEndian: bits)))
    default:
      let bits = file.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      return Double(bitPattern: UInt64(littleEndian: bits))
    }
  }

  private static let names: [(tag: Int, name: String)] = [
    (2, "ADPCM"), (6, "A-law"), (7, "µ-law"), (0x11, "IMA ADPCM"), (0x31, "GSM"), (0x50, "MPEG"), (0x55, "MP3"),
  ]
}
