import ArgumentParser
import Descent

/// `descent`: from a file to a trained network, and from a network to predictions.
@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent",
    abstract: "Trains neural networks on data, and predicts with them.",
    discussion: """
      DATA is a built-in name ('descent datasets' lists them); a table (CSV, TSV and the like, JSON Lines, \
      gzipped or not); NumPy's arrays (.npz, .npy); a folder of pictures (PNG, JPEG), recordings (WAV) or texts (.txt), \
      one folder a class; or a folder of IDX files as MNIST ships them.

      Exit codes: 0 done; 1 training diverged; 64 wrong usage; 65 bad content; 66 data or model not there; 73 output \
      that cannot be written.
      """,
    version: "0.1.0",
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Describe.self, Summary.self, Layers.self, Datasets.self, Bench.self,
      Tune.self,
    ])

  static func main() {
    do {
      try checkSubcommand()
      var command = try parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch {
      Failure.exit(with: error)
    }
  }

  /// Says which subcommands there are to somebody who wrote another word.
  private static func checkSubcommand() throws {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return }
    let names = configuration.subcommands.map { $0._commandName }
    guard !names.contains(word) else { return }
    throw UsageError("there is no subcommand '\(word)'; there are \(names.joined(separator: ", "))")
  }
}
