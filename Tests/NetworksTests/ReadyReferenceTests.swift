import DescentNetworks
import DescentTensors
import Testing

/// Ready networks against the same ones in plain PyTorch: Tests/References/ready.py writes the numbers.
@Suite struct ReadyReferenceTests {
  private let comparison: LayerComparison

  init() throws { comparison = LayerComparison(references: try References("ready"), kind: "ready") }

  @Test func everyNetworkHasAReferenceAndEveryReferenceANetwork() { comparison.expectSameCases(Self.all) }

  @Test(arguments: all)
  func outputsGradientsAndStatesArePyTorchs(row: LayerCase) throws { try comparison.expectSameNumbers(row) }

  @Test(arguments: all)
  func compiledNetworksAreTheSame(row: LayerCase) throws { try comparison.expectSameCompiled(row) }

  @Test(arguments: all)
  func gradientsAreRightInDoublePrecision(row: LayerCase) throws {
    try comparison.expectRightGradients(row, jointly: true)
  }

  private static let all = [
    LayerCase("mlp") { MLP([5, 7, 4, 3], type: $0) },
    LayerCase("mlp/batch-norm") { MLP([5, 6, 4, 3], activation: .tanh, normalization: .batch, type: $0) },
    LayerCase("mlp/layer-norm") {
      MLP([5, 6, 3], activation: .gelu, normalization: .layer, output: .sigmoid, type: $0)
    },
    LayerCase("lenet") { leNet(.modern, $0) },
    LayerCase("lenet/classic") { leNet(.classic, $0) },
    LayerCase("resnet/basic") {
      ResNet(blocks: [1, 2], widths: [2, 3], stem: .small, channels: 2, classes: 3, type: $0)
    },
    LayerCase("resnet/inference", trains: false) {
      ResNet(blocks: [2], widths: [2], stem: .small, channels: 2, classes: 3, type: $0)
    },
    LayerCase("resnet/bottleneck") {
      ResNet(blocks: [1, 1], widths: [2, 1], block: .bottleneck, channels: 2, classes: 3, type: $0)
    },
    LayerCase("char-rnn") { CharRNN(symbols: 6, features: 3, hidden: 4, layers: 2, type: $0) },
    LayerCase("char-rnn/gru") { CharRNN(symbols: 6, hidden: 4, cell: .gru, type: $0) },
    LayerCase("char-rnn/elman") { CharRNN(symbols: 6, hidden: 4, cell: .elman, type: $0) },
    LayerCase("transformer-lm") {
      TransformerLM(symbols: 6, context: 7, features: 4, heads: 2, layers: 2, type: $0)
    },
    LayerCase("transformer-lm/tied") {
      TransformerLM(symbols: 6, context: 5, features: 4, heads: 1, layers: 1, tiesHead: true, type: $0)
    },
    LayerCase("autoencoder") { Autoencoder([5, 4, 2], output: .sigmoid, type: $0) },
    LayerCase("autoencoder/denoising", trains: false) {
      DenoisingAutoencoder([5, 3], corruption: .gaussian(standardDeviation: 1), type: $0)
    },
    LayerCase("autoencoder/convolutional") {
      ConvolutionalAutoencoder(channels: 2, widths: [3, 4], output: .sigmoid, type: $0)
    },
    // in inference the code is not drawn
    LayerCase("variational", trains: false) { VariationalAutoencoder([5, 4, 2], type: $0) },
    variational("bernoulli", .bernoulli),
    variational("gaussian", .gaussian),
  ]

  private static func leNet(_ style: LeNet.Style, _ type: ElementType) -> LeNet {
    LeNet(classes: 3, channels: 2, height: 12, width: 12, style: style, maps: (2, 3), hidden: (6, 5), type: type)
  }

  /// The losses with a β of 1 and of 4, with given noise.
  private static func variational(_ name: String, _ likelihood: VariationalAutoencoder.Likelihood) -> LayerCase {
    LayerCase(
      "variational/\(name)",
      make: { type in
        let network = VariationalAutoencoder([5, 4, 2], likelihood: likelihood, type: type)
        return LayerCase.probe(network) { inputs, more in
          let noise = more("noise")?.cast(to: type)
          return [.stack([1.0, 4].map { network.loss(inputs[0], beta: $0, noise: noise) })]
        }
      })
  }
}
