import Dispatch
import Synchronization
import Testing

@testable import DescentTensors

@Suite struct ThreadPoolTests {
  /// How often each part was done.
  private final class Counts: Sendable {
    private let counts: Mutex<[Int]>

    init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

    func add(_ part: Int) { counts.withLock { $0[part] += 1 } }
    var all: [Int] { counts.withLock { $0 } }
  }

  @Test(arguments: [0, 1, 2, 3, 7, 64])
  func everyPartIsDoneOnce(_ count: Int) {
    for _ in 0..<500 {
      let counts = Counts(count)
      Threads.run(count) { counts.add($0) }
      #expect(counts.all == Array(repeating: 1, count: count))
    }
  }

  @Test func aPartMayHavePartsOfItsOwn() {
    let counts = Counts(12)
    Threads.run(3) { outer in Threads.run(4) { counts.add(outer * 4 + $0) } }
    #expect(counts.all == Array(repeating: 1, count: 12))
  }

  @Test func tasksShareThePoolWithoutMixingTheirWork() {
    let counts = Counts(8 * 3)
    DispatchQueue.concurrentPerform(iterations: 8) { task in
      for _ in 0..<300 { Threads.run(3) { counts.add(task * 3 + $0) } }
    }
    #expect(counts.all == Array(repeating: 300, count: 24))
  }

  @Test func threadsThatHaveGoneToSleepWakeUp() async throws {
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(30))
      let counts = Counts(4)
      Threads.run(4) { counts.add($0) }
      #expect(counts.all == [1, 1, 1, 1])
    }
  }
}
