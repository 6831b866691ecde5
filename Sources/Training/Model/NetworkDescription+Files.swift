import DescentNetworks
import DescentTensors

extension NetworkDescription {
  /// A convolutional network for pictures: blocks of a 3 × 3 convolution, batch normalisation, the activation and pooling
  /// by two, until no side is longer than 8, of 32, 64 and then 128 features; 128 dense units, and the output.
  ///
  /// - Parameter shape: [height, width] or [channels, height, width].
  static func pictures(_ shape: Shape, outputs: Int, activation: String, dropout: Double) -> NetworkDescription {
    var layers: [DescriptionNode] = []
    var sides = Array(shape.suffix(2))
    for block in 0..<6 where block == 0 || sides.max() ?? 0 > 8 {
      layers += convolution(block == 0 ? 32 : block == 1 ? 64 : 128, activation, pooling: &sides)
    }
    layers.append(["layer": "flatten"])
    layers += [["layer": "dense", "outputs": 128], ["layer": text(activation)]]
    return NetworkDescription(
      input: shape.count == 2 ? [1] + shape : shape, layers + end(outputs: outputs, dropout: dropout))
  }

  /// A convolutional network for spectrograms: three such blocks, of which the last is not pooled, of 16, 32 and 64
  /// features; then each feature's mean over all bands and moments, so that it does not matter when a sound begins.
  ///
  /// - Parameter shape: [1, bands, frames].
  static func sounds(_ shape: Shape, outputs: Int, activation: String, dropout: Double) -> NetworkDescription {
    var layers: [DescriptionNode] = []
    var sides = Array(shape.suffix(2))
    for features in [16, 32] { layers += convolution(features, activation, pooling: &sides) }
    var none: [Int] = []
    layers += convolution(64, activation, pooling: &none)
    layers += [["layer": "global-average-pool2d"], ["layer": "flatten"]]
    return NetworkDescription(input: shape, layers + end(outputs: outputs, dropout: dropout))
  }

  /// A block, which halves the sides that it pools where they are long enough.
  private static func convolution(_ features: Int, _ activation: String, pooling sides: inout [Int])
    -> [DescriptionNode]
  {
    var block: [DescriptionNode] = [
      [
        "layer": "conv2d", "outputs": number(Double(features)), "kernel": 3, "padding": 1,
        "bias": DescriptionNode(.flag(false)),
      ],
      ["layer": "batch-norm"],
      ["layer": text(activation)],
    ]
    let kernel = sides.map { $0 > 3 ? 2 : 1 }
    if kernel.contains(2) {
      block.append(["layer": "max-pool2d", "kernel": DescriptionNode(.list(kernel.map { number(Double($0)) }))])
      sides = zip(sides, kernel).map { $0 / $1 }
    }
    return block
  }

  private static func end(outputs: Int, dropout: Double) -> [DescriptionNode] {
    let drop: [DescriptionNode] = dropout > 0 ? [["layer": "dropout", "probability": number(dropout)]] : []
    return drop + [["layer": "dense", "outputs": number(Double(outputs))]]
  }

  private static func number(_ number: Double) -> DescriptionNode { DescriptionNode(.number(number)) }
  private static func text(_ text: String) -> DescriptionNode { DescriptionNode(.text(text)) }
}
