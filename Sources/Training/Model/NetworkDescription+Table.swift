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
  /// text embeddings of its pieces, a convolution over five neighbours, and the greatest value of each of its features.
  ///
  /// An embedding of k values has min(50, ⌈1.6 · k^0.56⌉) numbers, the rule of fastai's tabular models. The convolution is
  /// that of Y. Kim, "Convolutional neural networks for sentence classification", 2014.
  ///
  /// - Parameters:
  ///   - preparation: what a sample holds.
  ///   - steps: what the quantities go through first.
  ///   - hidden: units of the hidden layers; none make a linear model, in which a code is a number for each output, and a
  ///     text the mean of such numbers for its pieces.
  ///   - outputs: how many outputs the network has.
  public static func tabular(
    _ preparation: TablePreparation, through steps: InputSteps? = nil, hidden: [Int], outputs: Int, activation: Activation, dropout: Double
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
        [["layer": "embedding", "count": node(count), "features": node(size)], ["layer": "flatten"]])
    }
    for (place, text) in preparation.texts.enumerated() {
      let count = node(text.vocabulary.count)
      let size = hidden.isEmpty ? outputs : textFeatures
      parts.take(
        text.length, "text-\(place)", width: size,
        hidden.isEmpty
          ? [["layer": "embedding-bag", "count": count, "features": node(size), "padding-index": 0]]
          : [
            ["layer": "embedding", "count": count, "features": node(pieceFeatures), "padding-index": 0],
            ["layer": "permute", "order": [2, 1]],
            ["layer": "conv1d", "outputs": node(size), "kernel": 5, "padding": 2],
            ["layer": DescriptionNode(.text(activation.name))], ["layer": "global-max-pool1d"], ["layer": "flatten"],
          ])
    }
    let dense = NetworkDescription.dense(
      inputs: parts.width, hidden: hidden, outputs: outputs, activation: activation, dropout: dropout)
    return NetworkDescription(input: [preparation.width], parts.joined + dense.layers)
  }

  /// Features of a piece of text, and of a whole text.
  private static let (pieceFeatures, textFeatures) = (32, 128)

  /// Layers that take a sample apart, and put together what became of its parts.
  private struct Parts {
    private var layers: [DescriptionNode] = []
    private var names: [DescriptionNode] = []
    private var start = 0
    private(set) var width = 0

    /// Takes the next numbers of a sample through layers, the last of which gives so many features.
    mutating func take(_ count: Int, _ name: String, width: Int, _ chain: [DescriptionNode]) {
      let slice: DescriptionNode = ["layer": "slice", "from": "input", "start": node(start), "count": node(count)]
      var chain = [slice] + chain
      let label = DescriptionNode.Field("name", DescriptionNode(.text(name)))
      if case .fields(let fields) = chain[chain.count - 1].content {
        chain[chain.count - 1] = DescriptionNode(.fields(fields + [label]))
      }
      layers += chain
      names.append(DescriptionNode(.text(name)))
      start += count
      self.width += width
    }

    var joined: [DescriptionNode] {
      guard names.count > 1 else { return layers }
      return layers + [["layer": "concatenate", "from": DescriptionNode(.list(names))]]
    }
  }

  private static func node(_ number: Int) -> DescriptionNode { DescriptionNode(.number(Double(number))) }

  private static func embeddingSize(_ count: Int) -> Int {
    min(50, Int((1.6 * pow(Double(count), 0.56)).rounded(.up)))
  }
}
