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
  /// A network for rows of a table: dense layers over the quantities and, for each column of codes, an embedding.
  ///
  /// An embedding of k values has min(50, ⌈1.6 · k^0.56⌉) numbers, the rule of fastai's tabular models.
  ///
  /// - Parameters:
  ///   - preparation: what a sample holds.
  ///   - hidden: units of the hidden layers; none make a linear model, in which a code is a number for each output.
  ///   - outputs: how many outputs the network has.
  public static func tabular(
    _ preparation: TablePreparation, hidden: [Int], outputs: Int, activation: Activation, dropout: Double
  ) -> NetworkDescription {
    let (quantities, codes) = (preparation.quantityCount, preparation.codeCounts)
    guard !codes.isEmpty else {
      return .dense(inputs: quantities, hidden: hidden, outputs: outputs, activation: activation, dropout: dropout)
    }
    var layers: [DescriptionNode] = []
    var joined: [DescriptionNode] = []
    var width = 0
    if quantities > 0 {
      layers.append(["layer": "slice", "name": "quantities", "from": "input", "start": 0, "count": node(quantities)])
      joined.append("quantities")
      width += quantities
    }
    for (place, count) in codes.enumerated() {
      let size = hidden.isEmpty ? outputs : embeddingSize(count)
      let name = DescriptionNode(.text("code-\(place)"))
      layers.append(["layer": "slice", "from": "input", "start": node(quantities + place), "count": 1])
      layers.append(["layer": "embedding", "name": name, "count": node(count), "features": node(size)])
      layers.append(["layer": "flatten", "name": DescriptionNode(.text("embedded-\(place)"))])
      joined.append(DescriptionNode(.text("embedded-\(place)")))
      width += size
    }
    if joined.count > 1 { layers.append(["layer": "concatenate", "from": DescriptionNode(.list(joined))]) }
    let dense = NetworkDescription.dense(
      inputs: width, hidden: hidden, outputs: outputs, activation: activation, dropout: dropout)
    return NetworkDescription(input: [preparation.width], layers + dense.layers)
  }

  private static func node(_ number: Int) -> DescriptionNode { DescriptionNode(.number(Double(number))) }

  private static func embeddingSize(_ count: Int) -> Int {
    min(50, Int((1.6 * pow(Double(count), 0.56)).rounded(.up)))
  }
}
