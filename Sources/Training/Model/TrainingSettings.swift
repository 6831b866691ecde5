import DescentNetworks
import DescentTensors

/// The choices of a training run that decide its result, under the names that the command line has for them.
public struct TrainingSettings: Codable, Sendable, Equatable {
  /// Units of each hidden layer; nil where the network comes from a description.
  public var layers: [Int]? = [64, 32]
  /// The hidden layers' activation; nil where the network comes from a description.
  public var activation: String? = "relu"
  /// The loss.
  public var loss = "cross-entropy"
  /// The optimizer.
  public var optimizer = "adam"
  /// η, the greatest that the schedule lets it be.
  public var learningRate = 0.001
  /// Samples a step.
  public var batchSize = 32
  /// Passes over the training part, at most.
  public var epochs = 20
  /// The share of the training part that is held back to watch the training.
  public var validation = 0.2
  /// Epochs without a better loss after which training ends; nil for none.
  public var earlyStopping: Int?
  /// The change of the loss below which training ends; nil for none.
  public var minLossChange: Double?
  /// The factor of Σ|w| in the loss.
  public var l1 = 0.0
  /// The factor of Σw² in the loss.
  public var l2 = 0.0
  /// The share of hidden units that is dropped in a training step.
  public var dropout = 0.0
  /// The standard deviation of the noise that weights have while a step's gradient is taken.
  public var weightNoise: Double {
    get { deviationOfWeights ?? 0 }
    set { deviationOfWeights = newValue == 0 ? nil : newValue }
  }
  /// What all random numbers follow from.
  public var seed: UInt64 = 0

  /// How η changes in the course of the training.
  public var schedule: String {
    get { changingSchedule ?? "constant" }
    set { changingSchedule = newValue == "constant" ? nil : newValue }
  }

  /// Epochs in which η rises to what the schedule says.
  public var warmUp: Int {
    get { warmUpEpochs ?? 0 }
    set { warmUpEpochs = newValue == 0 ? nil : newValue }
  }

  /// What products are computed in; predictions are made in the same precision.
  public var precision: Precision {
    get { reducedPrecision ?? .float32 }
    set { reducedPrecision = newValue == .float32 ? nil : newValue }
  }

  /// Whether the rows that watched are learnt too in the end, by a second run of as many epochs from fresh weights.
  public var learnsValidation: Bool {
    get { learnsWatchers ?? false }
    set { learnsWatchers = newValue ? true : nil }
  }

  /// What is done to samples at random in training, in the words of `Augmentation`; nil for nothing.
  public var augmentation: String?

  /// The side of the squares that a network of its own begins with: a part of each picture, drawn in training, the middle
  /// afterwards; nil for whole pictures.
  public var crop: Int?

  /// How much each class counts in training, in the words of ``ClassWeights``; nil where all rows count the same.
  public var classWeights: String?

  /// How rows are drawn where classes differ in size; nil where every row is learnt once an epoch.
  public var classSampling: ClassSampling?

  /// What reads texts; nil where their length says it.
  public var textLayers: TextLayers?

  /// What a sample's numbers go through before the network's own layers, in the words of ``InputSteps``; nil for nothing.
  public var inputSteps: String?

  // left out of the file for the first choice, as in files from before there was another
  private var reducedPrecision: Precision?
  private var changingSchedule: String?
  private var warmUpEpochs: Int?
  private var learnsWatchers: Bool?
  private var deviationOfWeights: Double?

  private enum CodingKeys: String, CodingKey {
    case layers, activation, loss, optimizer, learningRate, batchSize, epochs, validation, earlyStopping, minLossChange
    case l1, l2, dropout, seed, reducedPrecision, augmentation, crop, textLayers, inputSteps, classWeights,
      classSampling
    case changingSchedule = "schedule"
    case warmUpEpochs = "warmUp"
    case learnsWatchers = "learnsValidation"
    case deviationOfWeights = "weightNoise"
  }

  /// The standard choices.
  public init() {}

  /// Optimizers by name.
  public static let optimizers: [(name: String, make: @Sendable (_ learningRate: Double) -> Optimizer)] = [
    ("sgd", { .sgd(learningRate: $0) }),
    ("momentum", { .momentum(learningRate: $0) }),
    ("nesterov", { .momentum(nesterov: true, learningRate: $0) }),
    ("adagrad", { .adaGrad(learningRate: $0) }),
    ("rmsprop", { .rmsProp(learningRate: $0) }),
    ("adam", { .adam(learningRate: $0) }),
    ("adamw", { .adamW(learningRate: $0) }),
    ("adadelta", { .adaDelta(learningRate: $0) }),
    ("rmsprop-centred", { .rmsProp(learningRate: $0, centred: true) }),
    ("amsgrad", { .adam(learningRate: $0, amsgrad: true) }),
    ("adamax", { .adaMax(learningRate: $0) }),
    ("nadam", { .nAdam(learningRate: $0) }),
    ("radam", { .rAdam(learningRate: $0) }),
    ("adafactor", { .adafactor(learningRate: $0) }),
    ("lion", { .lion(learningRate: $0) }),
    ("lamb", { .lamb(learningRate: $0) }),
    ("muon", { .muon(learningRate: $0) }),
    ("rprop", { .rprop(learningRate: $0) }),
    ("asgd", { .asgd(learningRate: $0) }),
    ("ftrl", { .ftrl(learningRate: $0) }),
    ("schedule-free", { .scheduleFree(learningRate: $0) }),
  ]
}
