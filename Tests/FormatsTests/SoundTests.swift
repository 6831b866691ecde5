import DescentTensors
import Foundation
import Testing

@testable import DescentFormats

/// A WAVE file as the standard spells it, with whatever a test wants to be wrong in it.
struct WAVEBytes {
  var tag = 1
  var channels = 1
  var rate = 8000
  var bits = 16
  var blockBytes: Int?
  /// The rest of an extensible format.
  var extensible: [UInt8] = []
  var before: [UInt8] = []
  var data: [UInt8] = []
  var dataLength: Int?
  var after: [UInt8] = []
  /// What the file says that it has behind its first eight bytes.
  var fileLength: Int?

  static func word(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  var bytes: [UInt8] {
    let word = WAVEBytes.word
    let block = blockBytes ?? channels * bits / 8
    let fields = [(tag, 2), (channels, 2), (rate, 4), (rate * block, 4), (block, 2), (bits, 2)]
    let format = fields.flatMap { word($0.0, $0.1) }
    let chunk = Array("fmt ".utf8) + word(16 + extensible.count, 4) + format + extensible
    let samples = Array("data".utf8) + word(dataLength ?? data.count, 4) + data
    let body = Array("WAVE".utf8) + before + chunk + samples + after
    return Array("RIFF".utf8) + word(fileLength ?? body.count, 4) + body
  }

  /// What follows the first 16 bytes of an extensible format whose samples are of this kind.
  static func extensible(_ tag: Int, validBits: Int) -> [UInt8] {
    let identifier: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    return word(22, 2) + word(validBits, 2) + word(0, 4) + word(tag, 2) + identifier
  }
}

@Suite struct SoundTests {
  private func samples(_ file: WAVEBytes) throws -> [Float] { try Sound(bytes: file.bytes, place: "a").samples }

  @Test func kindsOfSamples() throws {
    let word = WAVEBytes.word
    #expect(try samples(WAVEBytes(bits: 8, data: [0, 128, 255, 192])) == [-1, 0, 127 / 128, 0.5])
    #expect(try samples(WAVEBytes(data: word(-32768, 2) + word(16384, 2))) == [-1, 0.5])
    let bytes24 = word(-1 << 23, 3) + word(1 << 22, 3) + [1, 0, 0]
    #expect(try samples(WAVEBytes(bits: 24, data: bytes24)) == [-1, 0.5, 0x1p-23])
    #expect(try samples(WAVEBytes(bits: 32, data: word(-1 << 31, 4) + word(1 << 29, 4))) == [-1, 0.25])
    #expect(try samples(WAVEBytes(tag: 3, bits: 32, data: bytes([0.1, -2] as [Float]))) == [0.1, -2])
    #expect(try samples(WAVEBytes(tag: 3, bits: 64, data: bytes([0.1, -2] as [Double]))) == [0.1, -2])
    let kind20 = WAVEBytes.extensible(1, validBits: 20)
    #expect(try samples(WAVEBytes(tag: 0xFFFE, bits: 24, extensible: kind20, data: word(1 << 22, 3))) == [0.5])
    let kind32 = WAVEBytes.extensible(3, validBits: 32)
    let quarter = bytes([0.25 as Float])
    #expect(try samples(WAVEBytes(tag: 0xFFFE, bits: 32, extensible: kind32, data: quarter)) == [0.25])
    // Two channels become their mean, and so do three.
    #expect(try samples(WAVEBytes(channels: 2, data: word(16384, 2) + word(-8192, 2))) == [0.125])
    #expect(try samples(WAVEBytes(channels: 3, bits: 8, data: [128, 128, 224, 0, 0, 0])) == [0.25, -1])
    #expect(try Sound(bytes: WAVEBytes(rate: 44100, data: [0, 0]).bytes, place: "a").sampleRate == 44100)
  }

  @Test func otherChunks() throws {
    let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
    #expect(try samples(WAVEBytes(before: list, data: [0, 64], after: list)) == [0.5])
    // Of samples of one byte a padding byte may follow, or lack at the file's end.
    #expect(try samples(WAVEBytes(bits: 8, data: [64], after: [0] + list)) == [-0.5])
    #expect(try samples(WAVEBytes(bits: 8, data: [64])) == [-0.5])
  }

  /// As FFmpeg, SoX, arecord and others write into a pipe.
  @Test(
    arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000, 0x7FFF_FF00, 0x7FFF_FFFF], [0, 0xFFFF_FFFF, 0x7FFF_F024, 0x8000_0023])
  func aLengthThatNobodyKnewReachesToTheEnd(length: Int, fileLength: Int) throws {
    func streamed(_ data: [UInt8]) throws -> [Float] {
      try samples(WAVEBytes(data: data, dataLength: length, fileLength: fileLength))
    }
    #expect(try streamed([0, 64, 0, 32]) == [0.5, 0.25])
    #expect(try dataError { _ = try streamed([0, 64, 0]) }.message.contains("no whole number"))
    #expect(try dataError { _ = try streamed([]) }.message.contains("no samples"))
  }

  /// SoX takes the number down to whole frames.
  @Test func aStreamOfFramesThatDoNotDivideTheNumber() throws {
    var file = WAVEBytes(channels: 2, bits: 24, data: [0, 0, 64, 0, 0, 64], dataLength: 0x7FFF_EFFC)
    file.fileLength = 0x7FFF_F038
    #expect(try samples(file) == [0.5])
    file.dataLength = 0x7FFF_EFF6
    #expect(try dataError { _ = try samples(file) }.message.contains("the length is false"))
  }

  /// A program that knows how long the file is knows how long the samples are.
  @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE])
  func aLengthThatIsFalse(length: Int) throws {
    let error = try dataError { _ = try samples(WAVEBytes(data: [0, 64, 0, 32], dataLength: length)) }
    #expect(error.kind == .invalid && error.place == "a, byte 40")
    #expect(error.message.contains("take \(length) bytes, and 4 follow") && error.message.contains("is false"))
  }

  @Test func refusals() throws {
    let sample: [UInt8] = [0, 64]
    let unknown = WAVEBytes.word(22, 2) + [UInt8](repeating: 7, count: 22)
    let cases: [([UInt8], String)] = [
      ([], "no WAVE file"), (Array("label,width\n1,2\n".utf8), "no WAVE file"), (Array("RIFF".utf8), "no WAVE file"),
      (Array("fLaC and more to come".utf8), "FLAC"), (Array("OggS and more to come".utf8), "Ogg"),
      (Array("ID3".utf8), "MP3"), (Array("RIFX".utf8), "big-endian"), (Array("RF64".utf8), "RF64"),
      (Array("RIFF1234WEBPVP8 ".utf8), "'WEBP'"), (Array("RIFF1234WAVE".utf8), "ends before the format"),
      (Array("RIFF1234WAVEdata1234".utf8), "before their format"),
      (Array("RIFF1234WAVELIST1234".utf8), "the chunk 'LIST' says"),
      (Array("RIFF1234WAVEfmt \u{4}\0\0\0abcd".utf8), "WAVE files need 16"),
      (WAVEBytes(data: sample, dataLength: 4).bytes, "4 bytes, and 2 follow"),
      (WAVEBytes(data: sample, dataLength: 0x7FFF_EFFF).bytes, "2 follow"),
      (WAVEBytes(data: sample + [1]).bytes, "3 bytes of samples are no whole number of the 2"),
      (WAVEBytes(channels: 2, data: sample).bytes, "no whole number of the 4"),
      (WAVEBytes(tag: 0x55, data: sample).bytes, "MP3"), (WAVEBytes(tag: 6, bits: 8, data: sample).bytes, "A-law"),
      (WAVEBytes(tag: 0x1234, data: sample).bytes, "format 4660"),
      (WAVEBytes(tag: 0xFFFE, data: sample).bytes, "extensible format takes 16"),
      (WAVEBytes(tag: 0xFFFE, extensible: unknown, data: sample).bytes, "unknown extensible"),
      (WAVEBytes(bits: 12, blockBytes: 2, data: sample).bytes, "samples of 12 bits"),
      (WAVEBytes(tag: 3, bits: 16, data: sample).bytes, "floats of 32 or 64"),
      (WAVEBytes(channels: 0, data: sample).bytes, "without a channel"),
      (WAVEBytes(rate: 0, data: sample).bytes, "0 samples a second"),
      (WAVEBytes(rate: 999, data: sample).bytes, "999 samples a second"),
      (WAVEBytes(rate: 0xFFFF_FFFF, data: sample).bytes, "4294967295 samples a second"),
      (WAVEBytes(blockBytes: 3, data: sample).bytes, "said to take 3 bytes"),
      (WAVEBytes(tag: 3, bits: 32, data: bytes([1, Float.nan])).bytes, "infinite, no number"),
      (WAVEBytes(tag: 3, bits: 64, data: bytes([1e300])).bytes, "too large for float32"),
    ]
    for (bytes, message) in cases {
      let error = try dataError { _ = try Sound(bytes: bytes, place: "a.wav") }
      #expect(error.kind == .invalid && error.place.hasPrefix("a.wav"))
      #expect(error.message.contains(message), "\(error), not \(message)")
    }
    #expect(try dataError { _ = try Sound(path: "/nowhere/a.wav") }.kind == .missing)
  }

  @Test func truncationAnywhere() throws {
    let stereo = WAVEBytes(channels: 2, data: [1, 2, 3, 4, 5, 6, 7, 8]).bytes
    for count in 0..<stereo.count {
      #expect(throws: DataError.self, "\(count)") { try Sound(bytes: Array(stereo[..<count]), place: "a") }
    }
  }

  @Test func writesWhatItReads() throws {
    let numbers = (-5...5).map { Float($0) * 0.2 + 0x1p-15 } + [1.5, -1.5, .nan, .infinity]
    let written = Sound(sampleRate: 8000, samples: numbers).wav()
    let read = try Sound(bytes: written, place: "a")
    #expect(read.sampleRate == 8000 && read.samples.count == numbers.count)
    #expect(zip(read.samples, numbers).prefix(10).allSatisfy { abs($0 - $1) <= 0x1p-16 })
    let clipped: [Float] = [0x0.FFFEp0, -1, 0, 0x0.FFFEp0]
    #expect(Array(read.samples.suffix(4)) == clipped)
    #expect(read.wav() == written)
    let folder = try TemporaryFolder()
    try Files.write(written, to: folder("a.wav"))
    #expect(try Sound(path: folder("a.wav")) == read)
  }

  @Test func damage() throws {
    var randomness = Randomness(12)
    var refused = 0
    let seeds = [
      WAVEBytes(channels: 2, data: randomness.bytes(40)).bytes, WAVEBytes(bits: 24, data: randomness.bytes(30)).bytes,
      WAVEBytes(
        tag: 0xFFFE, bits: 32, extensible: WAVEBytes.extensible(3, validBits: 32), data: bytes([0.1 as Float])
      ).bytes,
    ]
    for round in 0..<6000 {
      do {
        let sound = try Sound(bytes: randomness.mutated(seeds[round % seeds.count]), place: "a")
        #expect(!sound.samples.isEmpty)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 2000)
  }
}

/// Against scipy and numpy, see Tests/References/sounds.py.
@Suite struct SoundSignalTests {
  private let references = Result { try References("sounds") }

  private func numbers(_ name: String) throws -> (shape: [Int], values: [Double]) {
    let entry = try references.get()(name)
    return (entry.shape, Tensor(entry).reals())
  }

  private var samples: [Float] {
    get throws { try numbers("samples").values.map { Float($0) } }
  }

  @Test(arguments: [
    (16000, 8000), (8000, 16000), (44100, 16000), (22050, 16000), (16000, 44100), (48000, 16000), (16001, 7999),
  ])
  func resamplesAsScipy(old: Int, new: Int) throws {
    let sound = Sound(sampleRate: old, samples: Array(try samples.prefix(700)))
    let resampled = sound.resampled(to: new)
    let wanted = try numbers("resampled/\(old)-\(new)").values
    #expect(resampled.sampleRate == new && resampled.samples.count == wanted.count)
    let worst = zip(resampled.samples, wanted).map { abs(Double($0) - $1) }.max()
    #expect(worst ?? 1 < 1e-6)
  }

  @Test func aToneAboveTheNewNyquistFrequencyIsGone() {
    func tone(_ frequency: Double) -> Sound {
      Sound(sampleRate: 16000, samples: (0..<4000).map { Float(sin(2 * .pi * frequency * Double($0) / 16000)) })
    }
    func loudest(_ sound: Sound) -> Float { sound.samples[200..<sound.samples.count - 200].map(abs).max() ?? 0 }
    #expect(loudest(tone(4100).resampled(to: 8000)) < 1.2e-4)
    #expect(loudest(tone(6500).resampled(to: 8000)) < 1.2e-4)
    #expect(loudest(tone(3500).resampled(to: 8000)) > 0.99)
    let same = tone(440)
    #expect(same.resampled(to: 16000) == same)
    #expect(Sound(sampleRate: 8000, samples: []).resampled(to: 16000).samples.isEmpty)
  }

  @Test func fourierTransformAgainstItsDefinition() {
    var randomness = Randomness(9)
    for count in [1, 2, 8, 64] {
      let numbers = (0..<count).map { _ in Double.random(in: -1...1, using: &randomness) }
      var (real, imaginary) = (numbers, [Double](repeating: 0, count: count))
      FourierTransform(count: count).apply(&real, &imaginary)
      for k in 0..<count {
        let angles = (0..<count).map { -2 * Double.pi * Double(k * $0) / Double(count) }
        let cosines = zip(numbers, angles).map { $0 * cos($1) }.reduce(0, +)
        let sines = zip(numbers, angles).map { $0 * sin($1) }.reduce(0, +)
        #expect(abs(real[k] - cosines) < 1e-12 && abs(imaginary[k] - sines) < 1e-12)
      }
    }
  }

  @Test func spectrograms() throws {
    let cases: [(String, MelSpectrogram)] = [
      ("speech", MelSpectrogram()),
      ("narrow", MelSpectrogram(sampleRate: 8000, window: 0.032, hop: 0.0125, bands: 12, lowest: 0, highest: 3000)),
      ("coarse", MelSpectrogram(sampleRate: 22050, window: 100 / 22050, hop: 331 / 22050, bands: 64, lowest: 50)),
    ]
    for (name, spectrogram) in cases {
      let wanted = try numbers("mel/\(name)")
      let found = try spectrogram(samples)
      let frames = try spectrogram.frames(of: samples.count)
      #expect([spectrogram.bands, frames] == wanted.shape)
      #expect(found.count == wanted.values.count)
      #expect(zip(found, wanted.values).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "\(name)")
    }
    let tensor = Sound(sampleRate: 16000, samples: try samples).logMel()
    let direct = MelSpectrogram()(try samples).map { Double($0) }
    #expect(tensor.shape == [40, 7] && tensor.reals() == direct)
    // A recording shorter than a window is followed by silence.
    let short = MelSpectrogram()([0.5, -0.5])
    #expect(short.count == 40 && short == MelSpectrogram()([0.5, -0.5] + [Float](repeating: 0, count: 398)))
    #expect(MelSpectrogram()([]).allSatisfy { $0 == Float(log(1e-10)) })
  }
}
