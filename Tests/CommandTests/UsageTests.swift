import Foundation
import Testing

/// Words that make no sense: exit code 64, one line that says what is wrong.
@Suite struct UsageTests {
  /// Arguments, and words of the message.
  static let wrong: [(arguments: [String], words: [String])] = [
    (["bogus"], ["bogus", "train, evaluate, predict, describe, summary, layers, datasets, bench"]),
    (["train"], ["<data>"]),
    (["train", "iris", "--bogus"], ["--bogus"]),
    (["train", "iris", "extra"], ["extra"]),
    (["train", "iris", "--layers", "0"], ["--layers 0"]),
    (["train", "iris", "--layers", "-3"], ["--layers -3"]),
    (["train", "iris", "--layers", ""], ["--layers"]),
    (["train", "iris", "--layers", "64,,32"], ["64,,32"]),
    (["train", "iris", "--layers", "64,a"], ["64,a"]),
    (["train", "iris", "--layers", "99999999999999999999"], ["--layers"]),
    (["train", "iris", "--layers", "1000000,1000000"], ["parameters", "--layers", "GB"]),
    (["train", "iris", "--learning-rate", "0"], ["--learning-rate", "above 0"]),
    (["train", "iris", "--learning-rate", "-1"], ["--learning-rate", "above 0", "-1"]),
    (["train", "iris", "--learning-rate", "nan"], ["--learning-rate", "nan"]),
    (["train", "iris", "--learning-rate", "inf"], ["--learning-rate", "inf", "float32"]),
    (["train", "iris", "--learning-rate", "1e-50"], ["--learning-rate", "1e-50", "float32"]),
    (["train", "iris", "--learning-rate", "fast"], ["--learning-rate", "fast"]),
    (["train", "iris", "--batch-size", "0"], ["--batch-size"]),
    (["train", "iris", "--epochs", "0"], ["--epochs"]),
    (["train", "iris", "--epochs", "-1"], ["--epochs", "-1"]),
    (["train", "iris", "--epochs", "1.5"], ["--epochs", "1.5"]),
    (["train", "iris", "--validation", "1"], ["--validation", "[0, 1)"]),
    (["train", "iris", "--validation", "-0.1"], ["--validation", "-0.1"]),
    (["train", "iris", "--validation", "nan"], ["--validation"]),
    (["train", "iris", "--dropout", "1"], ["--dropout"]),
    (["train", "iris", "--early-stopping", "0"], ["--early-stopping"]),
    (["train", "iris", "--min-loss-change", "-1"], ["--min-loss-change"]),
    (["train", "iris", "--l1", "-1"], ["--l1"]),
    (["train", "iris", "--l2", "inf"], ["--l2"]),
    (["train", "iris", "--weight-noise", "-0.1"], ["--weight-noise", "-0.1"]),
    (["train", "iris", "--seed", "-1"], ["--seed"]),
    (["train", "iris", "--threads", "0"], ["--threads"]),
    (["train", "iris", "--activation", "rlu"], ["--activation", "rlu", "relu"]),
    (["train", "iris", "--precision", "float16"], ["--precision", "float16", "float32", "bfloat16"]),
    (["train", "iris", "--loss", "foo"], ["--loss", "foo", "cross-entropy"]),
    (["train", "iris", "--optimizer", "foo"], ["--optimizer", "foo", "adam"]),
    (["train", "iris", "--task", "foo"], ["--task", "classification", "regression"]),
    (["train", "iris", "--target", "width"], ["species", "width"]),
    (["train", "iris", "--task", "regression"], ["setosa", "classification"]),
    (["train", "diabetes", "--task", "classification"], ["quantity"]),
    (["train", "diabetes", "--loss", "cross-entropy"], ["--loss", "classes"]),
    (["train", "diabetes", "--loss", "cosine-similarity"], ["--loss", "directions"]),
    (["train", "iris", "--loss", "mean-absolute-percentage"], ["--loss", "percent"]),
    (["train", "spiral:size=5"], ["size", "5"]),
    (["train", "spiral:sise=50"], ["sise", "size, noise and seed"]),
    (["train", "spiral:noise=1"], ["noise"]),
    (["train", "spiral:"], ["spiral"]),
    (["train", "iris:size=50"], ["takes no options"]),
    (["train", "table.csv"], ["--target"]),
    (["train", "table.csv", "--target", "y", "--output", "./table.csv"], ["--output", "overwrite"]),
    (["train", "table.csv", "--target", "y", "--metrics", "table.csv"], ["--metrics", "overwrite"]),
    (["train", "iris", "--output", "a", "--metrics", "a"], ["--output", "--metrics"]),
    (["train", "iris", "--network", "table.csv", "--output", "./table.csv"], ["--output", "overwrite", "network"]),
    (["train", "iris", "--network", "table.csv", "--metrics", "./table.csv"], ["--metrics", "overwrite", "network"]),
    (["train", "iris", "--batch-size", "9223372036854775807"], ["--batch-size", "1 to 2147483647"]),
    (["train", "iris", "--epochs", "9223372036854775807"], ["--epochs", "1 to 2147483647"]),
    (["train", "iris", "--warm-up", "2147483648"], ["--warm-up", "got 2147483648"]),
    (["train", "iris", "--warm-up", "9223372036854775807"], ["--warm-up", "0 to 2147483647"]),
    (["summary", "net.yaml", "--batch-size", "9223372036854775807"], ["--batch-size", "1 to 2147483647"]),
    (["evaluate"], ["<model>"]),
    (["evaluate", "model"], ["<data>"]),
    (["evaluate", "model", "iris", "--split", "half"], ["--split", "train", "test", "all"]),
    (["predict", "model", "iris", "--output", "model"], ["--output", "overwrite", "model"]),
    (["bench", "nothing"], ["nothing", "mlp"]),
    (["bench", "--threads", "2000"], ["--threads", "2000"]),
    (["bench", "tiny", "--seconds", "0"], ["--seconds", "0"]),
    (["bench", "tiny", "--batch", "0"], ["--batch", "1 to 60000", "got 0"]),
    (["bench", "tiny", "--batch", "-1"], ["--batch", "got -1"]),
    (["bench", "tiny", "--batch", "9223372036854775807"], ["--batch", "1 to 60000"]),
    (["bench", "tiny", "--profile", "--json"], ["--profile", "--json"]),
    (["bench", "tiny", "--products", "mkl"], ["--products", "mkl", "onednn"]),
    (["bench", "infer-mlp", "--batch", "2"], ["--batch", "infer-mlp"]),
    (["bench", "infer-mlp", "--precision", "bfloat16"], ["--precision", "infer-mlp"]),
    (["datasets", "iris"], ["iris"]),
  ]

  @Test(arguments: wrong)
  func wrongUsage(arguments: [String], words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write("a,y\n1,x\n2,z\n".utf8, to: "table.csv")
    try workshop.write([], to: "model")
    let isTraining = arguments.first == "train"
    for extra in isTraining ? [[], ["--quiet"]] : [[]] {
      let run = try workshop.run(arguments + extra)
      #expect(run.code == 64, "\(arguments): \(run.errors)")
      #expect(run.errorLines.count == 1 && run.errors.hasPrefix("descent: "), "\(arguments): \(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(arguments): \(run.errors)") }
      #expect(run.output.isEmpty)
    }
    #expect(try workshop.lines("table.csv").count == 3, "the data must stay as they were")
  }

  @Test(arguments: [
    ([], ["train", "evaluate", "predict", "describe", "datasets", "bench", "Exit codes"]),
    (["--help"], ["train", "evaluate", "predict", "datasets", "bench", "73"]),
    (["help", "train"], ["--learning-rate"]),
    (
      ["train", "--help"],
      [
        "--target", "--task", "--layers", "64,32", "--activation", "leaky-relu", "--loss", "huber",
        "--optimizer", "adamw", "0.001", "--batch-size", "--epochs", "built-in", "--refit", "--column", "--folds",
        "--report",
        "--validation", "(default: 0.2)", "--early-stopping", "--min-loss-change", "--l1", "--l2", "--dropout",
        "--weight-noise", "--seed", "--encoding", ".npz",
        "--threads", "--deterministic", "model.safetensors", "--metrics", "--quiet",
      ]
    ),
    (["evaluate", "--help"], ["--split", "--json", "--encoding"]),
    (["predict", "--help"], ["--split", "--encoding", "predictions.csv", "--probabilities"]),
    (["describe", "--help"], ["--weights", "--percentiles", "5,25,50,75,95)", "3 standard", "t-digest"]),
    (["datasets", "--help"], ["size=500,noise=0,seed=0"]),
    (["bench", "--help"], ["--json", "infer-mlp", "--batch", "--profile", "--products", "--seconds", "5.0"]),
  ])
  func help(arguments: [String], words: [String]) throws {
    let run = try Workshop().run(arguments)
    #expect(run.code == 0 && run.errors.isEmpty)
    for word in words { #expect(run.output.contains(word), "\(arguments) does not mention \(word)") }
    for line in run.output.split(separator: "\n") where !line.hasPrefix("USAGE") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func version() throws {
    let run = try Workshop().run(["--version"])
    #expect(run.code == 0 && run.output.contains(/^\d+\.\d+\.\d+\n$/))
  }

  @Test func datasetsAreATable() throws {
    let run = try Workshop().run(["datasets"])
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    let header = try #require(lines.first)
    for column in ["name", "target", "samples", "features", "description"] { #expect(header.contains(column)) }
    let names = [
      "digits", "iris", "wine", "breast-cancer", "diabetes", "and", "or", "nand", "xor", "xnor", "staircase",
      "staircase-shaded", "circle", "gaussians", "quadrants", "spiral", "plane", "hills",
    ]
    #expect(lines.dropFirst().prefix(names.count).map { String($0.prefix { $0 != " " }) } == names)
    // every description stands under its heading
    let place = try #require(header.range(of: "description")).lowerBound
    let start = header.distance(from: header.startIndex, to: place)
    for line in lines.dropFirst().prefix(names.count) {
      let before = line.index(line.startIndex, offsetBy: start - 1)
      #expect(line[before] == " " && line[line.index(after: before)] != " ", "\(line)")
    }
    #expect(run.output.contains("size=500,noise=0,seed=0"))
  }
}
