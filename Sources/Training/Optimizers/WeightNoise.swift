import DescentNetworks
import DescentTensors

extension Optimizer {
  /// The optimizer, with the gradient taken at w + σ·z, where z is drawn from a standard normal distribution for every step
  /// and number, and the step made from w itself: what is learnt bears small changes of the weights, and often suits new
  /// data better (A. Murray and P. Edwards, "Enhanced MLP performance and fault tolerance resulting from synaptic weight
  /// noise during training", 1994; K. Jim, C. Giles and B. Horne, "An analysis of noise in recurrent neural networks:
  /// convergence and generalization", 1996).
  ///
  /// Noise goes to parameters of two and more axes, which are matrices, kernels and embeddings; biases and the parameters of
  /// normalising layers have none. A step computes the loss at the moved weights, and so needs it as a closure:
  /// ``minimize(over:file:line:loss:)``; it is that loss which is returned, and a ``Trainer`` reports. The numbers come from
  /// ``DescentTensors/RandomSource/current``. A ``sharpnessAware(radius:file:line:)`` step looks around the moved weights.
  ///
  /// - Parameter standardDeviation: σ, 0 or more; with 0 the optimizer is as without noise, to the last bit.
  public func noisyWeights(
    standardDeviation: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    check(
      standardDeviation >= 0 && standardDeviation.isFinite,
      "Optimizer: the standard deviation of weight noise must be 0 or more, got \(standardDeviation)", file: file,
      line: line)
    return with { $0.weightNoise = standardDeviation }
  }

  /// Moves weights by noise.
  func addNoise(to parameters: [Parameter]) {
    for parameter in parameters where parameter.shape.count > 1 {
      let value = parameter.value
      parameter.value =
        value
        + .randomNormal(value.shape, standardDeviation: configuration.weightNoise, type: value.type)
    }
  }
}
