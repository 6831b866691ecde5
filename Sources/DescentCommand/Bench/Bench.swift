import ArgumentParser
import Descent

/// `descent bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the speed of training steps on fixed workloads.",
    discussion: """
      A full step each: forward, loss, gradients, update, on batches that are in memory. Five rounds; the median counts. \
      Figures of two machines, or of two days on a shared one, do not compare.
      """)

  @Argument(help: "\(Workload.all.map(\.name).joined(separator: ", ")); all of them where none is named.")
  var workloads: [String] = []

  @Flag(help: "Print one JSON object a workload.")
  var json = false

  @Option(help: "Seconds for the five rounds of a workload.")
  var seconds = 5.0

  @OptionGroup var machine: MachineOptions

  func run() throws {
    guard seconds > 0, seconds <= 3600 else { throw UsageError("--seconds must be from 0 to 3600, got \(seconds)") }
    let names = workloads.isEmpty ? Workload.all.map(\.name) : workloads
    let chosen = try names.map { name in
      guard let workload = Workload.all.first(where: { $0.name == name }) else {
        throw UsageError(
          "\(name) is no workload; it is one of \(Workload.all.map(\.name).joined(separator: ", "))")
      }
      return workload
    }
    machine.apply()
    for workload in chosen {
      let reading = try workload.measure(for: seconds)
      if json {
        print(try jsonLine(reading))
      } else {
        print(
          "\(reading.workload): \(grouped(reading.value)) \(reading.unit)"
            + " (\(grouped(reading.min)) to \(grouped(reading.max))),"
            + " loss \(rounded(reading.lossFirst)) → \(rounded(reading.lossLast))")
      }
    }
  }
}
