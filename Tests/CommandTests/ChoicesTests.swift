import Foundation
import Testing

/// Every optimizer, activation, loss and precision that `--help` lists, for classes and for a quantity.
@Suite struct ChoicesTests {
  static let choices: [(option: String, names: [String])] = [
    ("--precision", ["float32", "bfloat16"]),
    (
      "--optimizer",
      [
        "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "adadelta", "rmsprop-centred", "amsgrad",
        "adamax", "nadam", "radam", "adafactor", "lion", "lamb", "muon", "rprop", "asgd", "ftrl", "schedule-free",
      ]
    ),
    (
      "--activation",
      [
        "step", "linear", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "softmax", "maxout", "hard-sigmoid",
        "log-sigmoid", "hard-tanh", "softsign", "softplus", "relu6", "thresholded-relu", "celu", "selu", "gelu",
        "gelu-tanh", "silu", "hard-silu", "mish", "squareplus", "glu", "swiglu", "softmin", "log-softmax", "sparsemax",
        "hard-shrink", "soft-shrink", "tanh-shrink", "exponential", "sine",
      ]
    ),
    (
      "--loss",
      [
        "auto", "mean-squared", "root-mean-squared", "half-mean-squared", "sum-of-squares", "half-sum-of-squares",
        "mean-absolute", "l1", "mean-absolute-percentage", "mean-squared-logarithmic", "log-cosh", "huber",
        "cosine-similarity", "cross-entropy", "cross-entropy-of-probabilities", "negative-log-likelihood",
        "binary-cross-entropy", "binary-cross-entropy-of-probabilities", "kullback-leibler", "smooth-l1", "poisson",
        "poisson-negative-log-likelihood", "hinge", "squared-hinge", "categorical-hinge", "soft-margin", "multi-margin",
        "multi-label-margin", "multi-label-soft-margin", "focal", "binary-focal", "dice", "tversky",
      ]
    ),
  ]

  /// Losses that cannot serve a task.
  static let refused = [
    "iris": ["mean-absolute-percentage", "poisson", "poisson-negative-log-likelihood"],
    "diabetes": [
      "cosine-similarity", "cross-entropy", "cross-entropy-of-probabilities", "negative-log-likelihood",
      "binary-cross-entropy", "binary-cross-entropy-of-probabilities", "kullback-leibler", "poisson",
      "poisson-negative-log-likelihood", "hinge", "squared-hinge", "categorical-hinge", "soft-margin", "multi-margin",
      "multi-label-margin", "multi-label-soft-margin", "focal", "binary-focal", "dice", "tversky",
    ],
  ]

  @Test func helpListsThem() throws {
    let help = try Workshop().run("train --help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for (_, names) in Self.choices {
      let list = names.filter { $0 != "auto" }.joined(separator: ", ")
      #expect(help.contains(list))
    }
  }

  @Test(arguments: choices.flatMap { choice in choice.names.map { (choice.option, $0) } }, ["iris", "diabetes"])
  func choice(choice: (option: String, name: String), data: String) throws {
    let workshop = try Workshop()
    let command = "train \(data) --layers 6 --epochs 2 \(choice.option) \(choice.name) --quiet"
    let isRefused = Self.refused[data]?.contains(choice.name) == true
    guard !isRefused else {
      expectFailure(try workshop.run(command), 64, [choice.name, "--loss"])
      return
    }
    try workshop.succeed(command)
    let figures = try workshop.figures("evaluate model.safetensors \(data) --json")
    #expect(figures.values.allSatisfy { $0.isFinite })
    let extra = data == "iris" ? "--probabilities" : ""
    try workshop.succeed("predict model.safetensors \(data) \(extra)")
    let predictions = try workshop.lines("predictions.csv").joined().lowercased()
    #expect(!predictions.contains("nan"))
  }

  /// Noise on weights follows from the seed, is the same on any number of threads, and leaves no trace where it is 0.
  @Test func weightNoise() throws {
    let workshop = try Workshop()
    func model(_ options: String) throws -> [UInt8] {
      try workshop.succeed("train iris --epochs 2 --deterministic --quiet \(options)")
      return try workshop.bytes("model.safetensors")
    }
    let noisy = try model("--weight-noise 0.1 --threads 1 --report report.html")
    #expect(String(decoding: noisy, as: UTF8.self).contains(#"\"weightNoise\":0.1"#))
    #expect(String(decoding: try workshop.bytes("report.html"), as: UTF8.self).contains("noise on weights"))
    #expect(try model("--weight-noise 0.1 --threads 3") == noisy)
    #expect(try model("--weight-noise 0.1 --seed 1") != noisy)
    let plain = try model("")
    #expect(try model("--weight-noise 0") == plain && plain != noisy)
    #expect(!String(decoding: plain, as: UTF8.self).contains("weightNoise"))
  }

  @Test func otherOptions() throws {
    let workshop = try Workshop()
    try workshop.succeed(
      "train iris --epochs 2 --l1 0.001 --l2 0.01 --dropout 0.5 --batch-size 1000 --threads 2 --deterministic --quiet")
    try workshop.succeed("evaluate model.safetensors iris")
    try workshop.succeed("train iris --epochs 1 --batch-size 2147483647 --warm-up 2147483647 --quiet")
    try workshop.succeed("train iris --epochs 2 --layers none --quiet")
    try workshop.succeed("evaluate model.safetensors iris --threads 1")
  }
}
