import Descent

/// How much room a training run takes, reckoned before anything is allocated: a layer too wide for the machine is wrong
/// usage, not a crash.
struct MemoryNeed {
  /// The numbers that the network learns.
  private let parameters: Double
  /// The numbers that a step computes on the way.
  private let activations: Double

  init(_ dataset: Dataset, _ settings: TrainingSettings) {
    let pieces = Activation.named(settings.activation)?.pieces ?? 1
    let outputs = dataset.task == .classification ? dataset.classNames.count : 1
    var (parameters, units) = (0.0, 0.0)
    var inputs = dataset.elementCount
    for (size, isHidden) in settings.layers.map({ ($0, true) }) + [(outputs, false)] {
      let width = Double(size * (isHidden ? pieces : 1))
      parameters += width * Double(inputs + 1)
      units += width
      inputs = size
    }
    self.parameters = parameters
    activations = units * Double(min(settings.batchSize, dataset.count))
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
        + "use smaller --layers or a smaller --batch-size")
  }

  private func gigabytes(_ bytes: Double) -> String { "\(grouped((bytes / 1e9).rounded(.up))) GB" }
}
