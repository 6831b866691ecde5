import DescentDatasets
import DescentNetworks
import DescentTensors

extension NetworkDescription {
  /// A network of layers that make features of a sample, and an output for these.
  ///
  /// - Parameter steps: what samples go through first, and keep their shape.
  static func through(
    _ features: FeatureLayers, input: Shape, steps: InputSteps?, outputs: Int, dropout: Double
  ) -> NetworkDescription {
    let drop: [DescriptionNode] = dropout > 0 ? [["layer": "dropout", "probability": .number(dropout)]] : []
    return NetworkDescription(
      input: input,
      (steps?.layers(for: input) ?? []) + features.layers + drop + [["layer": "dense", "outputs": .number(outputs)]])
  }
}

/// Layers that make features of a picture, a recording, a text or another sequence.
struct FeatureLayers {
  private(set) var layers: [DescriptionNode] = []
  /// How many features they give.
  private(set) var width = 0

  private let activation: String

  private init(activation: String = "") { self.activation = activation }

  /// What suits a column of files; nil for other columns.
  init?(_ inputs: ColumnPreparation.Inputs, _ activation: String) {
    switch inputs {
    case .picture(let picture): self = .pictures(picture.shape, activation)
    case .sound(let recording): self = .sounds(recording.sound, activation)
    case .number, .category, .date, .text: return nil
    }
  }

  /// Blocks of a 3 × 3 convolution, batch normalisation, the activation and pooling by two, until no side is longer than
  /// 8, of 32, 64 and then 128 features; and 128 dense units.
  ///
  /// - Parameters:
  ///   - shape: [channels, height, width].
  ///   - size: the side of the squares that are drawn from larger pictures first; nil for whole ones.
  static func pictures(_ shape: Shape, croppedTo size: Int? = nil, _ activation: String) -> FeatureLayers {
    var made = FeatureLayers(activation: activation)
    var sides = size.map { [$0, $0] } ?? Array(shape.suffix(2))
    if let size { made.layers.append(.randomCrop(to: size)) }
    for block in 0..<6 where block == 0 || sides.max() ?? 0 > 8 {
      made.convolve(to: block == 0 ? 32 : block == 1 ? 64 : 128, kernel: 3, poolingBy: 2, &sides)
    }
    made.layers += [["layer": "flatten"], ["layer": "dense", "outputs": 128], ["layer": .text(activation)]]
    made.width = 128
    return made
  }

  /// What suits the form of recordings.
  static func sounds(_ sound: SoundPreparation, _ activation: String) -> FeatureLayers {
    sound.form == .waveform ? waveforms(sound, activation) : spectrograms(sound.shape, activation)
  }

  /// Three blocks as for pictures, of which the last is not pooled, of 16, 32 and 64 features; then each feature's mean
  /// over all bands and moments, so that it does not matter when a sound begins.
  ///
  /// - Parameter shape: [1, bands, frames].
  private static func spectrograms(_ shape: Shape, _ activation: String) -> FeatureLayers {
    var made = FeatureLayers(activation: activation)
    var sides = Array(shape.suffix(2))
    for features in [16, 32] { made.convolve(to: features, kernel: 3, poolingBy: 2, &sides) }
    made.convolve(to: 64, kernel: 3, poolingBy: nil, &sides)
    made.layers += [["layer": "global-average-pool2d"], ["layer": "flatten"]]
    return made
  }

  /// The network M5, with fewer features: a convolution over 10 ms every half of a millisecond, then three over three
  /// neighbours, of 32, 64, 128 and 256 features, each with batch normalisation, the activation and pooling by four; then
  /// each feature's mean over time.
  ///
  /// Source: W. Dai et al., "Very deep convolutional neural networks for raw waveforms", 2017, where the rate is 8 kHz and
  /// the first convolution therefore 80 samples wide, 4 apart.
  private static func waveforms(_ sound: SoundPreparation, _ activation: String) -> FeatureLayers {
    var made = FeatureLayers(activation: activation)
    let (kernel, stride) = (max(1, sound.sampleRate / 100), max(1, sound.sampleRate / 2000))
    var sides = [sound.frames]
    made.convolve(to: 32, kernel: kernel, stride: stride, poolingBy: 4, &sides)
    for features in [64, 128, 256] { made.convolve(to: features, kernel: 3, poolingBy: 4, &sides) }
    made.layers += [["layer": "global-average-pool1d"], ["layer": "flatten"]]
    return made
  }

  /// Gated recurrent units that read a sequence forwards and backwards, and the greatest value that each of them takes, so
  /// that it does not matter where something stands and how far the padding goes.
  ///
  /// Source: A. Conneau et al., "Supervised learning of universal sentence representations from natural language inference
  /// data", 2017, with LSTMs.
  ///
  /// **Shapes.** [steps, features] → [128].
  static var sequences: FeatureLayers {
    var made = FeatureLayers()
    made.layers = [
      ["layer": "gru", "hidden": .number(recurrentUnits), "bidirectional": DescriptionNode(.flag(true))],
      ["layer": "permute", "order": [2, 1]], ["layer": "global-max-pool1d"], ["layer": "flatten"],
    ]
    made.width = 2 * recurrentUnits
    return made
  }

  /// Embeddings of a text's pieces, of 32 numbers each, and what reads them: ``sequences``, or a convolution over five
  /// neighbours and the greatest value of each of its features (Y. Kim, "Convolutional neural networks for sentence
  /// classification", 2014).
  static func text(_ text: TextPreparation, by layers: TextLayers, _ activation: String) -> FeatureLayers {
    var made = sequences
    if layers == .convolutional {
      made.layers = [
        ["layer": "permute", "order": [2, 1]],
        ["layer": "conv1d", "outputs": .number(made.width), "kernel": 5, "padding": 2], ["layer": .text(activation)],
        ["layer": "global-max-pool1d"], ["layer": "flatten"],
      ]
    }
    let embedding: DescriptionNode = [
      "layer": "embedding", "count": .number(text.vocabulary.count), "features": .number(pieceFeatures),
      "padding-index": 0,
    ]
    made.layers = [embedding] + made.layers
    return made
  }

  /// Units of a recurrent layer in each direction, and features of a piece of text.
  private static let (recurrentUnits, pieceFeatures) = (64, 32)

  /// A block over as many axes as there are sides, which are pooled where they are long enough.
  private mutating func convolve(
    to features: Int, kernel: Int, stride: Int = 1, poolingBy factor: Int?, _ sides: inout [Int]
  ) {
    let axes = "\(sides.count)d"
    var convolution: DescriptionNode = [
      "layer": .text("conv\(axes)"), "outputs": .number(features), "kernel": .number(kernel),
      "padding": .number(kernel / 2), "bias": DescriptionNode(.flag(false)),
    ]
    if stride > 1 { convolution = convolution.with("stride", .number(stride)) }
    layers += [convolution, ["layer": "batch-norm"], ["layer": .text(activation)]]
    width = features
    sides = sides.map { ($0 + kernel / 2 * 2 - kernel) / stride + 1 }
    guard let factor else { return }
    let pools = sides.map { $0 > factor + 1 ? factor : 1 }
    guard pools.contains(factor) else { return }
    layers.append(["layer": .text("max-pool\(axes)"), "kernel": .list(pools)])
    sides = zip(sides, pools).map { $0 / $1 }
  }
}
