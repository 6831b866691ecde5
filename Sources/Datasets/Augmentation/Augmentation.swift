import DescentTensors

/// What is done to samples at random while a network trains, so that it sees each in many forms.
///
///     let augmentation = try Augmentation(words: "flip,crop=24,rotate=10")
///
/// Steps are taken in their order, each sample by itself; mixup comes last, over the batch. What a sample draws follows from
/// the seed, the epoch and its row alone, so that neither the order of samples nor the number of threads matters; mixup's
/// partner is another sample of the batch.
///
/// **Shapes.** A batch is `[rows] + shape`. Steps for pictures take samples `[channels, height, width]` or `[height, width]`;
/// steps for sound take spectrograms, `[1, mels, frames]` or `[mels, frames]`. Only a crop changes the shape.
///
/// Numbers are in the unit in which they enter the network, and what has no number is 0: the mean, where inputs are
/// standardised.
public struct Augmentation: Sendable {
  /// One way of changing samples.
  public struct Step: Sendable {
    let rule: any AugmentationRule
  }

  /// What is done, in this order.
  public let steps: [Step]
  /// Which steps change which stretch of a sample; nil where all change the whole sample.
  let parts: [Part]?

  /// Steps in their order.
  public init(_ steps: [Step]) { self.init(steps, parts: nil) }

  init(_ steps: [Step], parts: [Part]?) { (self.steps, self.parts) = (steps, parts) }

  /// Why samples of this shape can't be augmented so; nil where they can.
  public func objection(for shape: [Int]) -> String? {
    guard parts == nil else { return nil }
    var shape = shape
    for step in steps {
      if let objection = step.rule.objection(for: shape) { return "\(step): \(objection), not \(shape)" }
      shape = step.rule.outputShape(for: shape)
    }
    return nil
  }

  /// The shape that samples of this shape have in the end, in training and in prediction.
  public func outputShape(for shape: [Int]) -> [Int] { parts == nil ? steps.outputShape(for: shape) : shape }

  /// Whether targets are mixed too, which then have to be numbers: probabilities `[rows, classes]`, or values.
  public var mixesTargets: Bool { mixup != nil }

  /// Writes a batch as an epoch of training sees it.
  ///
  /// - Parameters:
  ///   - inputs: `[rows] + shape`.
  ///   - shape: a sample's shape, to which there is no ``objection(for:)``.
  ///   - rows: the number of each sample in its data.
  ///   - epoch: the epoch.
  ///   - seed: draws what is drawn.
  ///   - outputs: `[rows] +` ``outputShape(for:)``.
  public func augment(
    _ inputs: UnsafeBufferPointer<Float>, shape: [Int], rows: ArraySlice<Int32>, epoch: Int, seed: UInt64,
    into outputs: UnsafeMutableBufferPointer<Float>
  ) {
    let numbers = Array(rows)
    map(inputs, shape: shape, count: rows.count, into: outputs) { place, part, sample in
      var generator = SplitMix64(seed: seed, epoch: epoch, row: numbers[place], stream: part.stream)
      for step in part.steps { step.rule.apply(to: &sample, &generator) }
    }
    mix(outputs, rows: rows, epoch: epoch, seed: seed)
  }

  /// Writes a batch as it is where nothing is drawn, in validation and prediction: crops take the centre.
  ///
  /// - Parameters:
  ///   - inputs: `[count] + shape`.
  ///   - outputs: `[count] +` ``outputShape(for:)``.
  public func centre(
    _ inputs: UnsafeBufferPointer<Float>, shape: [Int], count: Int, into outputs: UnsafeMutableBufferPointer<Float>
  ) {
    map(inputs, shape: shape, count: count, into: outputs) { _, part, sample in
      for step in part.steps { step.rule.centre(&sample) }
    }
  }

  /// Mixes the targets of a batch as ``augment(_:shape:rows:epoch:seed:into:)`` mixes its samples.
  ///
  /// - Parameter targets: `[rows, ...]`.
  public func mix(
    _ targets: UnsafeMutableBufferPointer<Float>, rows: ArraySlice<Int32>, epoch: Int, seed: UInt64
  ) {
    guard let mixup, !rows.isEmpty else { return }
    mixup.mix(targets, rows: rows, epoch: epoch, seed: seed)
  }

  private var mixup: Mixup? {
    for step in steps { if let mixup = step.rule as? Mixup { return mixup } }
    return nil
  }

  private func map(
    _ inputs: UnsafeBufferPointer<Float>, shape: [Int], count: Int, into outputs: UnsafeMutableBufferPointer<Float>,
    _ change: (_ place: Int, _ part: Part, _ sample: inout AugmentedSample) -> Void
  ) {
    let fault = objection(for: shape)
    check(fault == nil, "Augmentation: \(fault ?? "")")
    let (size, outputSize) = (shape.reduce(1, *), outputShape(for: shape).reduce(1, *))
    check(
      inputs.count == count * size && outputs.count == count * outputSize,
      "Augmentation: \(count) samples of \(shape) and room for as many of \(outputShape(for: shape)) are needed, got "
        + "\(inputs.count) and \(outputs.count) numbers")
    let changed = parts ?? [Part(start: 0, shape: shape, steps: steps, stream: 0)]
    var sample = AugmentedSample(capacity: changed.map(\.capacity).max() ?? 0)
    defer { sample.deallocate() }
    if parts != nil { for place in inputs.indices { outputs[place] = inputs[place] } }
    for place in 0..<count {
      for part in changed {
        sample.load(inputs, at: place * size + part.start, shape: part.shape)
        change(place, part, &sample)
        sample.store(into: outputs, at: place * outputSize + part.start)
      }
    }
  }
}

extension [Augmentation.Step] {
  /// The shape that samples of this shape have behind the steps.
  func outputShape(for shape: [Int]) -> [Int] { reduce(shape) { shape, step in step.rule.outputShape(for: shape) } }
}

extension SplitMix64 {
  /// A sequence that follows from these numbers alone.
  init(seed: UInt64, epoch: Int, row: Int32, stream: UInt64) {
    self.init(seed: seed)
    for number in [stream, UInt64(bitPattern: Int64(epoch)), UInt64(UInt32(bitPattern: row))] {
      self = SplitMix64(seed: next() ^ number)
    }
  }
}
