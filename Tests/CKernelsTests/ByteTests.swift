import CKernels
import Testing

extension Kernels {
  @Suite struct Bytes {
    /// Texts whose ends lie anywhere within 64 bytes, of few different bytes, so that all of them meet all places.
    private func texts() -> [[UInt8]] {
      var numbers = Numbers(seed: 13)
      let letters = Array("a,\"\n\r\r\n\0".utf8)
      return [0, 1, 2, 15, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 500].flatMap { count in
        (0..<20).map { _ in
          (0..<count).map { _ in letters.randomElement(using: &numbers) ?? 0 }
        }
      }
    }

    @Test func areFound() {
      let texts = texts()
      onEveryProcessor { processor in
        for wanted in [Array(",\"\n\r".utf8), [0, 0, 0, 0], Array("aaa,".utf8)] {
          for text in texts {
            var bits = [UInt64](repeating: 0xABCD, count: (text.count + 63) / 64 + 1)
            descent_find_bytes(text, Int64(text.count), wanted, &bits)
            var expected = [UInt64](repeating: 0, count: bits.count - 1) + [0xABCD]
            for (place, byte) in text.enumerated() where wanted.contains(byte) {
              expected[place / 64] |= 1 << UInt64(place % 64)
            }
            #expect(bits == expected, "\(processor): \(wanted) in \(text)")
          }
        }
      }
    }

    @Test func areCounted() {
      let texts = texts()
      onEveryProcessor { processor in
        for text in texts {
          for wanted in Array("a,\n\0".utf8) {
            let count = descent_count_byte(text, Int64(text.count), wanted)
            #expect(count == Int64(text.count { $0 == wanted }), "\(processor): \(wanted) in \(text)")
          }
          var (ends, isReturn) = (Int64(0), false)
          for byte in text {
            if byte == 13 || (byte == 10 && !isReturn) { ends += 1 }
            isReturn = byte == 13
          }
          #expect(descent_count_line_ends(text, Int64(text.count)) == ends, "\(processor): line ends in \(text)")
        }
      }
    }
  }
}
