import DescentTensors

/// An autoencoder of pictures: convolutions of stride 2 down to a small picture of many channels, transposed ones up again
/// (Masci and others, "Stacked convolutional auto-encoders for hierarchical feature extraction", 2011, with strides in place
/// of pooling).
///
///     ConvolutionalAutoencoder(channels: 1, widths: [16, 32])    // 28×28 → 16·14×14 → 32·7×7 and back
///
/// All kernels are 3×3. State names: `encoder.0.weight`, `encoder.2.weight`, …, `decoder.0.weight`, …, as in two
/// `nn.Sequential` with the activations counted.
///
/// - Shapes: input `[batch, channels, height, width]`, both extents multiples of 2 to the number of widths → code `[batch,
///   widths.last, height / 2ⁿ, width / 2ⁿ]` → output of the input's shape.
public struct ConvolutionalAutoencoder: Autoencoding {
  /// From the picture to the code.
  public let encoder: Sequential
  /// From the code to the picture.
  public let decoder: Sequential

  /// A network with fresh parameters: weights start from what suits the activation behind them, biases from 0.
  ///
  /// - Parameters:
  ///   - channels: of the pictures.
  ///   - widths: channels behind each convolution, one or more; each halves the picture.
  ///   - activation: what follows each layer but the code's and the last.
  ///   - code: what follows the code's layer, if anything.
  ///   - output: what follows the last layer, if anything: ``Activation/sigmoid`` for pixels in [0, 1].
  public init(
    channels: Int, widths: [Int], activation: Activation = .relu, code: Activation? = nil, output: Activation? = nil,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let parts = [activation, code, output].compactMap { $0 }
    check(
      channels > 0 && !widths.isEmpty && widths.allSatisfy { $0 > 0 } && parts.allSatisfy { $0.pieces == 1 },
      "ConvolutionalAutoencoder(\(channels) channels, widths \(widths)): needs a channel and a width or more, and "
        + "activations that keep the number of channels", file: file, line: line)
    let sizes = [channels] + widths
    encoder = Sequential {
      for (index, (inputs, outputs)) in zip(sizes, widths).enumerated() {
        let behind = index == widths.count - 1 ? code : activation
        Conv2D(
          inputs, outputs, kernel: 3, stride: 2, padding: 1, weights: (behind ?? .linear()).weights, biases: .zeros,
          type: type, file: file, line: line)
        if let behind { behind }
      }
    }
    decoder = Sequential {
      for index in widths.indices.reversed() {
        let behind = index == 0 ? output : activation
        ConvTranspose2D(
          sizes[index + 1], sizes[index], kernel: 3, stride: 2, padding: 1, outputPadding: 1,
          weights: (behind ?? .linear()).weights, biases: .zeros, type: type, file: file, line: line)
        if let behind { behind }
      }
    }
  }

  /// The code of a picture: a small picture of many channels.
  public func encode(_ input: Tensor) -> Tensor {
    let step = 1 << (encoder.layers.count { $0 is Conv2D })
    check(
      input.rank == 4 && input.shape[2] % step == 0 && input.shape[3] % step == 0,
      "ConvolutionalAutoencoder expects input [batch, channels, height, width], both extents multiples of \(step), got "
        + "\(input.shape)")
    return encoder(input, named: "encoder")
  }

  /// What a code stands for.
  public func decode(_ code: Tensor) -> Tensor { decoder(code, named: "decoder") }
}
