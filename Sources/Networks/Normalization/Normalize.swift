import DescentTensors

extension Tensor {
  /// (x − mean) / √(variance + ε), with mean and variance (over n, not n − 1) over the axes.
  func standardized(axes: [Int], epsilon: Double) -> Tensor {
    let deviation = self - mean(axes: axes, keepsAxes: true)
    return deviation * (deviation.squared().mean(axes: axes, keepsAxes: true) + epsilon).rsqrt()
  }

  /// A tensor of one number a channel, `[channels]`, shaped so that it applies to axis 1 of `[batch, channels, ...]`.
  func alongChannels(ofRank rank: Int) -> Tensor { reshaped(to: shape + Array(repeating: 1, count: rank - 2)) }
}

/// What a normalisation multiplies and adds at the end, γ and β, where it learns them.
struct Affine {
  let weight, bias: Parameter?

  /// γ = 1 and β = 0.
  init(_ shape: Shape, weight: Bool, bias: Bool, type: ElementType) {
    self.weight = weight ? Parameter(Initializer.constant(1)(shape, type: type)) : nil
    self.bias = bias ? Parameter(Initializer.zeros(shape, type: type)) : nil
  }

  /// γ · x + β; `place` shapes them to fit x.
  func callAsFunction(_ x: Tensor, _ place: (Tensor) -> Tensor = { $0 }) -> Tensor {
    let scaled = weight.map { x * place($0.value.cast(to: x.type)) } ?? x
    return bias.map { scaled + place($0.value.cast(to: x.type)) } ?? scaled
  }

  /// Under PyTorch's names.
  var parts: [(name: String, part: Any)] {
    [weight.map { ("weight", $0) }, bias.map { ("bias", $0) }].compactMap { $0 }
  }
}

/// Stops unless the input is `[batch, channels, ...]` with this many channels.
func checkChannels(_ input: Tensor, _ channels: Int, in layer: @autoclosure () -> String) {
  check(
    input.rank >= 2 && input.shape[1] == channels,
    "\(layer()) expects input [batch, \(channels), ...], got \(input.shape)")
}
