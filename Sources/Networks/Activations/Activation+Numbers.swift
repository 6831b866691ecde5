extension Activation {
  /// A number that an activation takes, under the name that files give it.
  enum NumberName: String, CodingKey { case slope, alpha, beta, threshold, b, min, max }

  /// The numbers that it takes, in order; `pieces`, which is a whole number, is not among them.
  var numbers: [(name: NumberName, value: Double)] {
    switch self {
    case .linear(let slope), .leakyReLU(let slope): [(.slope, slope)]
    case .elu(let alpha), .celu(let alpha): [(.alpha, alpha)]
    case .softplus(let beta): [(.beta, beta)]
    case .thresholdedReLU(let threshold), .hardShrink(let threshold), .softShrink(let threshold):
      [(.threshold, threshold)]
    case .squareplus(let b): [(.b, b)]
    case .hardTanh(let low, let high): [(.min, low), (.max, high)]
    default: []
    }
  }

  /// The same kind with other numbers, as many as ``numbers`` has.
  func with(_ numbers: [Double]) -> Activation {
    switch self {
    case .linear: .linear(slope: numbers[0])
    case .leakyReLU: .leakyReLU(slope: numbers[0])
    case .elu: .elu(alpha: numbers[0])
    case .celu: .celu(alpha: numbers[0])
    case .softplus: .softplus(beta: numbers[0])
    case .thresholdedReLU: .thresholdedReLU(threshold: numbers[0])
    case .hardShrink: .hardShrink(threshold: numbers[0])
    case .softShrink: .softShrink(threshold: numbers[0])
    case .squareplus: .squareplus(b: numbers[0])
    case .hardTanh: .hardTanh(from: numbers[0], to: numbers[1])
    default: self
    }
  }

  /// Which number is out of its range, if one is.
  var problem: String? {
    for (name, value) in numbers where !value.isFinite { return "\(name.rawValue) must be finite, got \(value)" }
    return switch self {
    case .celu(let alpha) where alpha <= 0: "alpha must be above 0, got \(alpha)"
    case .softplus(let beta) where beta <= 0: "beta must be above 0, got \(beta)"
    case .squareplus(let b) where b <= 0: "b must be above 0, got \(b)"
    case .hardShrink(let threshold) where threshold < 0, .softShrink(let threshold) where threshold < 0:
      "threshold must be 0 or more, got \(threshold)"
    case .hardTanh(let low, let high) where low >= high: "min must be below max, got \(low) and \(high)"
    case .maxout(let pieces) where pieces < 1 || pieces > Int(Int32.max):
      "pieces must be from 1 to \(Int32.max), got \(pieces)"
    default: nil
    }
  }
}
