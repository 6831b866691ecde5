import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ExecutionSettings {
  /// Floating-point operations a second that fused multiply-adds reach on these threads without any memory: what no
  /// kernel surpasses. Measured now, the best of some tries, in about a tenth of a second.
  ///
  /// Each thread's rate is that of its own processor time, so that other programs' share of the machine lowers it little.
  package func measuredPeak() -> Double {
    var rounds: Int64 = 1000
    while Self.multiplyAdd(rounds).seconds < 0.005 { rounds *= 2 }
    var rates = [Double](repeating: 0, count: threads)
    var best = 0.0
    for _ in 0..<10 {
      rates.withUnsafeMutableBufferPointer { rates in
        let address = Address(rates.baseAddress.unsafelyUnwrapped)
        Threads.run(threads) { [rounds] part in
          let (operations, seconds) = Self.multiplyAdd(rounds)
          address.pointer[part] = operations / seconds
        }
      }
      best = max(best, rates.reduce(0, +))
    }
    return best
  }

  /// Rounds of multiply-adds on the current thread: floating-point operations, and the processor time they took.
  private static func multiplyAdd(_ rounds: Int64) -> (operations: Double, seconds: Double) {
    var total: Float = 0
    let start = threadSeconds
    let operations = descent_peak(rounds, 0.5, 1, &total)
    return (Double(operations), max(threadSeconds - start, 1e-9))
  }

  private static var threadSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
