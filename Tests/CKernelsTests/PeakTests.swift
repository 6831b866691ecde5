import CKernels
import Testing

extension Kernels {
  @Suite struct Peak {
    @Test func itDoesTheOperationsThatItCounts() {
      onEveryProcessor { processor in
        var (one, many): (Float, Float) = (0, 0)
        let operations = descent_peak(1, 0.5, 1, &one)
        // 0 · 0.5 + 1 in every number, then towards the fixed point 2
        #expect(operations > 0 && Float(operations) == 2 * one, "\(processor)")
        #expect(descent_peak(100, 0.5, 1, &many) == 100 * operations && many == 2 * one, "\(processor)")
      }
    }
  }
}
