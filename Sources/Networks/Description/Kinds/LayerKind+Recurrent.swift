import DescentTensors

extension LayerKind {
  static let recurrent = [
    LayerKind("rnn") { fields, place in
      let sizes = try RecurrentSizes(fields, place)
      return RNN(
        sizes.inputs, sizes.hidden, layers: sizes.layers, rectified: try fields.rectified(), bias: sizes.bias,
        dropout: sizes.dropout, bidirectional: sizes.bidirectional, output: sizes.output, type: place.type)
    },
    LayerKind("lstm") { fields, place in
      let sizes = try RecurrentSizes(fields, place)
      return LSTM(
        sizes.inputs, sizes.hidden, layers: sizes.layers, bias: sizes.bias, dropout: sizes.dropout,
        bidirectional: sizes.bidirectional, output: sizes.output, type: place.type)
    },
    LayerKind("gru") { fields, place in
      let sizes = try RecurrentSizes(fields, place)
      return GRU(
        sizes.inputs, sizes.hidden, layers: sizes.layers, bias: sizes.bias, dropout: sizes.dropout,
        bidirectional: sizes.bidirectional, output: sizes.output, type: place.type)
    },
    LayerKind("rnn-cell", inputs: 1...2) { fields, place in
      let (inputs, hidden) = try cellSizes(fields, place)
      let cell = RNNCell(
        inputs, hidden, rectified: try fields.rectified(), bias: try fields.flag("bias", true), type: place.type)
      return LayerPart(cell) { cell($0[0], state: $0.dropFirst().first) }
    },
    LayerKind("lstm-cell", inputs: 1...3) { fields, place in
      let (inputs, hidden) = try cellSizes(fields, place)
      let cell = LSTMCell(inputs, hidden, bias: try fields.flag("bias", true), type: place.type)
      return LayerPart(cell) { inputs in
        let none = Tensor.zeros([inputs[0].shape[0], hidden], type: inputs[0].type)
        let state = inputs.count == 1 ? nil : (hidden: inputs[1], cell: inputs.count == 3 ? inputs[2] : none)
        return cell(inputs[0], state: state).hidden
      }
    },
    LayerKind("gru-cell", inputs: 1...2) { fields, place in
      let (inputs, hidden) = try cellSizes(fields, place)
      let cell = GRUCell(inputs, hidden, bias: try fields.flag("bias", true), type: place.type)
      return LayerPart(cell) { cell($0[0], state: $0.dropFirst().first) }
    },
  ]

  /// The sizes of a cell, whose inputs are a step and, if they are given, the states before it.
  private static func cellSizes(
    _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> (inputs: Int, hidden: Int) {
    let hidden = try fields.count("hidden", to: 1 << 14)
    let inputs = try place.features(fields)
    guard place.inputs[0].shape.count == 2, place.inputs.dropFirst().allSatisfy({ $0.shape == [1, hidden] }) else {
      let got = place.inputs.map { "\($0.shape.dropFirst())" }.joined(separator: ", ")
      throw fields.problem("\(fields.kind) expects [features] and states of [\(hidden)], gets \(got)")
    }
    return (inputs, hidden)
  }
}

extension LayerFields {
  fileprivate func rectified() throws(NetworkDescriptionError) -> Bool {
    try choice("activation", ["tanh": false, "relu": true], "tanh")
  }
}

/// What all recurrent layers have.
private struct RecurrentSizes {
  let inputs, hidden, layers: Int
  let bias, bidirectional: Bool
  let dropout: Double
  let output: RecurrentOutput

  /// A layer is written out step by step: beyond these its graph would be too large.
  private static let (mostSteps, mostLayers) = (2048, 16)

  init(_ fields: LayerFields, _ place: LayerPlace) throws(NetworkDescriptionError) {
    hidden = try fields.count("hidden", to: 1 << 14)
    layers = try fields.count("layers", 1, to: Self.mostLayers)
    bidirectional = try fields.flag("bidirectional", false)
    output = try fields.choice("output", ["sequence": RecurrentOutput.sequence, "last": .last], "sequence")
    dropout = try fields.probability("dropout", 0)
    bias = try fields.flag("bias", true)
    inputs = try place.features(fields)
    guard place.shape.count == 3, place.shape[1] <= Self.mostSteps else {
      throw fields.problem(
        "\(fields.kind) expects [time, features] with \(Self.mostSteps) steps at most, gets \(place.shape.dropFirst())")
    }
  }
}
