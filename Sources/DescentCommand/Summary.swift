import ArgumentParser
import Descent

/// `descent summary`.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a network is made of.",
    discussion: """
      For every layer: its name, the shape of its output for one sample, how many numbers it learns, the multiply-adds \
      of its products for one sample, and the memory of what its operations give for a batch: its output, and what \
      lies between inside it. Layers inside a layer stand below it, \
      and its figures hold theirs.

      Examples:
        descent summary model.safetensors
        descent summary lenet.yaml --input 1,28,28 --outputs 10
      """)

  @Argument(help: "A network file (.yaml, .yml, .json), or a model file that 'descent train' wrote.")
  var network: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The shape of a sample, where the network file does not say it.", valueName: "n,n,..."))
  var input: LayerSizes?

  @Option(parsing: .unconditional, help: .count("Outputs of a last layer that does not say it."))
  var outputs: Int?

  @Option(parsing: .unconditional, help: .count("Samples of a batch, for the memory."))
  var batchSize = TrainingSettings().batchSize

  func run() throws {
    let most = Int(Int32.max)
    guard (1...most).contains(batchSize) else {
      throw UsageError("--batch-size must be from 1 to \(most), got \(batchSize)")
    }
    guard outputs ?? 1 > 0 else { throw UsageError("--outputs must be 1 or more, got \(outputs ?? 0)") }
    print(text(try summary()))
  }

  private func summary() throws -> NetworkSummary {
    if !NetworkFile.isNamedSo(network) {
      guard input == nil, outputs == nil else {
        throw UsageError("a model file says what goes in and comes out; leave out --input and --outputs")
      }
      let model = try SavedModel(path: network)
      return try model.description.summary(for: model.schema)
    }
    var description = try NetworkFile.read(network)
    if let input {
      guard description.input ?? input.sizes == input.sizes else {
        throw UsageError("--input \(input) contradicts the network file's input \(description.input ?? [])")
      }
      description = description.taking(input.sizes)
    }
    guard description.input != nil else {
      throw UsageError("the shape of a sample is missing; use --input, or say 'input: [..]' in \(network)")
    }
    do { return try description.summary(outputs: outputs) } catch { throw NetworkFile.failure(error, in: network) }
  }

  private func text(_ summary: NetworkSummary) -> String {
    let header = ["layer", "kind", "output", "parameters", "multiply-adds", "memory"]
    let rows = summary.rows.map { row in
      let depth = row.name.split(separator: ".").count / 2
      return [
        String(repeating: "  ", count: depth) + row.name, row.kind, crossed(row.outputShape),
        grouped(Double(row.parameterCount)), grouped(row.multiplyAdds), bytes(row.activationCount, batchSize),
      ]
    }
    let parameters = Double(summary.parameterCount)
    let totals = [
      "",
      "input \(crossed(summary.input)), output \(crossed(summary.output))",
      "\(grouped(parameters)) parameters, \(bytes(summary.parameterCount)) in float32",
      "\(grouped(summary.multiplyAdds)) multiply-adds a sample",
      "\(bytes(summary.activationCount, batchSize)) of activations for a batch of \(batchSize)",
    ]
    return (alignedTable(header, rows, numbers: [3, 4, 5]) + totals).joined(separator: "\n")
  }
}

/// The memory of so many numbers in float32, for each sample, such as `1.5 MB`.
private func bytes(_ numbers: Int, _ samples: Int = 1) -> String {
  let count = 4 * Double(numbers) * Double(samples)
  var (amount, units) = (count, ["B", "kB", "MB", "GB", "TB", "PB"][...])
  while amount >= 1000, units.count > 1 {
    amount /= 1000
    units = units.dropFirst()
  }
  let digits = amount < 10 && count >= 1000 ? (amount * 10).rounded() / 10 : amount.rounded()
  return "\(digits == digits.rounded() ? "\(Int(digits))" : "\(digits)") \(units.first ?? "")"
}
