import DescentTensors

/// A recording on one channel.
///
/// It is read from RIFF/WAVE files: PCM of 8, 16, 24 and 32 bits and IEEE floats of 32 and 64, in the plain or the
/// extensible form. Several channels become their mean.
/// Source: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991, and Microsoft's
/// description of `WAVEFORMATEXTENSIBLE`.
public struct Sound: Sendable, Equatable {
  /// Samples per second.
  public let sampleRate: Int
  /// The samples, −1 to 1; a file of floats may go beyond, and is left so.
  public let samples: [Float]

  /// The rates that a file may have, in samples per second.
  public static let sampleRates = 1000...1_000_000

  /// A recording of these samples. Stops with a message where the rate is not in ``sampleRates``.
  public init(sampleRate: Int, samples: [Float]) {
    guard Sound.sampleRates.contains(sampleRate) else {
      programmerError("a recording has \(Sound.sampleRates) samples a second, not \(sampleRate)")
    }
    (self.sampleRate, self.samples) = (sampleRate, samples)
  }

  /// Reads the WAVE file at `path`, as ``init(bytes:place:)`` does.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, and what ``init(bytes:place:)`` throws.
  public init(path: String) throws(DataError) {
    try self.init(bytes: Files.read(path), place: path)
  }

  /// Reads the content of a WAVE file; `place` is what errors name.
  ///
  /// An integer sample of `b` bits is divided by 2^(b − 1), so that it lies in −1 ..< 1. Where the length of the data is
  /// 0, or 7FFFF000 hexadecimal or more and beyond the file, a program wrote to a pipe and did not know it (`espeak-ng
  /// --stdout`, SoX, FFmpeg): the data then go to the file's end.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where it is no WAVE file, of another format, cut short, without samples, of a
  ///   rate outside ``sampleRates``, or has a length that is false or ends within a sample, or a sample that is no
  ///   finite number.
  public init(bytes: [UInt8], place: String) throws(DataError) {
    let file = try WAVEFile(bytes, place: place)
    sampleRate = file.format.sampleRate
    samples = try file.mono()
  }

  /// The content of a WAVE file of 16 bits: a sample times 32,768, rounded to the nearest, at most 32,767 and at least
  /// −32,768; NaN is 0.
  ///
  /// Stops with a message where there are more samples than the format holds: 2,147,483,628.
  public func wav() -> [UInt8] {
    let count = 2 * samples.count
    guard count + 36 <= UInt32.max else { programmerError("a WAVE file holds no \(samples.count) samples") }
    var file: [UInt8] = []
    file.reserveCapacity(44 + count)
    func append(_ value: Int, bytes: Int) {
      for index in 0..<bytes { file.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    file += "RIFF".utf8
    append(count + 36, bytes: 4)
    file += "WAVEfmt ".utf8
    for (value, bytes) in [(16, 4), (1, 2), (1, 2), (sampleRate, 4), (2 * sampleRate, 4), (2, 2), (16, 2)] {
      append(value, bytes: bytes)
    }
    file += "data".utf8
    append(count, bytes: 4)
    for sample in samples {
      let scaled = sample.isNaN ? 0 : min(max((sample * 32768).rounded(), -32768), 32767)
      append(Int(scaled), bytes: 2)
    }
    return file
  }
}
