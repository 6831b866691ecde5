#if Pictures
  import Testing

  @testable import DescentFormats

  private let references = Result { try References("pictures") }

  /// PNG and JPEG files of every kind, whole and damaged.
  @Suite struct PictureFileTests {
    private static var names: [String] {
      let entries = (try? references.get().file.entries) ?? []
      return entries.map(\.name).filter { $0.hasSuffix("/file") }.map { String($0.dropLast(5)) }
    }

    private func file(_ name: String) throws -> [UInt8] { try references.get()("\(name)/file").bytes }

    /// Against Pillow, see Tests/References/pictures.py. Versions of libjpeg may differ by a little.
    @Test(arguments: names) func decodes(name: String) throws {
      let picture = try Picture(bytes: file(name), place: name)
      let wanted = try references.get()("\(name)/pixels")
      #expect([picture.height, picture.width, picture.channels] == wanted.shape)
      let worst = zip(picture.pixels, wanted.bytes).map { abs(Int($0) - Int($1)) }.max()
      #expect(worst ?? 255 <= (name.hasPrefix("jpeg") ? 2 : 0))
    }

    @Test func thereAreFilesOfEveryKind() { #expect(Self.names.count == 19) }

    @Test(arguments: names) func truncationAnywhere(name: String) throws {
      let bytes = try file(name)
      for count in 0..<bytes.count {
        #expect(throws: DataError.self, "\(count) of \(bytes.count)") {
          try Picture(bytes: Array(bytes[..<count]), place: name)
        }
      }
    }

    @Test func writesWhatItReads() throws {
      var randomness = Randomness(4)
      for (width, height, channels) in [(1, 1, 1), (1, 1, 3), (7, 5, 1), (3, 200, 3), (300, 2, 3)] {
        let pixels = randomness.bytes(width * height * channels)
        let picture = Picture(width: width, height: height, channels: channels, pixels: pixels)
        #expect(try Picture(bytes: picture.png(), place: "a") == picture)
      }
      let folder = try TemporaryFolder()
      let picture = Picture(width: 1, height: 2, channels: 1, pixels: [3, 4])
      try Files.write(picture.png(), to: folder("a.png"))
      #expect(try Picture(path: folder("a.png")) == picture)
    }

    private func png(width: UInt32, height: UInt32, data: [UInt8]) -> [UInt8] {
      func word(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
      func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + data
        return word(UInt32(data.count)) + named + word(named.withUnsafeBytes { CRC32.checksum($0) })
      }
      let header = chunk("IHDR", word(width) + word(height) + [8, 2, 0, 0, 0])
      return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + header + chunk("IDAT", data) + chunk("IEND", [])
    }

    @Test func bombs() throws {
      let cases: [(UInt32, UInt32, String)] = [
        (100_000, 100_000, "more than the 100000000"), (1_000_000, 101, "more than the 100000000"),
        (10_000, 10_000, "can't be in"), (1_000_000, 1, "can't be in"), (0, 5, "damaged PNG"),
        (2_000_000_000, 1, "damaged PNG"),
      ]
      for (width, height, message) in cases {
        let bytes = png(width: width, height: height, data: [0x78, 0x9C, 3, 0, 0, 0, 0, 1])
        let error = try dataError { _ = try Picture(bytes: bytes, place: "bomb.png") }
        #expect(error.place == "bomb.png" && error.message.contains(message), "\(error)")
      }
      // A JPEG file whose header is raised to 65,500 pixels a side, and one that stays plausible and lacks its pixels.
      var large = try file("jpeg-rgb")
      let frame = try #require(large.indices.dropLast().first { large[$0] == 0xFF && large[$0 + 1] == 0xC0 })
      large.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
      #expect(try dataError { _ = try Picture(bytes: large, place: "a") }.message.contains("more than the"))
      large.replaceSubrange(frame + 5..<frame + 9, with: [0x20, 0, 0x20, 0])
      #expect(try dataError { _ = try Picture(bytes: large, place: "a") }.message.contains("can't be in"))
      large.replaceSubrange(frame + 5..<frame + 9, with: [0, 100, 0, 100])
      #expect(try dataError { _ = try Picture(bytes: large, place: "a") }.message.contains("damaged JPEG"))
    }

    @Test func honestBombs() throws {
      // 9999 × 9999 pixels of RGBA with 16 bits: nothing of its 777,000 bytes is unpacked
      var large = png(width: 9999, height: 9999, data: [UInt8](repeating: 0, count: 777_000))
      large.replaceSubrange(24..<26, with: [16, 6])
      let checksum = large[12..<29].withUnsafeBytes { CRC32.checksum($0) }
      large.replaceSubrange(29..<33, with: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> $0) })
      let error = try dataError { _ = try Picture(bytes: large, place: "a") }
      #expect(error.kind == .invalid && error.place == "a")
      #expect(error.message.contains("unpacks to 381 MiB or more from 758 KiB"), "\(error)")
      #expect(try dataError { _ = try Picture.size(ofBytes: large, place: "a") } == error)
      var limit = UnpackingLimit()
      (limit.unwatched, limit.ratio) = (50_000, 50)
      let grey = Picture(width: 300, height: 300, channels: 1, pixels: [UInt8](repeating: 0, count: 90_000))
      let bytes = try grey.png()
      #expect(throws: DataError.self) { try Picture(bytes: bytes, place: "a", unpacking: limit) }
      limit.unwatched = 90_000
      #expect(try Picture(bytes: bytes, place: "a", unpacking: limit) == grey)
      // a JPEG file in several passes is held three times
      (limit.unwatched, limit.ratio) = (0, 1)
      let progressive = try file("jpeg-progressive")
      let size = try Picture.size(ofBytes: progressive, place: "a")
      let plain = progressive + [UInt8](repeating: 0, count: size.width * size.height * 3)
      #expect(throws: DataError.self) { try Picture(bytes: plain, place: "a", unpacking: limit) }
      limit.ratio = 3
      #expect(try Picture(bytes: plain, place: "a", unpacking: limit).width == size.width)
    }

    @Test func damage() throws {
      var randomness = Randomness(11)
      var refused = 0
      for name in Self.names {
        let bytes = try file(name)
        for _ in 0..<200 {
          do {
            let picture = try Picture(bytes: randomness.mutated(bytes), place: name)
            #expect(picture.pixels.count == picture.width * picture.height * picture.channels)
          } catch {
            #expect(error.kind == .invalid && !error.message.isEmpty)
            refused += 1
          }
        }
      }
      #expect(refused > 1000)
    }
  }
#endif
