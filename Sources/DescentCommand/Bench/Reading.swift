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
}

extension Reading {
  private static let rounds = 5
  /// Calls whose allocations are counted, behind the timed ones: what is made once is there by then.
  private static let countedCalls = 64

  /// Times five rounds of a workload that fill so many seconds together.
  init(of workload: any Workload, seconds: Double) throws {
    let work = try workload.prepared()
    let clock = ContinuousClock()
    lossFirst = work.call()
    // warms up, and tells how many calls fill a round
    var calls = 0
    var warmUp = Duration.zero
    while warmUp < .seconds(seconds / 20) {
      warmUp += clock.measure { for _ in 0..<work.rotation { _ = work.call() } }
      calls += work.rotation
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
    allocations = AllocationCounter().map { counter in
      let counts = counter.count { for _ in 0..<Self.countedCalls { _ = work.call() } }
      return (Double(counts.own) / Double(Self.countedCalls), Double(counts.oneDNN) / Double(Self.countedCalls))
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
