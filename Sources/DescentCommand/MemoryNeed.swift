import Descent

/// How much room a training run takes, reckoned before anything is allocated: a layer too wide for the machine is wrong
/// usage, not a crash.
struct MemoryNeed {
  /// The numbers that the network learns.
  private let parameters: Double
  /// The numbers that a step computes on the way.
  private let activations: Double

  /// Whether a network file says what the layers are.
  private let hasFile: Bool

  init(_ network: NetworkSummary, _ dataset: Dataset, _ settings: TrainingSettings) {
    hasFile = settings.layers == nil
    parameters = Double(network.parameterCount)
    activations = Double(network.activationCount) * Double(min(settings.batchSize, dataset.count))
  }

  /// The size of the model file, about.
  var fileBytes: Int { Int(min(4 * parameters, 1e15)) + 1 << 16 }

  /// - Throws: ``UsageError`` where the machine's memory cannot hold it.
  func check() throws(UsageError) {
    // weight, gradient, two moments of the optimizer, three copies to go back to; values and their gradients
    let bytes = 4 * (7 * parameters + 3 * activations)
    let memory = 2 * Double(Files.sizeLimit)
    guard bytes > memory else { return }
    let (needed, there) = (gigabytes(bytes), gigabytes(memory))
    throw UsageError(
      "a network of \(grouped(parameters)) parameters takes \(needed) to train, and this machine has \(there); "
        + "use \(hasFile ? "a smaller network" : "smaller --layers") or a smaller --batch-size")
  }

  private func gigabytes(_ bytes: Double) -> String { "\(grouped((bytes / 1e9).rounded(.up))) GB" }
}
