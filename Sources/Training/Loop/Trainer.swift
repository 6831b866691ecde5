import DescentDatasets
import DescentNetworks
import DescentTensors

/// Trains a network on mini-batches, epoch by epoch.
///
/// A step is compiled once for each shape of a batch. What the network draws at random, such as dropout, comes from the
/// ``DescentTensors/RandomSource/current`` of the place where the trainer is made.
public struct Trainer: Sendable {
  /// The mean loss of a batch, a scalar, from the network's output and the targets.
  public typealias BatchLoss = @Sendable (_ output: Tensor, _ targets: Tensor) -> Tensor

  /// The network that learns.
  public let network: any Module
  /// What moves its parameters.
  public let optimizer: Optimizer
  let evaluator: Evaluator
  private let step, countingStep, zeroIfFinite: CompiledFunction
  private let variables: [NamedVariable]
  let parameters: [Parameter]

  /// A trainer for a network.
  ///
  /// - Parameters:
  ///   - loss: the mean loss of a batch.
  ///   - penalty: what is added to the loss for the size of the weights, from the network; it is not part of the loss
  ///     that is reported.
  ///   - precision: what products are computed in. The weights, their gradients and what the optimizer remembers are
  ///     float32 in any case, and so are the network's output and the loss.
  public init(
    _ network: any Module, loss: @escaping BatchLoss, optimizer: Optimizer,
    penalty: (@Sendable (any Module) -> Tensor)? = nil, precision: Precision = .float32
  ) {
    self.network = network
    self.optimizer = optimizer
    variables = network.variables
    let parameters = network.parameters
    self.parameters = parameters
    let states = optimizer.configuration.sharpness == nil ? [] : variables.filter { !$0.isTrained }
    @Sendable func step(_ arguments: [Tensor]) -> (loss: Tensor, output: Tensor) {
      // what is reported comes from before the step; an optimizer may look at the loss elsewhere too
      var before: (loss: Tensor, output: Tensor)?
      var kept: Snapshot?
      optimizer.minimize(over: parameters) {
        let (output, activity) = ActivityPenalty.costs { network(arguments[0], in: precision) }
        let value = loss(output, arguments[1])
        before = before ?? (value, output)
        kept = kept ?? Snapshot(of: states)
        return [activity, penalty.map { $0(network) }].compactMap { $0 }.reduce(value, +)
      }
      kept?.restore()
      guard let before else { programmerError("an optimizer made a step without a loss") }
      return before
    }
    self.step = compile { [step($0).loss] }
    countingStep = compile { arguments in
      let (loss, output) = step(arguments)
      return [loss, correctCount(output, arguments[1])]
    }
    evaluator = Evaluator(network, loss: loss, precision: precision)
    zeroIfFinite = compile { [variables] _ in [zero(ifFinite: variables.map(\.value))] }
  }

  /// A trainer for a network, with a loss of the library.
  ///
  /// - Parameters:
  ///   - penalty: what is added to the loss for the size of the weights.
  ///   - precision: what products are computed in.
  public init(
    _ network: any Module, loss: Loss, optimizer: Optimizer, penalty: Penalty? = nil, precision: Precision = .float32
  ) {
    var cost: (@Sendable (any Module) -> Tensor)?
    if let penalty { cost = { penalty($0) } }
    self.init(network, loss: { loss($0, $1) }, optimizer: optimizer, penalty: cost, precision: precision)
  }

  /// One step of training on a batch.
  ///
  /// - Parameters:
  ///   - inputs: what the network takes: `[batch, ...]`.
  ///   - targets: what the loss compares with: `[batch, ...]`.
  ///   - countsCorrect: whether rightly classified samples are counted, for a network with an output a class; the targets
  ///     are then class indices `[batch]` or probabilities `[batch, classes]`.
  /// - Returns: the mean loss before the step, and the count where it was asked for.
  @discardableResult
  public func train(
    _ inputs: Tensor, _ targets: Tensor, countsCorrect: Bool = false
  ) -> (loss: Double, correct: Int?) {
    let results = (countsCorrect ? countingStep : step)(inputs, targets, in: .training)
    return (results[0].number, countsCorrect ? Int(results[1].number) : nil)
  }

  /// The plan of a step on such a batch, for profiles.
  package func plan(for inputs: Tensor, _ targets: Tensor) -> CompiledPlan {
    Mode.training { step.plan(for: [inputs, targets]) }
  }

  /// Trains for a number of epochs on rows in an order drawn anew for each; the last, smaller batch counts as well. A
  /// single row left over joins the batch before it.
  ///
  /// Where the optimizer keeps averages of the weights (``Optimizer/hasAverages``), the network is measured and shown to
  /// callbacks with these, and holds them in the end.
  ///
  /// The same network, data and seed give the same weights to the last bit. A second call goes on with what the network
  /// and the optimizer have become; give it another seed, or it takes the rows in the same orders again.
  ///
  /// - Parameters:
  ///   - rows: the rows to train on, one or more; all of them where they are left out.
  ///   - validation: rows on which the network is measured after each epoch; none for no measurement.
  ///   - seed: draws the order of the rows.
  ///   - schedule: sets the optimizer's learning rate before every step, or every epoch, from what it is when the run
  ///     starts, which it is again when the run ends; nil leaves the rate alone. Where a callback changes the rate, all
  ///     later ones change by the same factor.
  ///   - callbacks: watch the run, in order, and may end it.
  /// - Throws: ``TrainingDiverged`` when loss or weights are no longer finite, with the last good weights put back and
  ///   the optimizer reset; and what a callback throws.
  @discardableResult
  public func fit(
    _ data: some SampleSource, rows: [Int32]? = nil, validation: [Int32] = [], epochs: Int, batchSize: Int = 32,
    seed: UInt64 = 0, schedule: Schedule? = nil, callbacks: [any Callback] = [], file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> History {
    let rows = rows ?? data.rows
    check(
      !rows.isEmpty && epochs >= 0 && batchSize > 0,
      "fit: needs a row, 0 epochs and a batch of 1 or more, got \(rows.count), \(epochs) and \(batchSize)",
      file: file, line: line)
    var run = TrainingRun(
      trainer: self, data: data, rows: rows, validation: validation, epochCount: epochs, batchSize: batchSize,
      seed: seed, schedule: schedule, callbacks: callbacks)
    return try run.run()
  }

  /// How well the network does on rows, on all of them where none are named, with the weights that it holds.
  public func evaluate(_ data: some SampleSource, rows: [Int32]? = nil) -> Evaluation {
    evaluator.evaluate(data, rows: rows)
  }

  /// All that the network has learnt and kept, as it is now.
  var snapshot: Snapshot { Snapshot(of: variables) }

  /// Whether all that the network has learnt and kept is finite.
  var isFinite: Bool { zeroIfFinite([])[0].number == 0 }
}

/// 0 if all numbers of the tensors are finite, otherwise NaN: a number times 0 is 0 only if it is finite.
private func zero(ifFinite tensors: [Tensor]) -> Tensor {
  tensors.filter(\.type.isFloatingPoint).map { ($0 * 0).sum().cast(to: .float64) }.reduce(Tensor(0.0), +)
}

/// How many samples are classified rightly, by the rule of ``predictedClass(_:)``.
private func correctCount(_ output: Tensor, _ targets: Tensor) -> Tensor {
  let labels = targets.rank == output.rank ? targets.argmax(axes: [-1]) : targets.cast(to: .int64)
  let isSingle = output.shape.last == 1
  let predictions = isSingle ? (output .> 0.5).cast(to: .int64).squeezed(axes: [-1]) : output.argmax(axes: [-1])
  return (predictions .== labels).sum()
}
