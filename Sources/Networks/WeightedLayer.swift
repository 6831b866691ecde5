import DescentTensors

/// A layer that can be called with other weights of its weights' shape, made from these: what ``SpectralNorm`` and
/// ``DropConnect`` do.
public protocol WeightedLayer: Module {
  /// W, as it is learnt.
  var weight: Parameter { get }
  /// b, where there is one.
  var bias: Parameter? { get }
  /// The axis of W that counts the outputs.
  static var outputAxis: Int { get }
  /// What the layer gives with these weights in place of W.
  func callAsFunction(_ input: Tensor, weight: Tensor) -> Tensor
}

extension WeightedLayer {
  /// The first.
  public static var outputAxis: Int { 0 }

  /// W as a matrix, a row for each output.
  var weightRows: Tensor {
    let axes = Array(weight.shape.indices)
    let order = [Self.outputAxis] + axes.filter { $0 != Self.outputAxis }
    let first = order == axes ? weight.value : weight.value.permuted(order)
    return first.reshaped(to: [first.shape[0], first.shape.dropFirst().reduce(1, *)])
  }
}
