import DescentTensors
import Testing

@testable import DescentNetworks

/// A layer to be tested: how it is made, and how it is called with what the references hold.
struct LayerCase: Sendable, CustomTestStringConvertible {
  /// A layer of any kind under the names of its parts.
  struct Probe: Module, NamedParts {
    let parts: @Sendable () -> [(name: String, part: Any)]
    let call: @Sendable (_ inputs: [Tensor], _ more: (String) -> Tensor?) -> [Tensor]

    func callAsFunction(_ input: Tensor) -> Tensor { call([input]) { _ in nil }[0] }
    var namedParts: [(name: String, part: Any)] { parts() }
  }

  let name: String
  let trains: Bool
  /// Where it stores as it trains, so that two calls differ.
  let isSteady: Bool
  let make: @Sendable (ElementType) -> Probe

  var testDescription: String { name }

  init(_ name: String, trains: Bool = true, isSteady: Bool = true, make: @escaping @Sendable (ElementType) -> Probe) {
    (self.name, self.trains, self.isSteady, self.make) = (name, trains, isSteady, make)
  }

  /// A layer of one input.
  init(
    _ name: String, trains: Bool = true, isSteady: Bool = true, _ make: @escaping @Sendable (ElementType) -> any Module
  ) {
    self.init(name, trains: trains, isSteady: isSteady, make: { LayerCase.probe(make($0)) })
  }

  private static func probe(_ layer: any Module) -> Probe { probe(layer) { inputs, _ in [layer(inputs[0])] } }

  static func probe(
    _ layer: any Sendable, _ call: @escaping @Sendable ([Tensor], (String) -> Tensor?) -> [Tensor]
  ) -> Probe {
    Probe(
      parts: {
        if let layer = layer as? any NamedParts { return layer.namedParts }
        return Mirror(reflecting: layer).children.map { ($0.label ?? "", $0.value) }
      }, call: call)
  }

  private static func recurrent<Layer: RecurrentLayer>(
    _ name: String, _ make: @escaping @Sendable (ElementType) -> Layer
  ) -> LayerCase {
    LayerCase(
      name,
      make: { type in
        let layer = make(type)
        return probe(layer) { inputs, more in
          let initial = [more("initial-0"), more("initial-1")].compactMap { $0?.cast(to: type) }
          let mask = more("lengths").map { Tensor.range(inputs[0].shape[1]) .< $0.expandingAxis(at: 1) }
          let result = layer.run(inputs[0], initial: initial.isEmpty ? nil : initial, mask: mask)
          return [result.output] + (layer.stack.output == .last ? [] : result.state)
        }
      })
  }

  private static func function(_ name: String, _ call: @escaping @Sendable ([Tensor], Tensor?) -> Tensor) -> LayerCase {
    LayerCase(name, make: { _ in probe(Identity()) { inputs, more in [call(inputs, more("mask"))] } })
  }

  static let all: [LayerCase] = normalizations + others + recurrences + attentions + compositions

  private static let compositions = [
    LayerCase("time-distributed") { TimeDistributed(Dense(4, 3, type: $0)) },
    LayerCase("residual") { type in
      Residual {
        Dense(5, 4, type: type)
        Activation.relu
        Dense(4, 5, type: type)
      }
    },
    LayerCase("residual/shortcut") { type in
      Residual(shortcut: Dense(5, 3, type: type)) {
        Dense(5, 4, type: type)
        Activation.relu
        Dense(4, 3, type: type)
      }
    },
    LayerCase("graph") { type in
      Graph([
        .init("left", from: -1, Dense(5, 3, type: type)), .init("right", from: -1, Dense(5, 3, type: type)),
        .init("bent", from: 0, Activation.tanh), .init("product", from: [2, 1]) { $0[0] * $0[1] },
        .init("sum", from: [2, 1]) { $0[0] + $0[1] },
        .init("both", from: [3, 4]) { .concatenate($0, axis: 1) },
      ])
    },
    LayerCase("drop-connect", trains: false) { DropConnect(0.5, Dense(5, 4, type: $0)) },
    LayerCase("drop-connect/convolution", trains: false) { DropConnect(0.5, Conv2D(6, 4, kernel: [3, 2], type: $0)) },
    LayerCase("flatten") { _ in Flatten() },
    LayerCase("dropout/inference", trains: false) { _ in Dropout(0.5) },
    LayerCase("alpha-dropout/inference", trains: false) { _ in AlphaDropout(0.5) },
    LayerCase("gaussian-dropout/inference", trains: false) { _ in GaussianDropout(0.5) },
    LayerCase("gaussian-noise/inference", trains: false) { _ in GaussianNoise(0.5) },
  ]

  private static let normalizations = [
    LayerCase("batch-norm") { BatchNorm(5, type: $0) },
    LayerCase("batch-norm/line") { BatchNorm(5, momentum: nil, type: $0) },
    LayerCase("batch-norm/picture") { BatchNorm(6, epsilon: 1e-3, momentum: 0.3, type: $0) },
    LayerCase("batch-norm/inference", trains: false) { BatchNorm(5, type: $0) },
    LayerCase("batch-norm/plain") { BatchNorm(5, affine: false, tracksRunningStatistics: false, type: $0) },
    LayerCase("layer-norm") { LayerNorm(5, type: $0) },
    LayerCase("layer-norm/picture") { LayerNorm([3, 4], bias: false, type: $0) },
    LayerCase("rms-norm") { RMSNorm([5], type: $0) },
    LayerCase("rms-norm/picture") { RMSNorm([3, 4], epsilon: 1e-2, type: $0) },
    LayerCase("group-norm") { GroupNorm(groups: 3, channels: 6, type: $0) },
    LayerCase("instance-norm") { InstanceNorm(6, affine: true, type: $0) },
    LayerCase("local-response-norm") { _ in LocalResponseNorm(size: 3, alpha: 0.5, beta: 0.6, k: 2) },
    LayerCase("local-response-norm/even") { _ in LocalResponseNorm(size: 4, alpha: 0.5) },
    LayerCase("unit-norm") { _ in UnitNorm() },
    LayerCase("spectral-norm", isSteady: false) { SpectralNorm(Dense(5, 4, type: $0)) },
    LayerCase("spectral-norm/convolution", isSteady: false) { SpectralNorm(Conv2D(6, 4, kernel: [3, 2], type: $0)) },
    LayerCase("spectral-norm/transposed", isSteady: false) {
      SpectralNorm(ConvTranspose2D(6, 4, kernel: [3, 2], bias: false, type: $0))
    },
  ]

  private static let others = [
    LayerCase("embedding") { Embedding(5, 3, type: $0) },
    LayerCase("embedding/padding", isSteady: false) { Embedding(5, 3, paddingIndex: 2, type: $0) },
    LayerCase("embedding-bag/sum") { EmbeddingBag(5, 3, mode: .sum, type: $0) },
    LayerCase("embedding-bag/mean") { EmbeddingBag(5, 3, mode: .mean, paddingIndex: 2, type: $0) },
    LayerCase("embedding-bag/maximum") { EmbeddingBag(5, 3, mode: .maximum, type: $0) },
    LayerCase("embedding-bag/weighted") { type in
      let layer = EmbeddingBag(5, 3, mode: .sum, type: type)
      return probe(layer) { inputs, more in [layer(inputs[0], weights: more("shares")?.cast(to: type))] }
    },
    LayerCase("bilinear") { type in
      let layer = Bilinear(5, 4, 3, type: type)
      return probe(layer) { inputs, _ in [layer(inputs[0], inputs[1])] }
    },
    LayerCase("identity") { _ in Identity() },
  ]

  private static let recurrences = [
    LayerCase("rnn-cell") { type in
      let cell = RNNCell(5, 3, type: type)
      return probe(cell) { inputs, more in [cell(inputs[0], state: more("state-before")?.cast(to: type))] }
    },
    LayerCase("lstm-cell") { type in
      let cell = LSTMCell(5, 3, type: type)
      return probe(cell) { inputs, more in
        guard let hidden = more("hidden"), let memory = more("cell") else { return [] }
        return [cell(inputs[0], state: (hidden.cast(to: type), memory.cast(to: type))).hidden]
      }
    },
    LayerCase("gru-cell") { type in
      let cell = GRUCell(5, 3, type: type)
      return probe(cell) { inputs, more in [cell(inputs[0], state: more("state-before")?.cast(to: type))] }
    },
    recurrent("rnn") { RNN(4, 3, type: $0) },
    recurrent("rnn/relu") { RNN(4, 3, rectified: true, bias: false, type: $0) },
    recurrent("lstm") { LSTM(4, 3, type: $0) },
    recurrent("lstm/stacked") { LSTM(4, 3, layers: 2, bidirectional: true, type: $0) },
    recurrent("lstm/lengths") { LSTM(4, 3, layers: 2, bidirectional: true, type: $0) },
    recurrent("gru") { GRU(4, 3, type: $0) },
    recurrent("gru/stacked") { GRU(4, 3, layers: 2, bidirectional: true, type: $0) },
    recurrent("lstm/final") { LSTM(4, 3, layers: 2, bidirectional: true, output: .last, type: $0) },
    recurrent("gru/final") { GRU(4, 3, bidirectional: true, output: .last, type: $0) },
    recurrent("gru/lengths") { GRU(4, 3, bidirectional: true, type: $0) },
  ]

  private static let attentions = [
    LayerCase("attention") { MultiHeadAttention(8, heads: 2, type: $0) },
    LayerCase("attention/crossed") { type in
      let layer = MultiHeadAttention(8, heads: 4, type: type)
      return probe(layer) { inputs, more in [layer(inputs[0], inputs[1], inputs[1], keyMask: more("present"))] }
    },
    LayerCase("attention/causal") { type in
      let layer = MultiHeadAttention(8, heads: 2, bias: false, type: type)
      return probe(layer) { inputs, _ in [layer(inputs[0], inputs[0], inputs[0], isCausal: true)] }
    },
    LayerCase("attention/padded") { type in
      let layer = MultiHeadAttention(8, heads: 2, type: type)
      return probe(layer) { inputs, more in
        [layer(inputs[0], inputs[0], inputs[0], keyMask: more("present"), isCausal: true)]
      }
    },
    LayerCase("attention/added") { type in
      let layer = MultiHeadAttention(8, heads: 2, type: type)
      return probe(layer) { inputs, more in
        [layer(inputs[0], inputs[0], inputs[0], mask: more("shifts")?.cast(to: type), keyMask: more("present"))]
      }
    },
    LayerCase("attention/apart") { type in
      let layer = MultiHeadAttention(8, heads: 2, keyFeatures: 4, valueFeatures: 6, type: type)
      return probe(layer) { inputs, _ in [layer(inputs[0], inputs[1], inputs[2])] }
    },
    LayerCase("encoder") { type in
      let layer = TransformerEncoderLayer(8, heads: 2, hidden: 12, dropout: 0, type: type)
      return probe(layer) { inputs, more in [layer(inputs[0], mask: nil, keyMask: more("present"))] }
    },
    LayerCase("encoder/first") { type in
      TransformerEncoderLayer(
        8, heads: 2, hidden: 12, dropout: 0, activation: Lambda { $0 * $0.sigmoid() }, normalizesFirst: true,
        isCausal: true, type: type)
    },
    LayerCase("decoder") { type in
      let layer = TransformerDecoderLayer(8, heads: 2, hidden: 12, dropout: 0, type: type)
      return probe(layer) { inputs, _ in [layer(inputs[0], memory: inputs[1])] }
    },
    function("product") { inputs, _ in scaledDotProductAttention(inputs[0], inputs[1], inputs[2]) },
    function("product/mask") { scaledDotProductAttention($0[0], $0[1], $0[2], mask: $1) },
    function("product/causal") { inputs, _ in
      scaledDotProductAttention(inputs[0], inputs[1], inputs[2], isCausal: true)
    },
    function("alibi") { inputs, _ in inputs[0] + alibi(heads: 4, targets: 3, sources: 6, type: inputs[0].type) },
    function("alibi/six") { inputs, _ in inputs[0] + alibi(heads: 6, targets: 3, sources: 6, type: inputs[0].type) },
    LayerCase("sinusoidal") { _ in SinusoidalPositions() },
    LayerCase("rotary/interleaved") { _ in RotaryPositions(interleaved: true) },
    LayerCase("rotary") { _ in RotaryPositions() },
    LayerCase("grouped-query") { GroupedQueryAttention(8, heads: 4, keyHeads: 2, isCausal: true, type: $0) },
    LayerCase("grouped-query/rotary") {
      GroupedQueryAttention(8, heads: 4, keyHeads: 2, rotary: RotaryPositions(), type: $0)
    },
    LayerCase("additive/masked") { type in
      let layer = AdditiveAttention(8, keyFeatures: 8, hidden: 6, type: type)
      return probe(layer) { inputs, more in [layer(inputs[0], inputs[1], inputs[1], mask: more("mask"))] }
    },
    LayerCase("additive") { type in
      let layer = AdditiveAttention(8, keyFeatures: 8, hidden: 6, type: type)
      return probe(layer) { inputs, _ in [layer(inputs[0], inputs[1], inputs[1])] }
    },
    LayerCase("learned-positions") { LearnedPositions(7, 8, type: $0) },
  ]
}
