import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct Random {
    /// The known answers of Random123's philox4x32-10.
    @Test func philoxGivesTheKnownAnswers() {
      let cases: [(key: UInt64, counter: [UInt32], words: [UInt32])] = [
        (0, [0, 0, 0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        (.max, [.max, .max, .max, .max], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
          0x299f_31d0_a409_3822, [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
          [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
      ]
      for (key, counter, words) in cases {
        var result = [UInt32](repeating: 0, count: 4)
        descent_philox(key, counter, &result)
        #expect(result == words)
      }
    }

    static let key: UInt64 = 0x0123_4567_89ab_cdef
    static let stream: UInt32 = 3
    static let step: UInt32 = 0x8000_0005

    static func words(_ block: Int) -> [UInt32] {
      var words = [UInt32](repeating: 0, count: 4)
      let bits = UInt64(block)
      descent_philox(key, [UInt32(truncatingIfNeeded: bits), UInt32(bits >> 32), stream, step], &words)
      return words
    }

    /// Elements `start ..< end` of a generator, and a few that must stay as they were.
    static func draw(
      _ generator: (UInt64, UInt32, UInt32, UnsafeMutablePointer<Float>?, Int64, Int64) -> Void, _ cuts: [Int]
    ) -> [Float] {
      var out = [Float](repeating: -7, count: cuts.last! - cuts[0] + 8)
      out.withUnsafeMutableBufferPointer { out in
        for (start, end) in zip(cuts, cuts.dropFirst()) {
          generator(key, stream, step, out.baseAddress! - cuts[0], Int64(start), Int64(end))
        }
      }
      #expect(out.suffix(8).allSatisfy { $0 == -7 })
      return out.dropLast(8)
    }

    /// Around 2^34 the block's number outgrows 32 bits.
    @Test(arguments: [0, 5, 1 << 34 - 300]) func uniformNumbersAreTheWords(start: Int) {
      let end = start + 1001
      onEveryProcessor { processor in
        let out = Self.draw(descent_random_uniform, [start, end])
        let wrong = firstWrong(out.count) { i in
          out[i] == Float(Self.words((start + i) / 4)[(start + i) % 4] >> 8) / Float(1 << 24)
        }
        #expect(wrong == nil, "\(processor)")
        #expect(same(Self.draw(descent_random_uniform, [start, start + 1, start + 70, start + 500, end]), out))
      }
    }

    @Test func normalNumbersAreBoxAndMullers() {
      onEveryProcessor { processor in
        let out = Self.draw(descent_random_normal, [0, 4003])
        let wrong = firstWrong(out.count) { i in
          let words = Self.words(i / 4)
          let pair = i % 4 / 2 * 2
          let radius = (-2 * log((Double(words[pair]) + 1) / 4_294_967_296)).squareRoot()
          let angle = 2 * Double.pi * Double(words[pair + 1]) / 4_294_967_296
          return close(out[i], radius * (i % 2 == 0 ? cos(angle) : sin(angle)), relative: 5e-7, absolute: 1e-9)
        }
        #expect(wrong == nil, "\(processor)")
        #expect(same(Self.draw(descent_random_normal, [0, 1, 70, 501, 4003]), out), "\(processor)")
      }
    }
  }

  @Suite struct Batches {
    @Test func rowsAreGatheredAndNormalised() {
      var numbers = Numbers(seed: 11)
      let bytes = (0..<300 * 40).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      let floats = numbers.floats(300 * 40)
      let rows = (0..<23).map { _ in Int32.random(in: 0..<300, using: &numbers) }
      onEveryProcessor { processor in
        for count in [1, 3, 8, 13, 40] {
          let offset = numbers.floats(count)
          let scale = numbers.floats(count)
          var out = [[Float]](repeating: [Float](repeating: -7, count: 23 * count), count: 4)
          descent_gather_uint8(bytes, rows, 23, Int64(count), offset, scale, &out[0])
          descent_gather_uint8(bytes, rows, 23, Int64(count), nil, nil, &out[1])
          descent_gather_float32(floats, rows, 23, Int64(count), offset, scale, &out[2])
          descent_gather_float32(floats, rows, 23, Int64(count), nil, nil, &out[3])
          let wrong = firstWrong(23 * count) { i in
            let (at, feature) = (Int(rows[i / count]) * count + i % count, i % count)
            let byte = Float(bytes[at])
            return same(out[0][i], (byte - offset[feature]) * scale[feature]) && out[1][i] == byte
              && same(out[2][i], (floats[at] - offset[feature]) * scale[feature]) && out[3][i] == floats[at]
          }
          #expect(wrong == nil, "\(processor): \(count)")
        }
      }
    }
  }

  @Suite struct Processors {
    @Test func theBestIsSelectedAtStartAndOthersOnRequest() {
      let best = descent_processor_count() - 1
      #expect(descent_processor_selected() == best)
      onEveryProcessor { #expect(String(cString: descent_processor_name(descent_processor_selected())) == $0) }
      descent_processor_select(best + 1)
      descent_processor_select(-1)
      #expect(descent_processor_selected() == best)
    }
  }
}
