import DescentNetworks

/// What a sample's numbers go through before the network's first layer: layers that are fitted on the data to learn from,
/// or follow a rule, and are not learnt.
///
/// | word | layer |
/// |---|---|
/// | `powers=2` | all products of the numbers up to a degree (``Powers``) |
/// | `sines=2` | the numbers, their sines, and those of their multiples (``Sines``) |
/// | `unit-length` | each sample divided by its length (``UnitNorm``) |
/// | `pca=10` | the first principal components (``PrincipalComponents``) |
/// | `pca-whitening=10` | the same, each of variance 1 |
/// | `zca-whitening` | uncorrelated, of variance 1, and as near to the numbers as can be |
///
/// Of a table they see the quantities: scaled numbers, one-hot inputs, and the cycles of dates; codes for embeddings, texts
/// and files go past them.
public struct InputSteps: Sendable, Equatable, CustomStringConvertible {
  /// A word that is no step.
  public struct Problem: Error, CustomStringConvertible {
    /// What is wrong, in a sentence.
    public let description: String
  }

  fileprivate enum Step: Equatable {
    case powers(Int)
    case sines(Int)
    case unitLength
    case components(Int?, form: String)
  }

  private let steps: [Step]
  /// The words, as ``init(words:)`` takes them.
  public let description: String

  /// What each word may be, in a sentence.
  public static let words = """
    powers=2 (all products up to a degree, at most 8), sines=2 (sines of so many multiples, at most 64), unit-length \
    (each sample divided by its length), pca=10 (the first principal components; all without a number), \
    pca-whitening=10 (each of variance 1 as well), zca-whitening
    """

  /// The steps that these words name: `powers=2,pca=10`.
  ///
  /// - Throws: ``Problem`` for a word that is none, or a number that it does not take.
  public init(words: String) throws(Problem) {
    var steps: [Step] = []
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let number = parts.count > 1 ? Int(parts[1]) : nil
      guard parts.count == 1 || number.map({ $0 > 0 }) == true else {
        throw Problem(description: "'\(word)' needs a whole number above 0 behind '='")
      }
      switch (parts[0], number) {
      case ("powers", let degree) where (1...8).contains(degree ?? 2): steps.append(.powers(degree ?? 2))
      case ("sines", let count) where (1...64).contains(count ?? 1): steps.append(.sines(count ?? 1))
      case ("unit-length", nil): steps.append(.unitLength)
      case ("pca", let count): steps.append(.components(count, form: "components"))
      case ("pca-whitening", let count): steps.append(.components(count, form: "whitened"))
      case ("zca-whitening", nil): steps.append(.components(nil, form: "zero-phase"))
      default: throw Problem(description: "'\(word)' is none of \(Self.words)")
      }
    }
    (self.steps, description) = (steps, words)
  }

  /// Whether a sample keeps its shape, so that a picture stays one.
  public var keepShape: Bool {
    steps.allSatisfy { step in
      switch step {
      case .unitLength: true
      case .components(_, let form): form == "zero-phase"
      case .powers, .sines: false
      }
    }
  }

  /// How many numbers a sample of so many has behind them.
  public func width(of features: Int) -> Int { steps.reduce(features) { $1.width(of: $0) } }

  /// The layers for samples of a shape, which they keep or make one axis of.
  func layers(for shape: [Int]) -> [DescriptionNode] {
    var layers: [DescriptionNode] = shape.count > 1 ? [["layer": "flatten"]] : []
    var width = shape.reduce(1, *)
    for step in steps {
      layers.append(step.layer(of: width))
      width = step.width(of: width)
    }
    if shape.count > 1, keepShape { layers.append(["layer": "reshape", "shape": .list(shape)]) }
    return layers
  }

  /// Why samples of so many numbers cannot go through them; nil where they can.
  public func objection(features: Int) -> String? {
    var width = features
    for step in steps {
      if let objection = step.objection(features: width) { return objection }
      width = step.width(of: width)
      if width > 1 << 16 { return "a sample would have \(width) numbers, and \(1 << 16) is the most" }
    }
    return nil
  }
}

extension InputSteps.Step {
  /// How many numbers it makes of so many.
  fileprivate func width(of features: Int) -> Int {
    switch self {
    case .powers(let degree): Powers.count(degree, features: features)
    case .sines(let count): features * (count + 1)
    case .components(let count, _): min(count ?? features, features)
    case .unitLength: features
    }
  }

  /// Its layer for so many numbers.
  fileprivate func layer(of features: Int) -> DescriptionNode {
    switch self {
    case .powers(let degree): ["layer": "powers", "degree": .number(degree)]
    case .sines(let count): ["layer": "sines", "count": .number(count)]
    case .unitLength: ["layer": "unit-norm"]
    case .components(_, let form):
      ["layer": "principal-components", "outputs": .number(width(of: features)), "form": .text(form)]
    }
  }

  /// Why it takes no samples of so many numbers; nil where it does.
  fileprivate func objection(features: Int) -> String? {
    switch self {
    case .components(let count, _):
      let most = PrincipalComponents.mostFeatures
      if features > most {
        return "principal components are of \(most) numbers at most, and these are \(features)"
      }
      guard let count, count > features else { return nil }
      return "\(count) principal components of \(features) numbers; there are no more than \(features)"
    case .powers(let degree):
      return width(of: features) > 1 << 16 ? "\(features) numbers have too many products of degree \(degree)" : nil
    case .sines, .unitLength: return nil
    }
  }
}

extension TrainingSettings {
  /// The steps that ``inputSteps`` names.
  var steps: InputSteps? { inputSteps.flatMap { try? InputSteps(words: $0) } }
}
