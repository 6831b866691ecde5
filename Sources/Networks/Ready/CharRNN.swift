import DescentTensors

/// A recurrent network that tells the next symbol of a sequence: an embedding, recurrent layers and a dense layer at every
/// step (Mikolov and others, "Recurrent neural network based language model", 2010; Graves, "Generating sequences with
/// recurrent neural networks", 2013).
///
///     let model = CharRNN(symbols: 27, hidden: 128)
///     let loss = Loss.crossEntropy(model(symbols), nextSymbols)
///
/// State names: `embedding.weight`, `rnn.weight_ih_l0`, …, `head.weight`, `head.bias`.
///
/// - Shapes: input `[batch, time]` of whole numbers → output `[batch, time, symbols]`, logits of the symbol behind each.
public struct CharRNN: Module, SequenceGenerator, NamedParts {
  /// What the recurrent layers are.
  public enum Cell: Sendable, Hashable, CaseIterable {
    /// ``RNN`` with tanh.
    case elman
    /// ``LSTM``.
    case lstm
    /// ``GRU``.
    case gru
  }

  /// A vector for each symbol.
  public let embedding: Embedding
  /// The recurrent layers.
  public let recurrent: any RecurrentLayer
  /// The dense layer at every step.
  public let head: Dense

  /// A network with fresh parameters.
  ///
  /// - Parameters:
  ///   - symbols: how many different ones there are.
  ///   - features: numbers in a symbol's vector; as many as hidden units where left out.
  ///   - hidden: units of each recurrent layer.
  ///   - layers: how many, one above the other.
  ///   - cell: what they are.
  ///   - dropout: the probability with which outputs are dropped between layers, in training.
  public init(
    symbols: Int, features: Int? = nil, hidden: Int, layers: Int = 1, cell: Cell = .lstm, dropout: Double = 0,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let features = features ?? hidden
    embedding = Embedding(symbols, features, type: type, file: file, line: line)
    recurrent =
      switch cell {
      case .elman: RNN(features, hidden, layers: layers, dropout: dropout, type: type, file: file, line: line)
      case .lstm: LSTM(features, hidden, layers: layers, dropout: dropout, type: type, file: file, line: line)
      case .gru: GRU(features, hidden, layers: layers, dropout: dropout, type: type, file: file, line: line)
      }
    head = Dense(hidden, symbols, type: type, file: file, line: line)
  }

  /// The logits of the symbol behind each.
  public func callAsFunction(_ input: Tensor) -> Tensor { run(input).output }

  /// The logits, and the state behind each sequence, from which the next part of a long text goes on.
  ///
  /// - Parameters:
  ///   - input: `[batch, time]` of whole numbers.
  ///   - initial: the state before, as ``RecurrentLayer/run(_:initial:mask:)`` takes it; zeros where left out.
  ///   - mask: bool `[batch, time]`, true where a sequence has a symbol.
  public func run(
    _ input: Tensor, initial: [Tensor]? = nil, mask: Tensor? = nil
  ) -> (output: Tensor, state: [Tensor]) {
    check(input.rank == 2, "CharRNN expects input [batch, time], got \(input.shape)")
    let embedded = embedding(input, named: "embedding")
    let result = recurrent.run(embedded, initial: initial, mask: mask)
    return (head(LayerWatch.output(of: "rnn") { result.output }), result.state)
  }

  /// Symbols that go on with a text, one by one.
  public func generate(
    _ count: Int, after prompt: [Int], temperature: Double = 1, until end: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Int] {
    checkPrompt(prompt, symbols: embedding.weight.shape[0], temperature, in: "CharRNN", file, line)
    var state: [Tensor]?
    // each symbol is read once: what came before is in the state
    var unread = prompt
    return extended(by: count, temperature: temperature, until: end) { symbol in
      if let symbol { unread = [symbol] }
      let result = run(Tensor(unread.map { Int64($0) }, shape: [1, unread.count]), initial: state)
      evaluate([result.output] + result.state)
      state = result.state
      return result.output.reals().suffix(embedding.weight.shape[0])
    }
  }

  /// The parts by their names.
  public var namedParts: [(name: String, part: Any)] {
    [("embedding", embedding), ("rnn", recurrent), ("head", head)]
  }
}
