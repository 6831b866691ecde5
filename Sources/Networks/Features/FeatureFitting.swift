import DescentTensors
import Synchronization

extension Module {
  /// Fits all layers that take their numbers from data rather than learn them, such as ``PrincipalComponents``, in the
  /// order in which the network calls them: each on what those before it make of the data. It is called before training,
  /// with the samples to learn from alone.
  ///
  /// - Parameters:
  ///   - batches: how many batches there are; all are walked over once for each such layer.
  ///   - batch: the inputs of a batch by its number.
  /// - Throws: ``FeatureFittingError`` where what such a layer is given has no covariance in float32.
  public func fitFeatures(batches: Int, _ batch: (Int) -> Tensor) throws(FeatureFittingError) {
    let fitting = FeatureFitting()
    repeat {
      for number in 0..<batches {
        // what the watched layer is given is computed, and nothing behind it
        FeatureFitting.$current.withValue(fitting) { _ = self(batch(number)) }
        // without such a layer one batch is enough to know
        if !fitting.isObserving { return }
      }
    } while try fitting.finish()
  }
}

/// Data that a layer can't be fitted on.
public struct FeatureFittingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what can be done.
  public let description: String
}

/// Watches the inputs of one layer after the other while a network walks over data.
final class FeatureFitting: Sendable {
  /// Who watches, in this task.
  @TaskLocal static var current: FeatureFitting?

  private struct Progress {
    var fitted: Set<ObjectIdentifier> = []
    var layer: PrincipalComponents?
    var covariance = Covariance(size: 0)
  }

  private let progress = Mutex(Progress())

  /// Whether a layer is being watched that is not fitted yet.
  var isObserving: Bool { progress.withLock { $0.layer != nil } }

  func observe(_ layer: PrincipalComponents, _ rows: Tensor) {
    progress.withLock { progress in
      guard !progress.fitted.contains(layer.identity) else { return }
      if progress.layer == nil {
        progress.layer = layer
        progress.covariance = Covariance(size: layer.features)
      }
      if progress.layer?.identity == layer.identity { progress.covariance.add(rows) }
    }
  }

  /// Fits the layer that was watched.
  ///
  /// - Returns: whether there was one.
  func finish() throws(FeatureFittingError) -> Bool {
    try progress.withLock { progress throws(FeatureFittingError) in
      guard let layer = progress.layer else { return false }
      guard progress.covariance.isFinite else {
        throw FeatureFittingError(
          description:
            "principal components can't be taken of numbers whose squares exceed float32: take lower powers, or bring "
            + "outliers nearer (for a column 'quantile' does)")
      }
      layer.fit(progress.covariance)
      progress.fitted.insert(layer.identity)
      progress.layer = nil
      return true
    }
  }
}

extension PrincipalComponents {
  /// Copies of a layer share its state.
  fileprivate var identity: ObjectIdentifier { ObjectIdentifier(mean.variable) }
}
