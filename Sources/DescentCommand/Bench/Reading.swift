import Descent

/// What one measurement says.
struct Reading {
  let workload: String
  let unit: Work.Unit
  /// The median of the rounds, the least and the greatest.
  let value, min, max: Double
  let lossFirst, lossLast: Double?
  let flopsPerSecond: Double?
  /// Of the fused multiply-adds a second that the threads in use reach by themselves.
  let fractionOfPeak: Double?
  /// Of one call, where the counter is loaded.
  let allocations: (own: Double, oneDNN: Double)?
  /// Nodes of the graph that is planned, leaves among them.
  let nodes: Int
  /// The plan's one stretch of memory, and the most of it that is alive at one step.
  let arenaByteCount, liveByteCount: Int
}

extension Reading {
  private static let rounds = 5

  /// Times five rounds of a workload that fill so many seconds together.
  init(of workload: any Workload, seconds: Double) throws {
    let work = try workload.prepared()
    let clock = ContinuousClock()
    lossFirst = work.call()
    // warms up, and tells how many calls fill a round
    var calls = 0
    var warmUp = Duration.zero
    while warmUp < .seconds(seconds / 20) {
      warmUp += clock.measure { for _ in 0..<work.lap { _ = work.call() } }
      calls += work.lap
    }
    calls = Swift.max(1, Int(seconds / Double(Self.rounds) / (warmUp.seconds / Double(calls))))
    var last: Double?
    let times = (0..<Self.rounds).map { _ in
      clock.measure { for _ in 0..<calls { last = work.call() } }.seconds
    }.sorted()
    let figures = times.map { work.unit.figure(calls: calls, seconds: $0) }.sorted()

    self.workload = workload.name
    unit = work.unit
    (value, min, max) = (figures[Self.rounds / 2], figures[0], figures[Self.rounds - 1])
    lossLast = last
    flopsPerSecond = work.flops.map { $0 * Double(calls) / times[Self.rounds / 2] }
    fractionOfPeak = flopsPerSecond.map { $0 / ExecutionSettings.current.measuredPeak() }
    let plan = work.plan().plan.plan
    (nodes, arenaByteCount, liveByteCount) = (plan.nodeCount, plan.arenaByteCount, plan.liveByteCount)
    allocations = AllocationCounter().map { counter in
      // behind the timed calls: what is made once is there by now
      let counts = counter.count { for _ in 0..<work.lap { _ = work.call() } }
      return (Double(counts.own) / Double(work.lap), Double(counts.oneDNN) / Double(work.lap))
    }
  }
}

extension Reading: Encodable {
  private enum CodingKeys: String, CodingKey {
    case workload, peer, unit, value, min, max
    case lossFirst = "loss_first"
    case lossLast = "loss_last"
    case flopsPerSecond = "flops_per_second"
    case fractionOfPeak = "fraction_of_peak"
    case allocationsPerStep = "allocations_per_step"
    case allocationsInOneDNN = "allocations_in_onednn"
    case nodes
    case arenaByteCount = "arena_bytes"
    case liveByteCount = "live_bytes"
  }

  /// Every key is there; null says that a figure is not known.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workload, forKey: .workload)
    try container.encode("descent", forKey: .peer)
    try container.encode(unit.name, forKey: .unit)
    try container.encode(value, forKey: .value)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(lossFirst, forKey: .lossFirst)
    try container.encode(lossLast, forKey: .lossLast)
    try container.encode(flopsPerSecond, forKey: .flopsPerSecond)
    try container.encode(fractionOfPeak, forKey: .fractionOfPeak)
    try container.encode(allocations?.own, forKey: .allocationsPerStep)
    try container.encode(allocations?.oneDNN, forKey: .allocationsInOneDNN)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(arenaByteCount, forKey: .arenaByteCount)
    try container.encode(liveByteCount, forKey: .liveByteCount)
  }
}

extension Reading: CustomStringConvertible {
  /// One line for people.
  var description: String {
    var parts = ["\(short(value)) \(unit.name) (\(short(min)) to \(short(max)))"]
    if let flopsPerSecond, let fractionOfPeak {
      parts.append("\(short(flopsPerSecond / 1e9)) GFLOP/s (\(short(100 * fractionOfPeak)) % of peak)")
    }
    if let allocations {
      parts.append("\(figure(allocations.own)) allocations a call and \(figure(allocations.oneDNN)) in oneDNN")
    }
    if let lossFirst, let lossLast { parts.append("loss \(rounded(lossFirst)) → \(rounded(lossLast))") }
    if case .milliseconds = unit {
      let ratio = short(Double(arenaByteCount) / Double(Swift.max(liveByteCount, 1)))
      parts.append("\(counted(nodes, "node")), arena \(ratio) × what is alive")
    }
    return "\(workload): " + parts.joined(separator: ", ")
  }
}

/// A whole number as it is, another one in short.
private func figure(_ value: Double) -> String { value == value.rounded() ? grouped(value) : short(value) }

/// A number of 0 or more with three digits, or all those in front of the point: 0.123, 1.23, 12.3, 12,345.
func short(_ value: Double) -> String {
  guard value.isFinite, value < 99.95 else { return grouped(value) }
  let decimals = value < 0.9995 ? 3 : value < 9.995 ? 2 : 1
  let unit = [1: 10, 2: 100, 3: 1000][decimals] ?? 1
  let scaled = Int((value * Double(unit)).rounded())
  let fraction = "\(scaled % unit)"
  return "\(scaled / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
