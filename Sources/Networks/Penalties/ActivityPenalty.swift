import DescentTensors
import Synchronization

/// A layer whose outputs cost something, to be added to the loss: few that are active, for sparse codes. Keras:
/// `ActivityRegularization`, `activity_regularizer`.
///
///     Sequential {
///       Dense(784, 64)
///       ActivityPenalty(.l1(0.001), of: Activation.relu)
///       Dense(64, 784)
///     }
///
/// The penalty of all the layer's outputs is divided by the samples of the batch, so that its size does not depend on
/// them. A `Trainer` adds it to what it minimises, and not to the loss that it reports, as with penalties of weights; a
/// step of one's own adds what ``costs(in:)`` collects. Elsewhere the layer is the one that it holds.
///
/// - Shapes: the layer's; the first axis of its output is that of the samples.
public struct ActivityPenalty: Module {
  /// What an output costs.
  public let penalty: Penalty
  /// The layer whose outputs cost it.
  public let layer: any Module

  /// A layer around another one; without one its input is what costs.
  public init(_ penalty: Penalty, of layer: any Module = Identity()) {
    self.penalty = penalty
    self.layer = layer
  }

  /// The layer's output.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let output = layer(input, named: "layer")
    if let collection = Collection.current {
      let samples = max(output.shape.first ?? 1, 1)
      collection.costs.withLock { $0.append(penalty([output]) / Double(samples)) }
    }
    return output
  }

  /// Runs a function, and sums what the outputs of such layers cost in it.
  ///
  ///     let (output, cost) = ActivityPenalty.costs { network(inputs) }
  ///
  /// - Returns: what the function returns, and a scalar; nil where there was no such layer. Costs are of the innermost call
  ///   alone.
  public static func costs<Result>(in body: () throws -> Result) rethrows -> (result: Result, cost: Tensor?) {
    let collection = Collection()
    let result = try Collection.$current.withValue(collection, operation: body)
    let costs = collection.costs.withLock { $0 }
    return (result, costs.dropFirst().reduce(costs.first) { sum, cost in sum.map { $0 + cost.cast(to: $0.type) } })
  }

  private final class Collection: Sendable {
    @TaskLocal static var current: Collection?

    let costs = Mutex<[Tensor]>([])
  }
}
