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
