import ArgumentParser
import Descent

/// `descent bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the speed of training steps, predictions and planning on fixed workloads.",
    discussion: """
      A training step is a full one: forward, loss, gradients, update, on batches that are in memory. A prediction is \
      one sample, copied in and read out. Planning goes from a function to a plan that can be replayed. Five rounds; \
      the median counts. The peak is what fused multiply-adds on the same threads reach without any memory, measured \
      in the same run. Allocations are counted where libMallocCounter.so lies beside the program; bench then starts \
      itself again with that library loaded.

      Figures of two machines, or of two days on a shared one, do not compare.
      """)

  @Argument(help: "\(Workloads.names); all of them where none is named.")
  var workloads: [String] = []

  @Flag(help: "Print one JSON object a workload.")
  var json = false

  @Flag(help: "Print the steps of the plan instead, each with its time and the memory it touches.")
  var profile = false

  @Flag(help: "Measure what the training loop keeps of the bare step's speed, on mlp, instead of workloads.")
  var loop = false

  @Flag(help: "Measure how fast a table is read, on one that is drawn, instead of workloads.")
  var reading = false

  @Option(help: "Seconds for the five rounds of a workload.")
  var seconds = 5.0

  @Option(
    name: .customLong("batch"), parsing: .unconditional,
    help: .count("Samples a training step; the workload's own number where this is left out."))
  var batchSize: Int?

  @Option(help: .name("What a training step's products are computed in."))
  var precision = Precision.float32

  @Option(help: "Who computes matrix products: automatic, own or onednn.")
  var products = ProductChoice.automatic

  @OptionGroup var machine: MachineOptions

  func run() throws {
    guard seconds > 0, seconds <= 3600 else { throw UsageError("--seconds must be from 0 to 3600, got \(seconds)") }
    guard !(profile && json) else { throw UsageError("--profile prints a table; leave --json out") }
    let chosen = try Workloads.named(workloads).map(adapted)
    // before anything is computed: the program may start anew
    if !profile { AllocationCounter.load() }
    machine.apply()
    ExecutionSettings.current.products = products.library
    if loop {
      let reading = try LoopBench.measure(for: seconds)
      return print(json ? try jsonLine(reading) : reading.line)
    }
    if reading {
      for reading in try ReadingBench.measureAll(for: seconds) { print(json ? try jsonLine(reading) : reading.line) }
      return
    }
    for workload in chosen {
      if profile {
        for line in try Profile(of: workload, seconds: seconds).lines { print(line) }
        continue
      }
      let reading = try Reading(of: workload, seconds: seconds)
      print(json ? try jsonLine(reading) : reading.description)
    }
  }

  /// The workload with the batch size and the precision that were asked for.
  private func adapted(_ workload: any Workload) throws(UsageError) -> any Workload {
    if let batchSize, !(1...60_000).contains(batchSize) {
      throw UsageError("--batch must be from 1 to 60000, got \(batchSize)")
    }
    guard var training = workload as? TrainingWorkload else {
      for (option, isGiven) in [("--batch", batchSize != nil), ("--precision", precision != .float32)] where isGiven {
        throw UsageError("\(option) is for training steps; \(workload.name) has none")
      }
      return workload
    }
    training.batchSize = batchSize ?? training.batchSize
    training.precision = precision
    return training
  }
}

/// Who computes matrix products.
enum ProductChoice: String, ExpressibleByArgument, CaseIterable {
  case automatic, own, onednn

  var library: ExecutionSettings.ProductLibrary {
    switch self {
    case .automatic: .automatic
    case .own: .own
    case .onednn: .oneDNN
    }
  }
}
