import DescentDatasets
import DescentNetworks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NetworkDescription {
  /// A network for rows of a table: dense layers over the quantities; for each column of codes an embedding; for each
  /// text recurrent or convolutional layers over its pieces, and for each picture and each recording convolutional ones: the
  /// ``FeatureLayers`` that it has by itself. Dense layers go over all of that together.
  ///
  /// An embedding of k values has min(50, ⌈1.6 · k^0.56⌉) numbers, the rule of fastai's tabular models.
  ///
  /// - Parameters:
  ///   - preparation: what a sample holds.
  ///   - steps: what the quantities go through first.
  ///   - texts: what reads texts; by their length where it is left out.
  ///   - hidden: units of the hidden layers; none make a linear model, in which a code is a number for each output, a
  ///     text the mean of such numbers for its pieces, and a picture or a recording its own numbers.
  ///   - outputs: how many outputs the network has.
  public static func tabular(
    _ preparation: TablePreparation, through steps: InputSteps? = nil, texts: TextLayers? = nil, hidden: [Int],
    outputs: Int, activation: Activation, dropout: Double
  ) -> NetworkDescription {
    let quantities = preparation.quantityCount
    let width = steps?.width(of: quantities) ?? quantities
    let first = steps?.layers(for: [quantities]) ?? []
    guard quantities < preparation.width else {
      let dense = NetworkDescription.dense(
        inputs: width, hidden: hidden, outputs: outputs, activation: activation, dropout: dropout)
      return NetworkDescription(input: [quantities], first + dense.layers)
    }
    var parts = Parts()
    if quantities > 0 { parts.take(quantities, "quantities", width: width, first) }
    for (place, count) in preparation.codeCounts.enumerated() {
      let size = hidden.isEmpty ? outputs : embeddingSize(count)
      parts.take(
        1, "code-\(place)", width: size,
        [["layer": "embedding", "count": .number(count), "features": .number(size)], ["layer": "flatten"]])
    }
    for (place, text) in preparation.texts.enumerated() {
      let reader = texts ?? .suiting(length: text.length)
      let features = hidden.isEmpty ? nil : FeatureLayers.text(text, by: reader, activation.name)
      parts.take(
        text.length, "text-\(place)", width: features?.width ?? outputs,
        features?.layers ?? [
          [
            "layer": "embedding-bag", "count": .number(text.vocabulary.count), "features": .number(outputs),
            "padding-index": 0,
          ]
        ])
    }
    for (place, column) in preparation.files.enumerated() {
      let features = hidden.isEmpty ? nil : FeatureLayers(column.inputs, activation.name)
      parts.take(
        column.width, "file-\(place)", width: features?.width ?? column.width,
        features.map { [["layer": "reshape", "shape": .list(column.shape)]] + $0.layers } ?? [])
    }
    let dense = NetworkDescription.dense(
      inputs: parts.width, hidden: hidden, outputs: outputs, activation: activation, dropout: dropout)
    return NetworkDescription(input: [preparation.width], parts.joined + dense.layers)
  }

  /// Layers that take a sample apart, and put together what became of its parts.
  private struct Parts {
    private var layers: [DescriptionNode] = []
    private var names: [DescriptionNode] = []
    private var start = 0
    private(set) var width = 0

    /// Takes the next numbers of a sample through layers, the last of which gives so many features.
    mutating func take(_ count: Int, _ name: String, width: Int, _ chain: [DescriptionNode]) {
      let slice: DescriptionNode = [
        "layer": "slice", "from": "input", "start": .number(start), "count": .number(count),
      ]
      var chain = [slice] + chain
      chain[chain.count - 1] = chain[chain.count - 1].with("name", .text(name))
      layers += chain
      names.append(.text(name))
      start += count
      self.width += width
    }

    var joined: [DescriptionNode] {
      guard names.count > 1 else { return layers }
      return layers + [["layer": "concatenate", "from": DescriptionNode(.list(names))]]
    }
  }

  private static func embeddingSize(_ count: Int) -> Int {
    min(50, Int((1.6 * pow(Double(count), 0.56)).rounded(.up)))
  }
}
