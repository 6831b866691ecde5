import DescentTensors

extension LayerKind {
  /// The ready networks.
  static let ready = [
    LayerKind("mlp") { fields, place in
      let hidden = try fields.sizes("hidden")
      let sizes = [try place.features(fields)] + hidden + [try place.outputs(fields)]
      return MLP(
        sizes, activation: try fields.activation("activation"),
        normalization: try fields.flag("batch-norm", false) ? .batch : .none,
        dropout: try fields.probability("dropout", 0), type: place.type)
    },
    LayerKind("lenet") { fields, place in
      let picture = try place.picture(fields)
      return LeNet(
        classes: try place.outputs(fields), channels: picture.channels, height: picture.height, width: picture.width,
        style: try fields.choice("style", ["modern": LeNet.Style.modern, "classic": .classic], "modern"),
        type: place.type)
    },
    LayerKind("resnet20") { fields, place in
      ResNet.cifar20(
        classes: try place.outputs(fields), channels: try place.picture(fields).channels, type: place.type)
    },
    LayerKind("resnet18") { fields, place in
      ResNet.resNet18(
        classes: try place.outputs(fields), channels: try place.picture(fields).channels, stem: try fields.stem(),
        type: place.type)
    },
    LayerKind("resnet50") { fields, place in
      ResNet.resNet50(
        classes: try place.outputs(fields), channels: try place.picture(fields).channels, stem: try fields.stem(),
        type: place.type)
    },
    LayerKind("char-rnn") { fields, place in
      let symbols = try fields.count("symbols", to: 1 << 16)
      try place.checkSymbols(fields, most: 2048)
      let network = CharRNN(
        symbols: symbols, features: try fields.optionalCount("features", to: 1 << 14, shown: "as many as hidden"),
        hidden: try fields.count("hidden", to: 1 << 12), layers: try fields.count("layers", 1, to: 16),
        cell: try fields.choice("cell", ["lstm": CharRNN.Cell.lstm, "gru": .gru, "rnn": .elman], "lstm"),
        dropout: try fields.probability("dropout", 0), type: place.type)
      return Codes(network, count: symbols)
    },
    LayerKind("transformer-lm") { fields, place in
      let symbols = try fields.count("symbols", to: 1 << 16)
      try place.checkSymbols(fields, most: 1 << 14)
      let network = TransformerLM(
        symbols: symbols,
        context: try fields.optionalCount("context", to: 1 << 16, shown: "the input's length") ?? place.shape[1],
        features: try fields.count("features", to: 1 << 12), heads: try fields.count("heads", to: 256),
        layers: try fields.count("layers", to: 64),
        hidden: try fields.optionalCount("hidden", to: 1 << 14, shown: "4 times the features"),
        dropout: try fields.probability("dropout", 0), tiesHead: try fields.flag("tied", false), type: place.type)
      return Codes(network, count: symbols)
    },
    LayerKind("autoencoder") { fields, place in
      Autoencoder(
        [try place.features(fields)] + (try fields.sizes("hidden")), activation: try fields.activation("activation"),
        type: place.type)
    },
    LayerKind("denoising-autoencoder") { fields, place in
      let sizes = [try place.features(fields)] + (try fields.sizes("hidden"))
      let noise = try fields.number("standard-deviation", 0.3, "0 or more") { $0 >= 0 }
      return DenoisingAutoencoder(
        sizes, corruption: .gaussian(standardDeviation: noise), activation: try fields.activation("activation"),
        type: place.type)
    },
    LayerKind("convolutional-autoencoder") { fields, place in
      let widths = try fields.sizes("widths")
      return ConvolutionalAutoencoder(
        channels: try place.picture(fields).channels, widths: widths,
        activation: try fields.activation("activation"), type: place.type)
    },
    LayerKind("variational-autoencoder") { fields, place in
      let sizes = [try place.features(fields)] + (try fields.sizes("hidden"))
      return VariationalAutoencoder(sizes, activation: try fields.activation("activation"), type: place.type)
    },
  ]
}

extension LayerFields {
  /// Sizes of layers.
  fileprivate func sizes(_ name: String) throws(NetworkDescriptionError) -> [Int] {
    let sizes = try list(name, from: 1)
    guard sizes.allSatisfy({ $0 <= 1 << 20 }) else { throw problem("'\(name)' has a size above \(1 << 20)", at: name) }
    return sizes
  }

  /// An activation by its name.
  fileprivate func activation(_ name: String) throws(NetworkDescriptionError) -> Activation {
    let names = Activation.all.filter { $0.pieces == 1 }
    let word = try need(name, "one of \(names.map(\.name).joined(separator: ", "))", "relu") { node in
      if case .text(let word) = node.content, names.contains(where: { $0.name == word }) { word } else { nil }
    }
    return Activation.named(word) ?? .relu
  }

  /// How a residual network starts.
  fileprivate func stem() throws(NetworkDescriptionError) -> ResNet.Stem {
    try choice("stem", ["large": ResNet.Stem.large, "small": .small], "large")
  }
}

extension LayerPlace {
  /// The extents of a picture.
  fileprivate func picture(
    _ fields: LayerFields
  ) throws(NetworkDescriptionError) -> (channels: Int, height: Int, width: Int) {
    guard shape.count == 4, shape[1] <= 1 << 12 else {
      throw fields.problem("\(fields.kind) expects a picture [channels, height, width], gets \(shape.dropFirst())")
    }
    return (shape[1], shape[2], shape[3])
  }

  /// Refuses what is not a sequence of symbols.
  fileprivate func checkSymbols(_ fields: LayerFields, most: Int) throws(NetworkDescriptionError) {
    guard shape.count == 2, shape[1] <= most else {
      throw fields.problem("\(fields.kind) expects [time] with \(most) steps at most, gets \(shape.dropFirst())")
    }
  }
}
