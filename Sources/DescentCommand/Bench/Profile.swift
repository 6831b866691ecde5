import Descent

/// Where the time of a workload's plan goes, step by step.
struct Profile {
  private struct Row {
    let name: String
    let seconds: Double
    let cost: StepCost
  }

  private let workload: String
  private let rows: [Row]
  private let runs: Int
  private let arenaByteCount, liveByteCount: Int

  /// Runs a workload's plan for about so many seconds.
  init(of workload: any Workload, seconds: Double) throws {
    let work = try workload.prepared()
    let (compiled, arguments) = work.plan()
    // the first runs warm up, and tell how many fill the time
    let once = compiled.stepTimes(arguments, runs: 3).reduce(0, +)
    runs = max(1, min(1_000_000, Int(seconds / max(once, 1e-6))))
    let times = compiled.stepTimes(arguments, runs: runs)
    rows = zip(compiled.plan.steps, times).map { Row(name: $0.name, seconds: $1, cost: $0.cost) }
    self.workload = workload.name
    (arenaByteCount, liveByteCount) = (compiled.plan.arenaByteCount, compiled.plan.liveByteCount)
  }

  private static let header = ["", "µs", "%", "read", "written", "GB/s", "GFLOP/s", "threads", "step"]

  /// A line a step, and the totals.
  var lines: [String] {
    let total = Row(
      name: "\(counted(rows.count, "step")), mean of \(counted(runs, "run"))",
      seconds: rows.reduce(0) { $0 + $1.seconds },
      cost: rows.reduce(.none) { $0 + $1.cost })
    let table =
      rows.enumerated().map { ["\($0.offset + 1)"] + cells($0.element, of: total.seconds) }
      + [["all"] + cells(total, of: total.seconds)]
    return ["\(workload):"] + alignedTable(Self.header, table, numbers: Set(0..<Self.header.count - 1))
      + ["arena: \(bytes(arenaByteCount)), \(ratio) × the most that is alive at one step, \(bytes(liveByteCount))"]
  }

  private var ratio: String { short(Double(arenaByteCount) / Double(max(liveByteCount, 1))) }

  private func cells(_ row: Row, of total: Double) -> [String] {
    let (cost, seconds) = (row.cost, row.seconds)
    func rate(_ amount: Double) -> String { amount > 0 && seconds > 0 ? short(amount / seconds / 1e9) : "–" }
    return [
      short(1e6 * seconds), short(total > 0 ? 100 * seconds / total : 0), bytes(cost.bytesRead),
      bytes(cost.bytesWritten), rate(Double(cost.bytesRead + cost.bytesWritten)), rate(cost.flops),
      "\(cost.threads)", row.name,
    ]
  }
}

/// An amount of memory: 512 B, 1.53 kB, 12.8 MB.
private func bytes(_ count: Int) -> String {
  switch count {
  case ..<1000: "\(count) B"
  case ..<1_000_000: "\(short(Double(count) / 1e3)) kB"
  default: "\(short(Double(count) / 1e6)) MB"
  }
}
