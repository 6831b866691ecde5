import DescentDatasets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The networks and hyper-parameters that a search draws from: each choice by itself, so that all of them vary in every
/// trial (random search: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", 2012).
///
/// An entry of a list that stands there twice is drawn twice as often. No list may be empty.
public struct SearchSpace: Codable, Sendable, Equatable {
  /// An optimizer, with the learning rates that suit it.
  public struct Rates: Codable, Sendable, Equatable {
    /// The optimizer, by its name in ``TrainingSettings/optimizers``.
    public let optimizer: String
    /// The least and the greatest rate, above 0: every order of magnitude between them is as likely.
    public let range: ClosedRange<Double>

    /// An optimizer with its rates.
    public init(_ optimizer: String, _ range: ClosedRange<Double>) { (self.optimizer, self.range) = (optimizer, range) }
  }

  /// How many hidden layers there are.
  public var depths = [0, 1, 1, 2, 2, 2, 3]
  /// Units of the first hidden layer; of each further one as many, or half as many but no fewer than the least.
  public var widths = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512]
  /// What follows the hidden layers, by the names of `Activation`.
  public var activations = ["relu", "relu", "gelu", "silu", "tanh"]
  /// The optimizers.
  public var optimizers = [Rates("adam", 1e-4...3e-2), Rates("adamw", 1e-4...3e-2), Rates("momentum", 1e-3...0.3)]
  /// Samples a step.
  public var batchSizes = [16, 32, 64, 128, 256, 512]
  /// Shares of hidden units that are dropped in a step.
  public var dropouts = [0, 0, 0.1, 0.2, 0.3, 0.5]
  /// Factors of Σw² in the loss, above 0, every order of magnitude as likely; a quarter of the trials has 0.
  public var l2 = 1e-6...0.1
  /// Courses of the learning rate, by their names in ``TrainingSettings/schedules``.
  public var schedules = ["one-cycle", "one-cycle", "cosine", "constant"]

  /// The standard choices.
  public init() {}

  /// What suits so many rows to learn from, of so many features.
  ///
  /// An epoch has ten steps or more where batches of 16 allow it; the first layer of the widest network has no more than
  /// 50 million weights; the penalty goes from a hundredth of what ``AutomaticSettings`` takes to ten times as much.
  public init(rows: Int, features: Int) {
    self.init()
    let most = max(batchSizes[0], rows / 10)
    batchSizes.removeAll { $0 > most }
    let widest = max(widths[0], 50_000_000 / max(1, features))
    widths.removeAll { $0 > widest }
    let usual = 5 / Double(max(50, rows))
    l2 = Double(twoDigits: usual / 100)...Double(twoDigits: usual * 10)
  }

  /// The settings of a trial, which follow from its number and the seed alone: a search that is taken up again, or asked
  /// for more trials, draws the same ones.
  ///
  /// - Parameters:
  ///   - trial: counted from 0; trial 0 is the standard settings themselves.
  ///   - standard: what is not drawn, such as the loss.
  public func sample(trial: Int, seed: UInt64, standard: TrainingSettings) -> TrainingSettings {
    guard trial > 0 else { return standard }
    var generator = SplitMix64(seed: seed)
    generator = SplitMix64(seed: generator.next() ^ UInt64(trial))
    func one<Choice>(of choices: [Choice]) -> Choice { choices[generator.below(choices.count)] }
    func logUniform(_ range: ClosedRange<Double>) -> Double {
      Double(twoDigits: exp(generator.uniform(log(range.lowerBound), log(range.upperBound))))
    }
    var settings = standard
    // what has no hidden layers of its own to draw, such as a convolutional network, keeps its form
    if standard.layers != nil {
      var (layers, width) = ([Int](), one(of: widths))
      for _ in 0..<one(of: depths) {
        layers.append(width)
        if generator.below(2) == 0 { width = max(widths[0], width / 2) }
      }
      settings.layers = layers
      settings.activation = one(of: activations)
    }
    let rates = one(of: optimizers)
    settings.optimizer = rates.optimizer
    settings.learningRate = logUniform(rates.range)
    settings.batchSize = one(of: batchSizes)
    settings.dropout = settings.layers?.isEmpty == true ? 0 : one(of: dropouts)
    settings.l2 = generator.below(4) == 0 ? 0 : logUniform(l2)
    settings.schedule = one(of: schedules)
    return settings
  }
}

extension Double {
  /// A number above 0, rounded to two digits, which print as two: more says nothing about a rate.
  fileprivate init(twoDigits number: Double) { self = Double("\(Float(twoDigits: number))") ?? number }
}
