import DescentNetworks
import DescentTensors
import Foundation
import Testing

/// What ready networks do beside computing what PyTorch computes: ReadyReferenceTests says that.
@Suite struct ReadyTests {
  // MARK: Dense

  @Test func mlpHasPyTorchsNames() {
    let names = { (network: MLP) in network.variables.map(\.name) }
    #expect(names(MLP([4, 3, 2])) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(
      names(MLP([4, 3, 2], normalization: .batch, dropout: 0.5)) == [
        "0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "4.weight",
        "4.bias",
      ])
    #expect(names(MLP([4, 3, 2], normalization: .layer)).contains("1.weight"))
  }

  @Test func mlpMakesRoomForWhatActivationsTake() {
    let network = MLP([4, 3, 2], activation: .maxout(pieces: 3), output: .glu)
    #expect(network.parameters.map(\.shape) == [[9, 4], [9], [4, 3], [4]])
    #expect(network(.zeros([5, 4])).shape == [5, 2])
    let normed = MLP([4, 3, 2], activation: .swiGLU, normalization: .batch)
    #expect(normed(.zeros([5, 4])).shape == [5, 2])
  }

  // MARK: Pictures

  @Test func leNetHasTheFieldsSize() {
    // 6·25 + 6, 16·6·25 + 16, 120·400 + 120, 84·120 + 84, 10·84 + 10
    for style in LeNet.Style.allCases { #expect(LeNet(style: style).parameterCount == 61_706) }
    let wide = LeNet(classes: 7, channels: 3, height: 32, width: 20)
    #expect(wide(.zeros([2, 3, 32, 20])).shape == [2, 7])
    #expect(wide.variables.map(\.name).prefix(4) == ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"])
  }

  @Test func statesAreTorchvisions() throws { try Self.expectTorchvisionsState("resnet18", ResNet.resNet18()) }

  /// Tests/References/torchvision_names.py wrote the names.
  static func expectTorchvisionsState(_ name: String, _ network: ResNet) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("References")
    let text = try String(contentsOf: folder.appendingPathComponent("torchvision.txt"), encoding: .utf8)
    let wanted = text.split(separator: "\n").filter { $0.hasPrefix("\(name) ") }
    #expect(wanted.count > 100)
    let own = network.variables.map { variable in
      let shape = variable.value.shape.map { "\($0)" }.joined(separator: "×")
      return "\(name) \(variable.name)" + (shape.isEmpty ? "" : " \(shape)")
    }
    #expect(own.sorted() == wanted.map { String($0) }.sorted())
  }

  @Test func cifarsTwentyLayersHaveThePapersSize() {
    // 0.27 million by the paper's table 6, its shortcuts without parameters; those of two 1×1 convolutions come on top
    let network = ResNet.cifar20()
    let shortcuts = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    #expect(network.parameterCount - shortcuts == 269_722)
    #expect(network.variables.count { $0.name.hasSuffix("weight") && $0.value.rank != 1 } == 20 + 2)
    #expect(network(.zeros([1, 3, 32, 32])).shape == [1, 10])
  }

  @Test func residualStartsAreHes() {
    let network = RandomSource.withSeed(5) { ResNet(blocks: [1], widths: [64], stem: .small, channels: 16, classes: 2) }
    let weights = network.parameters[0].value.reals()
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    // 2 / (64 · 9)
    #expect(abs(variance / (2.0 / 576) - 1) < 0.05)
  }

  // MARK: Sequences

  private static let generators: [any SequenceGenerator] = [
    CharRNN(symbols: 5, hidden: 6, layers: 2), CharRNN(symbols: 5, hidden: 6, cell: .gru),
    CharRNN(symbols: 5, hidden: 6, cell: .elman),
    TransformerLM(symbols: 5, context: 6, features: 4, heads: 2, layers: 2),
  ]

  private func generate(
    _ network: any SequenceGenerator, _ count: Int, after prompt: [Int], temperature: Double, until end: Int? = nil,
    seed: UInt64 = 0
  ) -> [Int] {
    RandomSource.withSeed(seed) {
      network.generate(count, after: prompt, temperature: temperature, until: end, file: #fileID, line: #line)
    }
  }

  /// A network whose scores are all far apart, so that there is no doubt about the greatest.
  private func sharpen(_ network: any SequenceGenerator) {
    for (index, parameter) in network.parameters.enumerated() {
      parameter.value = normals(parameter.shape, seed: UInt64(index)).cast(to: .float32)
    }
  }

  /// At temperature 0 every symbol is the likeliest behind all before it, in one go over the whole text.
  @Test(arguments: 0..<generators.count)
  func theLikeliestSymbolsFollow(row: Int) throws {
    let network = Self.generators[row]
    sharpen(network)
    let prompt = [3, 1]
    // no more than a transformer sees
    let text = prompt + generate(network, 4, after: prompt, temperature: 0)
    #expect(text.count == 6)
    let scores = network(Tensor(text.map { Int64($0) }, shape: [1, text.count])).reals()
    for place in prompt.count..<text.count {
      let own = Array(scores[(place - 1) * 5..<place * 5])
      #expect(text[place] == own.firstIndex(of: try #require(own.max())))
    }
  }

  /// Symbols come as often as softmax of the scores over the temperature says.
  @Test(arguments: [0.5, 1, 2])
  func temperatureShapesTheDistribution(temperature: Double) {
    let network = TransformerLM(symbols: 5, context: 1, features: 4, heads: 1, layers: 1)
    sharpen(network)
    let scores = network(Tensor([2 as Int64], shape: [1, 1])) * (0.2 / temperature)
    // the state is one symbol: what follows symbol 2 is counted
    network.head?.weight.value = (network.head?.weight.value ?? .zeros([])) * 0.2
    let wanted = scores.softmax().reals()
    let text = generate(network, 400, after: [2], temperature: temperature, seed: 7)
    let followers = zip([2] + text, text).filter { $0.0 == 2 }.map(\.1)
    #expect(followers.count > 20)
    for (symbol, share) in wanted.enumerated() {
      let (count, mean) = (Double(followers.count { $0 == symbol }), share * Double(followers.count))
      #expect(abs(count - mean) < 5 * (mean * (1 - share)).squareRoot() + 1, "symbol \(symbol)")
    }
  }

  @Test(arguments: 0..<generators.count)
  func theSameSeedTellsTheSameStory(row: Int) throws {
    let network = Self.generators[row]
    sharpen(network)
    // longer than a transformer sees
    let story = generate(network, 20, after: [0, 1, 2], temperature: 3, seed: 4)
    #expect(story == generate(network, 20, after: [0, 1, 2], temperature: 3, seed: 4))
    #expect(story != generate(network, 20, after: [0, 1, 2], temperature: 3, seed: 5))
    #expect(generate(network, 0, after: [0], temperature: 1) == [])
    // the end is the last symbol, at its first appearance
    let end = story[10]
    let first = try #require(story.firstIndex(of: end))
    #expect(
      generate(network, 20, after: [0, 1, 2], temperature: 3, until: end, seed: 4) == Array(story[...first]))
  }

  @Test func aTiedHeadHasNoWeightsOfItsOwn() {
    let tied = TransformerLM(symbols: 6, context: 5, features: 4, heads: 2, layers: 1, tiesHead: true)
    let apart = TransformerLM(symbols: 6, context: 5, features: 4, heads: 2, layers: 1)
    #expect(apart.parameterCount - tied.parameterCount == 24)
    #expect(!tied.variables.contains { $0.name.hasPrefix("head") })
  }

  // MARK: Autoencoders

  private static let autoencoders: [(any Autoencoding, input: Shape, code: Shape)] = [
    (Autoencoder([6, 5, 2]), [3, 6], [3, 2]),
    (DenoisingAutoencoder([6, 2], corruption: .masking(probability: 0.5)), [3, 6], [3, 2]),
    (ConvolutionalAutoencoder(channels: 1, widths: [4, 3]), [2, 1, 8, 12], [2, 3, 2, 3]),
    (VariationalAutoencoder([6, 5, 2]), [3, 6], [3, 2]),
  ]

  @Test(arguments: 0..<autoencoders.count)
  func codesAndWhatTheyStandFor(row: Int) {
    let (network, shape, codeShape) = Self.autoencoders[row]
    let input = normals(shape, seed: 1).cast(to: .float32)
    let code = network.encode(input)
    #expect(code.shape == codeShape)
    #expect(network.decode(code).reals() == network(input).reals())
    #expect(network(input).shape == shape)
    let names = Set(network.variables.map { $0.name.prefix { $0 != "." } })
    #expect(names.isSuperset(of: ["encoder", "decoder"]))
    let watched = LayerWatch.outputs { network(input) }.layers
    let middle = names.contains("mean") ? "mean" : "encoder"
    #expect(watched.first { $0.name == middle }?.output.reals() == code.reals())
  }

  @Test func noiseComesInTrainingOnly() {
    let input = normals([400, 50], seed: 1).cast(to: .float32)
    let added = DenoisingAutoencoder([50, 2], corruption: .gaussian(standardDeviation: 0.3))
    let masked = DenoisingAutoencoder([50, 2], corruption: .masking(probability: 0.25))
    for network in [added, masked] {
      #expect(network(input).reals() == network.autoencoder(input).reals())
      #expect(Mode.training { network(input) }.reals() != network.autoencoder(input).reals())
    }
    let noise = (added.corrupted(input) - input).reals()
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    #expect(abs(variance / 0.09 - 1) < 0.05)
    let left = zip(masked.corrupted(input).reals(), input.reals())
    let dropped = Double(left.count { $0.0 == 0 }) / Double(noise.count)
    #expect(abs(dropped - 0.25) < 0.02)
    // no scale makes up for what is dropped
    #expect(left.allSatisfy { $0 == 0 || $0 == $1 })
  }

  @Test func codesAreDrawnInTrainingOnly() {
    let network = VariationalAutoencoder([6, 5, 2])
    let input = normals([4, 6], seed: 1).sigmoid().cast(to: .float32)
    #expect(network(input).reals() == network.decode(network.encode(input)).reals())
    let draws = (0..<2).map { _ in Mode.training { network(input) }.reals() }
    #expect(draws[0] != draws[1])
    // μ + σ · ε
    let noise = Tensor.ones([4, 2])
    let output = network.run(input, noise: noise)
    let code = output.mean + (output.logVariance * 0.5).exp()
    expectClose(output.reconstruction, network.decode(code))
    expectClose(output.reconstruction, output.logits.sigmoid())
  }

  /// By hand: μ = (1, 0), σ² = (1, e): ½ · (1 + 0 + e − 1 − 1).
  @Test func divergenceFromTheNormalDistribution() {
    let divergence = klDivergence(
      mean: Tensor([1.0, 0], shape: [1, 2]), logVariance: Tensor([0.0, 1], shape: [1, 2]))
    expectClose(divergence, Tensor([(M_E - 1) / 2]), relative: 1e-12, absolute: 0)
  }

  // MARK: Mistakes

  @Test func networksNameWhatDoesNotFit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConvolutionalAutoencoder(channels: 1, widths: [2, 2])(.zeros([1, 1, 6, 8]))
    }
    #expect(message(result).contains("both extents multiples of 4, got [1, 1, 6, 8]"))
    await #expect(processExitsWith: .failure) { _ = MLP([4]) }
    await #expect(processExitsWith: .failure) { _ = MLP([4, 0]) }
    await #expect(processExitsWith: .failure) { _ = LeNet(height: 11) }
    await #expect(processExitsWith: .failure) { _ = LeNet()(.zeros([1, 1, 32, 32])) }
    await #expect(processExitsWith: .failure) { _ = ResNet(blocks: [1, 1], widths: [4], classes: 2) }
    await #expect(processExitsWith: .failure) { _ = VariationalAutoencoder([4, 2]) }
    await #expect(processExitsWith: .failure) {
      _ = DenoisingAutoencoder([4, 2], corruption: .masking(probability: 1.5))
    }
    await #expect(processExitsWith: .failure) { _ = CharRNN(symbols: 3, hidden: 2).generate(1, after: []) }
    await #expect(processExitsWith: .failure) { _ = CharRNN(symbols: 3, hidden: 2).generate(1, after: [3]) }
    await #expect(processExitsWith: .failure) {
      _ = TransformerLM(symbols: 3, context: 2, features: 2, heads: 1, layers: 1)(.zeros([1, 3], type: .int64))
    }
  }
}
