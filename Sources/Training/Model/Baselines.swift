import DescentDatasets
import DescentNetworks
import DescentTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What any network has to beat: the answer that is the same for every sample, and a linear model, both fitted on the same
/// rows and measured on the same ones.
public struct Baselines: Sendable {
  /// A model to compare with.
  public struct Entry: Sendable {
    /// Such as `always 'setosa'`.
    public let name: String
    /// How it does.
    public let evaluation: Evaluation
  }

  /// The constant answer, and the linear model.
  public let entries: [Entry]

  /// Rows that the linear model is fitted on at most: the first ones in a drawn order.
  public static let mostRows = 50_000
  /// Numbers of all those rows together at most: wide samples are fewer.
  private static let mostNumbers = 50_000_000

  /// Fits and measures them.
  ///
  /// The linear model is one dense layer, in which every category is a number of its own, fitted by L-BFGS to the mean
  /// loss plus λ·Σw² with λ = 1/(2·rows): logistic regression and ridge regression as scikit-learn has them (C = 1, and
  /// α = ½ on standardised targets).
  ///
  /// - Parameters:
  ///   - session: what is being trained: its rows, their preparation and its loss.
  ///   - rows: the rows to measure on.
  public init(_ session: TrainingSession, measuredOn rows: [Int32]) {
    let (samples, settings) = (session.samples, session.model.settings)
    let dataset = samples.dataset
    let outputs = dataset.schema.outputCount
    let terms = LossTerms.standard(for: dataset.task)
    let data = session.data
    let measure = { (network: any Module, data: TrainingData) in
      Evaluator(network, loss: terms.batchLoss).evaluate(data, rows: rows, probabilities: terms.probabilities)
    }

    let constant = Constant(samples, outputs: outputs)
    var entries = [Entry(name: constant.name, evaluation: measure(constant, data))]
    var plain = settings
    (plain.layers, plain.dropout, plain.inputSteps, plain.augmentation, plain.crop) = ([], 0, nil, nil, nil)
    let description =
      samples.preparation.table.map {
        NetworkDescription.tabular($0, hidden: [], outputs: outputs, activation: .relu, dropout: 0)
      } ?? .dense(for: dataset.schema, plain)
    guard
      let network = RandomSource.withSeed(settings.seed, { try? description.makeNetwork(outputs: outputs) })
    else {
      self.entries = entries
      return
    }
    var training = samples.split.training
    let most = min(Self.mostRows, max(1, Self.mostNumbers / dataset.elementCount))
    if training.count > most {
      var generator = SplitMix64(seed: settings.seed)
      generator.shuffle(&training)
      training = Array(training.prefix(most))
    }
    // a linear model takes a picture's numbers one behind the other
    let form = TrainingData(data.source, sampleShape: description.input, targetForm: terms.targetForm)
    let (inputs, targets) = (form.inputs(of: training[...]), form.targets(of: training[...]))
    let strength = 1 / (2 * Double(training.count))
    let weights = network.parameters.filter { $0.shape.count > 1 }
    LBFGS(stopping: StoppingRule(iterations: 200, gradient: 1e-5, change: 1e-7)).minimize(over: network.parameters) {
      let loss = terms.batchLoss(network(inputs), targets)
      return weights.reduce(loss) { $0 + ($1.value * $1.value).sum() * strength }
    }
    entries.append(Entry(name: "linear model", evaluation: measure(network, form)))
    self.entries = entries
  }
}

/// The same answer for every sample: the logarithms of the classes' shares, or the mean.
private struct Constant: Module {
  let name: String
  private let answer: [Float]

  init(_ samples: TrainingSamples, outputs: Int) {
    let rows = samples.split.training
    switch samples.dataset.target {
    case .values:
      name = "always the mean"
      answer = [0]
    case .classes(let labels, let names):
      // a class that the training part does not have is not impossible
      var counts = Array(repeating: 1.0, count: names.count)
      for row in rows { counts[Int(labels[Int(row)])] += 1 }
      let total = counts.reduce(0, +)
      answer = counts.map { Float(log($0 / total)) }
      let most = counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) } ?? 0
      name = "always '\(names[most])'"
    }
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    Tensor(answer, shape: [1, answer.count]) + .zeros([input.shape[0], answer.count])
  }
}
