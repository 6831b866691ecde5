/// The chunks of a RIFF/WAVE file that say what its samples are and where they lie.
struct WAVEFile {
  let format: WAVEFormat
  private let bytes: [UInt8]
  private let data: Range<Int>
  private let place: String

  /// What a program writes that can't go back to correct it lies from here to 7FFFFFFF, as by SoX and espeak-ng, or is
  /// FFFFFFFF, as by FFmpeg, or 0. SoX takes this number down to whole frames.
  private static let unknownLength = 0x7FFF_F000

  init(_ bytes: [UInt8], place: String) throws(DataError) {
    guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<12].elementsEqual("WAVE".utf8) else {
      throw .invalid(place, WAVEFile.refusal(of: bytes))
    }
    var format: WAVEFormat?
    var position = 12
    while true {
      guard bytes.count - position >= 8 else {
        let lacking = format == nil ? "the format" : "the samples"
        throw .invalid("\(place), byte \(bytes.count)", "the WAVE file ends before \(lacking)")
      }
      let start = position + 8
      let length = littleEndian(bytes[position + 4..<start])
      let name = bytes[position..<position + 4]
      if name.elementsEqual("data".utf8) {
        guard let format else { throw .invalid("\(place), byte \(position)", "the samples come before their format") }
        data = start..<(try WAVEFile.end(of: length, from: start, format, in: bytes, place: place))
        self.format = format
        self.bytes = bytes
        self.place = place
        return
      }
      guard length <= bytes.count - start else {
        let shown = WAVEFile.quoted(name)
        throw .invalid(
          "\(place), byte \(position)",
          "the chunk \(shown) says that it has \(length) bytes, and \(bytes.count - start) follow")
      }
      if name.elementsEqual("fmt ".utf8) {
        format = try WAVEFormat(bytes[start..<start + length], place: "\(place), byte \(start)")
      }
      // Chunks begin at even bytes; a file may end where the padding would be.
      position = min(start + length + length % 2, bytes.count)
    }
  }

  /// Where the samples end.
  private static func end(
    of length: Int, from start: Int, _ format: WAVEFormat, in bytes: [UInt8], place: String
  ) throws(DataError) -> Int {
    let rest = bytes.count - start
    let isUnknown = isUnknown(length, format, ofFile: littleEndian(bytes[4..<8])) && (length == 0 || length > rest)
    let place = "\(place), byte \(start - 4)"
    guard isUnknown || length <= rest else {
      throw .invalid(
        place,
        "the samples are said to take \(length) bytes, and \(rest) follow: the length is false, or the file cut short or "
          + "damaged. Get or save it again")
    }
    let actual = isUnknown ? rest : length
    guard actual > 0 else {
      throw .invalid(
        place,
        rest == 0
          ? "there are no samples in the file"
          : "the samples are said to take 0 bytes, and \(rest) follow: there are none, or the length is false. Save the "
            + "file again")
    }
    guard actual % format.frameBytes == 0 else {
      throw .invalid(
        place, "\(actual) bytes of samples are no whole number of the \(format.frameBytes) that one moment takes")
    }
    guard isUnknown || isChunkOrEnd(bytes, at: start + actual + actual % 2) else {
      throw .invalid(
        place,
        "the samples are said to take \(length) bytes, and what follows these within the file's own length is no chunk: "
          + "the length is false, or the file damaged")
    }
    return start + actual
  }

  /// Whether both lengths are such as a program writes that does not know them yet: who knows the one knows the other.
  private static func isUnknown(_ length: Int, _ format: WAVEFormat, ofFile fileLength: Int) -> Bool {
    let least = unknownLength - unknownLength % format.frameBytes
    let isStreamed = length == 0 || length == 0xFFFF_FFFF || (least...0x7FFF_FFFF).contains(length)
    return isStreamed && (fileLength == 0 || fileLength >= least)
  }

  /// Whether a chunk begins here, or what the file itself counts has ended. What lies behind that end, such as a tag, is not
  /// looked at.
  private static func isChunkOrEnd(_ bytes: [UInt8], at position: Int) -> Bool {
    let end = min(bytes.count, 8 + littleEndian(bytes[4..<8]))
    guard position + 8 <= end else { return true }
    let isName = bytes[position..<position + 4].allSatisfy { (0x20..<0x7F).contains($0) }
    return isName && littleEndian(bytes[position + 4..<position + 8]) <= bytes.count - position - 8
  }

  /// The mean of the channels.
  func mono() throws(DataError) -> [Float] {
    let (width, channels) = (format.sampleBytes, format.channels)
    let scale = 1 / Double(channels)
    let count = data.count / format.frameBytes
    let samples = bytes.withUnsafeBytes { file in
      [Float](unsafeUninitializedCapacity: count) { target, filled in
        for index in 0..<count {
          var sum = 0.0
          for channel in 0..<channels {
            sum += format.sample(file, at: data.lowerBound + (index * channels + channel) * width)
          }
          target[index] = Float(sum * scale)
        }
        filled = count
      }
    }
    if format.isFloat, let wrong = samples.firstIndex(where: { !$0.isFinite }) {
      throw .invalid(
        "\(place), byte \(data.lowerBound + wrong * format.frameBytes)",
        "a sample is infinite, no number, or too large for float32")
    }
    return samples
  }

  private static func refusal(of bytes: [UInt8]) -> String {
    let others: [(name: String, start: String)] = [
      ("FLAC", "fLaC"), ("Ogg", "OggS"), ("MP3", "ID3"), ("AIFF", "FORM"), ("AU", ".snd"), ("CAF", "caff"),
      ("big-endian WAVE", "RIFX"), ("RF64", "RF64"), ("BW64", "BW64"),
    ]
    if let other = others.first(where: { bytes.starts(with: Array($0.start.utf8)) }) {
      return "a file of \(other.name), and only WAVE files are read. Convert it first, for example with SoX or FFmpeg"
    }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.count >= 12 {
      return "a RIFF file of the kind \(quoted(bytes[8..<12])), not a WAVE file"
    }
    return "no WAVE file: it does not begin with RIFF and WAVE, or is cut short"
  }

  /// The name of a chunk, from a file that may say anything.
  private static func quoted(_ name: ArraySlice<UInt8>) -> String {
    "'\(String(decoding: name, as: UTF8.self))'"
  }
}
