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

  private enum Step: Equatable {
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
  public func width(of features: Int) -> Int {
    steps.reduce(features) { width, step in
      switch step {
      case .powers(let degree): Powers.count(degree, features: width)
      case .sines(let count): width * (count + 1)
      case .components(let count, _): min(count ?? width, width)
      case .unitLength: width
      }
    }
  }

  /// The layers for samples of a shape, which they keep or make one axis of.
  func layers(for shape: [Int]) -> [DescriptionNode] {
    var layers: [DescriptionNode] = shape.count > 1 ? [["layer": "flatten"]] : []
    var width = shape.reduce(1, *)
    for step in steps {
      switch step {
      case .powers(let degree):
        layers.append(["layer": "powers", "degree": Self.number(degree)])
        width = Powers.count(degree, features: width)
      case .sines(let count):
        layers.append(["layer": "sines", "count": Self.number(count)])
        width *= count + 1
      case .unitLength: layers.append(["layer": "unit-norm"])
      case .components(let count, let form):
        width = min(count ?? width, width)
        layers.append([
          "layer": "principal-components", "outputs": Self.number(width), "form": DescriptionNode(.text(form)),
        ])
      }
    }
    if shape.count > 1, keepShape {
      layers.append(["layer": "reshape", "shape": DescriptionNode(.list(shape.map(Self.number)))])
    }
    return layers
  }

  /// Why samples of so many numbers cannot go through them; nil where they can.
  public func objection(features: Int) -> String? {
    var width = features
    for step in steps {
      if case .components = step, width > PrincipalComponents.mostFeatures {
        return "principal components are of \(PrincipalComponents.mostFeatures) numbers at most, and these are \(width)"
      }
      if case .components(let count?, _) = step, count > width {
        return "\(count) principal components of \(width) numbers; there are no more than \(width)"
      }
      if case .powers(let degree) = step, Powers.count(degree, features: width) > 1 << 16 {
        return "\(width) numbers have too many products of degree \(degree)"
      }
      width = InputSteps([step]).width(of: width)
      if width > 1 << 16 { return "a sample would have \(width) numbers, and \(1 << 16) is the most" }
    }
    return nil
  }

  private init(_ steps: [Step]) { (self.steps, description) = (steps, "") }

  private static func number(_ number: Int) -> DescriptionNode { DescriptionNode(.number(Double(number))) }
}

extension TrainingSettings {
  /// The steps that ``inputSteps`` names.
  var steps: InputSteps? { inputSteps.flatMap { try? InputSteps(words: $0) } }
}
