import DescentDatasets
import DescentTensors

/// A source whose training batches differ from epoch to epoch.
protocol EpochSource: SampleSource {
  /// The samples and targets of rows, in the form that an epoch of training sees, counted from 1. The spare tensors are
  /// taken.
  func trainingBatch(
    of rows: ArraySlice<Int32>, epoch: Int, reusing inputs: inout Tensor?, _ targets: inout Tensor?
  ) -> (inputs: Tensor, targets: Tensor)
}

/// Samples that are augmented while a network trains on them, anew in every epoch; in validation and prediction they are as
/// they were, but for crops, which take the centre.
///
///     let data = AugmentedSamples(TrainingData(source, sampleShape: [1, 27, 27]), try Augmentation(words: "flip,crop=24"))
///     try trainer.fit(data, validation: validationRows, epochs: 20)
///
/// The same seed, epoch and row give the same sample, whichever thread gathers it.
public struct AugmentedSamples<Base: SampleSource>: EpochSource {
  /// Where samples come from.
  public let base: Base
  /// What is done to them.
  public let augmentation: Augmentation
  /// Draws what is drawn.
  public let seed: UInt64

  /// Augmented samples of a source.
  ///
  /// - Parameters:
  ///   - base: gives float32 inputs `[rows] + shape`, of a shape to which the augmentation has no
  ///     ``DescentDatasets/Augmentation/objection(for:)``. Where it mixes targets, class indices become probabilities.
  ///   - seed: draws what is drawn.
  public init(_ base: Base, _ augmentation: Augmentation, seed: UInt64 = 0) {
    self.base = base
    self.augmentation = augmentation
    self.seed = seed
  }

  func trainingBatch(
    of rows: ArraySlice<Int32>, epoch: Int, reusing inputs: inout Tensor?, _ targets: inout Tensor?
  ) -> (inputs: Tensor, targets: Tensor) {
    let augmented = changed(base.inputs(of: rows), reusing: &inputs) { numbers, shape, outputs in
      augmentation.augment(numbers, shape: shape, rows: rows, epoch: epoch, seed: seed, into: outputs)
    }
    return (augmented, trainingTargets(of: rows, epoch: epoch, reusing: &targets))
  }

  /// The samples of rows as they are measured: float32 `[rows, ...]`.
  public func inputs(of rows: ArraySlice<Int32>) -> Tensor {
    var none: Tensor?
    return changed(base.inputs(of: rows), reusing: &none) { numbers, shape, outputs in
      augmentation.centre(numbers, shape: shape, count: rows.count, into: outputs)
    }
  }

  private func changed(
    _ inputs: Tensor, reusing spare: inout Tensor?,
    _ change: (UnsafeBufferPointer<Float>, [Int], UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    check(
      inputs.type == .float32 && inputs.rank > 0,
      "AugmentedSamples: inputs must be float32 [rows, ...], got \(inputs.type)\(inputs.shape)")
    let shape = Array(inputs.shape.dropFirst())
    let outputShape = augmentation.outputShape(for: shape)
    return Tensor(shape: [inputs.shape[0]] + outputShape, reusing: &spare) { outputs in
      inputs.withElements { change(UnsafeBufferPointer($0.scalars(Float.self)), shape, outputs) }
    }
  }

  /// The targets of a training batch: mixed where the augmentation does that.
  private func trainingTargets(
    of rows: ArraySlice<Int32>, epoch: Int, reusing spare: inout Tensor?
  ) -> Tensor {
    let targets = base.targets(of: rows)
    guard augmentation.mixesTargets else { return targets }
    let isIndices = !targets.type.isFloatingPoint && targets.rank == 1
    check(
      isIndices ? base.classCount != nil : targets.type == .float32,
      "AugmentedSamples: mixup takes class indices or float32 targets, got \(targets.type)\(targets.shape)")
    let shape = isIndices ? [rows.count, base.classCount ?? 0] : targets.shape
    return Tensor(shape: shape, reusing: &spare) { (mixed: UnsafeMutableBufferPointer<Float>) in
      if isIndices {
        mixed.update(repeating: 0)
        for (place, label) in targets.reals().enumerated() { mixed[place * shape[1] + Int(label)] = 1 }
      } else {
        _ = mixed.update(from: targets.scalars())
      }
      augmentation.mix(mixed, rows: rows, epoch: epoch, seed: seed)
    }
  }

  /// The targets of rows as they are measured.
  public func targets(of rows: ArraySlice<Int32>) -> Tensor { base.targets(of: rows) }

  /// How many samples the source has.
  public var count: Int { base.count }

  /// How many classes the targets name; nil for values.
  public var classCount: Int? { base.classCount }

  /// The classes of rows.
  public func classes(of rows: ArraySlice<Int32>) -> [Int32] { base.classes(of: rows) }

  /// The values of rows in the unit that errors are measured in.
  public func values(of rows: ArraySlice<Int32>) -> [Float] { base.values(of: rows) }

  /// A network's outputs in the unit of ``values(of:)``.
  public func values(fromOutputs outputs: [Float]) -> [Float] { base.values(fromOutputs: outputs) }
}
