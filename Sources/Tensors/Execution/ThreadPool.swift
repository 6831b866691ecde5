import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that wait for parts of a piece of work, for a while by looking and then asleep.
///
/// Parts are claimed one by one, by the caller too: a thread that has no processor, because other programs are busy, holds
/// nobody up, and its part is done by another. A part's result does not depend on who does it.
final class ThreadPool: Sendable {
  static let shared = ThreadPool()

  /// The piece of work in hand: its number, how many parts it has, and the next one that nobody has claimed. One word, so
  /// that a claim holds only for the work that it was read for.
  private struct Ticket {
    var word: UInt64

    init(word: UInt64) { self.word = word }
    init(number: UInt32, count: Int) { word = UInt64(number) << 32 | UInt64(count) << 16 }

    var number: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
    var count: Int { Int(word >> 16 & 0xFFFF) }
    var next: Int { Int(word & 0xFFFF) }
  }

  private struct Work {
    let function: Threads.Part
    let context: UnsafeRawPointer
  }

  private let ticket = Atomic<UInt64>(0)
  /// The address of the caller's `Work`; what it points to lives until every claimed part is done.
  private let work = Atomic<UInt>(0)
  private let finished = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let alarm = DispatchSemaphore(value: 0)
  private let threadCount = Mutex(0)

  /// Looks at the ticket, some 50 µs, before a thread goes to sleep: longer than the work between two regions of a step.
  private static let patience = 1 << 16

  /// Runs the function for parts 0 ..< count and returns when all are done. Parts run one behind the other where the pool
  /// is taken: another task's work is under way, or this call comes from inside a part.
  func run(_ count: Int, _ function: Threads.Part, _ context: UnsafeRawPointer) {
    guard count > 1, count <= 0xFFFF, !isBusy.exchange(true, ordering: .acquiring) else {
      for part in 0..<count { function(context, part) }
      return
    }
    defer { isBusy.store(false, ordering: .releasing) }
    start(count - 1)
    var work = Work(function: function, context: context)
    withUnsafeMutablePointer(to: &work) { address in
      finished.store(0, ordering: .relaxed)
      self.work.store(UInt(bitPattern: address), ordering: .relaxed)
      let number = Ticket(word: ticket.load(ordering: .relaxed)).number &+ 1
      // stored and then read in one order with what a thread does before it sleeps: one of both sees the other
      ticket.store(Ticket(number: number, count: count).word, ordering: .sequentiallyConsistent)
      for _ in 0..<min(sleepers.load(ordering: .sequentiallyConsistent), count - 1) { alarm.signal() }
      takeParts(of: number)
      var looks = 0
      while finished.load(ordering: .acquiring) < count {
        looks += 1
        if looks % 1024 == 0 { sched_yield() }
      }
    }
  }

  /// Claims and does parts of a piece of work until none is left.
  private func takeParts(of number: UInt32) {
    while true {
      let seen = Ticket(word: ticket.load(ordering: .acquiring))
      guard seen.number == number, seen.next < seen.count else { return }
      let claim = ticket.compareExchange(
        expected: seen.word, desired: seen.word + 1, ordering: .acquiringAndReleasing)
      guard claim.exchanged, let work = UnsafePointer<Work>(bitPattern: work.load(ordering: .relaxed)) else { continue }
      work.pointee.function(work.pointee.context, seen.next)
      finished.add(1, ordering: .releasing)
    }
  }

  /// Sees to it that there are so many threads.
  private func start(_ wanted: Int) {
    threadCount.withLock { count in
      while count < wanted {
        var thread = pthread_t()
        // threads that cannot be had are done without: the caller takes their parts
        guard pthread_create(&thread, nil, { _ in ThreadPool.shared.serve() }, nil) == 0 else { return }
        pthread_detach(thread)
        count += 1
      }
    }
  }

  /// A thread's life.
  private func serve() -> Never {
    var last = Ticket(word: ticket.load(ordering: .acquiring)).number &- 1
    while true {
      var looks = 0
      var now = Ticket(word: ticket.load(ordering: .acquiring))
      while now.number == last {
        looks += 1
        if looks == Self.patience {
          sleepers.add(1, ordering: .sequentiallyConsistent)
          if Ticket(word: ticket.load(ordering: .sequentiallyConsistent)).number == last { alarm.wait() }
          sleepers.subtract(1, ordering: .sequentiallyConsistent)
          looks = 0
        }
        now = Ticket(word: ticket.load(ordering: .acquiring))
      }
      last = now.number
      takeParts(of: last)
    }
  }
}
