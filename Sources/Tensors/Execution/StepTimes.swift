#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A clock for what takes less than a microsecond.
enum FineClock {
  /// Seconds since a moment in the past.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// The seconds that reading it takes, the least of some tries.
  static func readingTime() -> Double {
    (0..<1000).map { _ in
      let start = now
      return now - start
    }.min() ?? 0
  }
}

extension CompiledPlan {
  /// The mean seconds that each step takes, over a number of runs. They go through the whole plan as a replay does, so
  /// that a step finds the caches as the one before leaves them; the clock's own time is taken off.
  ///
  /// The runs work on copies: variables keep their values.
  package func stepTimes(_ arguments: [Tensor], runs: Int) -> [Double] {
    let held = bindings.map { binding in
      let value = binding.variable.held.computedStorage()
      let copy = Storage(byteCount: value.byteCount)
      copy.address.copyMemory(from: value.address, byteCount: value.byteCount)
      return copy
    }
    let written = zip(bindings, held).filter { $0.0.output != nil }.map { binding, storage in
      binding.mayOverwrite ? storage : Storage(byteCount: storage.byteCount)
    }
    let leaves = sources.map { source in
      switch source {
      case .argument(let index): arguments[index].computedStorage()
      case .variable(let index): held[index]
      case .randomKey: RandomKey.storage(seed: 0, stream: 0, step: 0)
      case .constant(let storage): storage
      }
    }
    let results = resultSignatures.map { Storage(byteCount: $0.byteCount) }
    return plan.stepTimes(leaves: leaves, outputs: results + written, runs: runs)
  }
}
