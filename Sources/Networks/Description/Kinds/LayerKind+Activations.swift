import DescentTensors

extension LayerKind {
  static let activations =
    Activation.all.map(kind(of:)) + [
      LayerKind("prelu") { fields, place in
        let perChannel = try fields.flag("per-channel", false)
        return PReLU(
          channels: perChannel ? try place.channels(fields) : 1, slope: try fields.number("slope", 0.25),
          type: place.type)
      },
      LayerKind("rrelu") { fields, _ in
        RReLU(lower: try fields.number("lower", 1.0 / 8), upper: try fields.number("upper", 1.0 / 3))
      },
    ]

  private static func kind(of activation: Activation) -> LayerKind {
    LayerKind(activation.name) { fields, _ in
      var numbers: [Double] = []
      for (name, value) in activation.numbers { numbers.append(try fields.number(name.rawValue, value)) }
      var found = activation.with(numbers)
      if case .maxout(let pieces) = activation { found = .maxout(pieces: try fields.count("pieces", pieces)) }
      if let problem = found.problem { throw fields.problem(problem) }
      return found
    }
  }

  /// An activation's layer of a description, with its numbers.
  static func node(of activation: Activation) -> DescriptionNode {
    var fields: [DescriptionNode.Field] = [.init("layer", DescriptionNode(.text(activation.name)))]
    for (name, value) in activation.numbers { fields.append(.init(name.rawValue, DescriptionNode(.number(value)))) }
    if case .maxout(let pieces) = activation {
      fields.append(.init("pieces", DescriptionNode(.number(Double(pieces)))))
    }
    return DescriptionNode(.fields(fields))
  }
}
