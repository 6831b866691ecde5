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
    let workspace = makeWorkspace()
    let slots = workspace.slots.pointer
    var held: [Storage] = []
    func place(_ storage: Storage, in slot: Int?) {
      guard let slot else { return }
      slots[slot] = storage.address
      held.append(storage)
    }
    for binding in bindings {
      let value = binding.variable.held.computedStorage()
      let copy = Storage(byteCount: value.byteCount)
      copy.address.copyMemory(from: value.address, byteCount: value.byteCount)
      place(copy, in: binding.leafSlot)
      place(binding.mayOverwrite ? copy : Storage(byteCount: value.byteCount), in: binding.outputSlot)
    }
    for result in results { place(Storage(byteCount: result.signature.byteCount), in: result.slot) }
    for (argument, slot) in argumentSlots { place(arguments[argument].computedStorage(), in: slot) }
    for slot in randomKeySlots { place(RandomKey.storage(seed: 0, stream: 0, step: 0), in: slot) }
    return withExtendedLifetime((held, workspace)) { plan.stepTimes(slots, runs: runs) }
  }
}
