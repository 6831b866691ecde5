import DescentNetworks
import DescentTensors

/// What PyTorch and Descent exchange state files of, under the names of the table in Tests/References/partners.py: layers
/// that are PyTorch's own modules there, and ready networks.
struct PartnerModule: Sendable {
  let name: String
  /// Of an input.
  let shape: Shape
  /// Whether the input is whole numbers, below 11.
  var takesSymbols = false
  let make: @Sendable () -> any Module

  /// The module with other numbers where a fresh one has zeros or ones: biases, normalisation and running statistics.
  func makeChanged() -> any Module {
    let network = make()
    for (index, variable) in network.variables.enumerated() where variable.value.rank < 2 {
      guard variable.value.type.isFloatingPoint else {
        variable.value = Tensor(5 as Int64)
        continue
      }
      let noise = normals(variable.value.shape, seed: UInt64(index), scale: 0.1).cast(to: .float32)
      // running variances must stay above 0
      variable.value = variable.value + (variable.isTrained ? noise : noise.squared())
    }
    return network
  }

  /// An input of the kind that the module takes.
  func input() -> Tensor {
    let numbers = normals(shape, seed: 1)
    return takesSymbols ? ((numbers.sigmoid() * 10.99).floor()).cast(to: .int64) : numbers.cast(to: .float32)
  }

  static let all = layers + networks

  private static let layers = [
    PartnerModule(name: "lstm", shape: [3, 6, 5]) { LSTM(5, 7, layers: 2, bidirectional: true) },
    PartnerModule(name: "gru", shape: [3, 6, 5]) { GRU(5, 7, layers: 2, bidirectional: true) },
    PartnerModule(name: "rnn", shape: [3, 6, 5]) { RNN(5, 7) },
    PartnerModule(name: "attention", shape: [2, 5, 12]) { MultiHeadAttention(12, heads: 3) },
    PartnerModule(name: "encoder", shape: [2, 5, 8]) { TransformerEncoderLayer(8, heads: 2, hidden: 12) },
    PartnerModule(name: "batch-norm", shape: [4, 3, 5, 6]) { BatchNorm(3) },
    PartnerModule(name: "conv-1d", shape: [2, 3, 9]) { Conv1D(3, 4, kernel: 3, stride: 2, padding: 1) },
    PartnerModule(name: "conv-2d", shape: [2, 4, 9, 8]) { Conv2D(4, 6, kernel: [3, 2], dilation: 2, groups: 2) },
    PartnerModule(name: "conv-3d", shape: [2, 2, 4, 3, 5]) { Conv3D(2, 3, kernel: 2) },
    PartnerModule(name: "conv-transpose", shape: [2, 4, 3, 4]) {
      ConvTranspose2D(4, 6, kernel: 3, stride: 2, outputPadding: 1, groups: 2)
    },
  ]

  private static let networks = [
    PartnerModule(name: "mlp", shape: [6, 9]) { MLP([9, 16, 8, 3], activation: .gelu, normalization: .batch) },
    PartnerModule(name: "lenet", shape: [2, 1, 28, 28]) { LeNet() },
    PartnerModule(name: "lenet-classic", shape: [2, 1, 28, 28]) { LeNet(style: .classic) },
    PartnerModule(name: "cifar20", shape: [2, 3, 32, 32]) { ResNet.cifar20() },
    PartnerModule(name: "resnet18", shape: [1, 3, 32, 32]) { ResNet.resNet18() },
    PartnerModule(name: "resnet50", shape: [1, 3, 32, 32]) { ResNet.resNet50() },
    PartnerModule(name: "char-rnn", shape: [3, 7], takesSymbols: true) {
      CharRNN(symbols: 11, features: 8, hidden: 16, layers: 2)
    },
    PartnerModule(name: "char-rnn-gru", shape: [3, 7], takesSymbols: true) {
      CharRNN(symbols: 11, hidden: 16, cell: .gru)
    },
    PartnerModule(name: "transformer-lm", shape: [3, 7], takesSymbols: true) {
      TransformerLM(symbols: 11, context: 9, features: 8, heads: 2, layers: 2)
    },
    PartnerModule(name: "transformer-lm-tied", shape: [3, 7], takesSymbols: true) {
      TransformerLM(symbols: 11, context: 9, features: 8, heads: 2, layers: 1, tiesHead: true)
    },
    PartnerModule(name: "autoencoder", shape: [5, 20]) { Autoencoder([20, 12, 4], output: .sigmoid) },
    PartnerModule(name: "denoising-autoencoder", shape: [5, 20]) {
      DenoisingAutoencoder([20, 12], corruption: .masking(probability: 0.2))
    },
    PartnerModule(name: "convolutional-autoencoder", shape: [2, 1, 12, 8]) {
      ConvolutionalAutoencoder(channels: 1, widths: [4, 8], output: .sigmoid)
    },
    PartnerModule(name: "variational-autoencoder", shape: [5, 20]) { VariationalAutoencoder([20, 12, 4]) },
  ]
}
