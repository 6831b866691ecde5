import DescentTensors

/// Principal components of the inputs, or whitening by them: y = (x − μ) · Wᵀ, with μ and W fitted on data, not learnt.
///
/// With the sample covariance matrix C = V · diag(λ) · Vᵀ, the greatest variance λ first:
///
/// | form | W | y |
/// |---|---|---|
/// | `components` | the first rows of Vᵀ | coordinates along the directions of greatest variance (PCA) |
/// | `whitened` | the first rows of diag(1/√(λ + ε)) · Vᵀ | the same, each of variance 1 |
/// | `zeroPhase` | V · diag(1/√(λ + ε)) · Vᵀ | of variance 1 and uncorrelated, and as near to x as can be (ZCA) |
///
/// A direction in which the data do not vary is given 0. Until ``Module/fitFeatures(batches:_:)`` has been called, y is 0.
/// scikit-learn: `PCA`, with `whiten=True` for the second form. In a state file μ is `mean` and W `components`.
///
/// Source: K. Pearson, "On lines and planes of closest fit to systems of points in space", 1901; A. Bell and
/// T. Sejnowski, "The 'independent components' of natural scenes are edge filters", 1997 (zero-phase components).
///
/// - Shapes: input `[batch, ...]` of so many numbers a sample → output `[batch, outputs]`; `zeroPhase` keeps the shape.
public struct PrincipalComponents: Module {
  /// What becomes of the components.
  public enum Form: Sendable, Hashable {
    /// They are the output.
    case components
    /// Each is divided by its standard deviation.
    case whitened
    /// Whitened, and turned back into the inputs' own directions.
    case zeroPhase
  }

  /// The numbers of a sample.
  public let features: Int
  /// How many there are behind the layer.
  public let outputs: Int
  /// What becomes of the components.
  public let form: Form
  /// ε, in the square of the inputs' unit.
  public let epsilon: Double
  /// μ: `[features]`.
  public let mean: State
  /// W: `[outputs, features]`.
  public let components: State

  /// The most numbers of a sample: the covariance matrix is held whole.
  public static let mostFeatures = 4096

  /// A layer that has yet to be fitted.
  ///
  /// - Parameter outputs: how many components are kept, the first ones; all where it is left out.
  public init(
    _ features: Int, outputs: Int? = nil, form: Form = .components, epsilon: Double = 1e-5,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let outputs = outputs ?? features
    check(
      (1...Self.mostFeatures).contains(features) && (1...features).contains(outputs)
        && (form != .zeroPhase || outputs == features),
      "PrincipalComponents(\(features) → \(outputs)): needs 1 to \(Self.mostFeatures) features, and no more outputs; "
        + "zeroPhase as many",
      file: file, line: line)
    check(epsilon >= 0, "PrincipalComponents: ε must not be below 0, got \(epsilon)", file: file, line: line)
    (self.features, self.outputs, self.form, self.epsilon) = (features, outputs, form, epsilon)
    mean = State(.zeros([features], type: type))
    components = State(.zeros([outputs, features], type: type))
  }

  /// The components of each sample.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let count = input.shape.dropFirst().reduce(1, *)
    check(
      count == features,
      "PrincipalComponents(\(features) → \(outputs)) expects \(features) numbers a sample, got \(input.shape)")
    return input.inFloat32 { input in
      let rows = input.reshaped(to: [input.shape[0], features])
      FeatureFitting.current?.observe(self, rows)
      let (mean, components) = (mean.value.cast(to: input.type), components.value.cast(to: input.type))
      let made = (rows - mean).matmul(components, transposingOther: true)
      return form == .zeroPhase ? made.reshaped(to: input.shape) : made
    }
  }

  /// Takes mean and components from the covariance of data.
  func fit(_ covariance: Covariance) {
    let n = features
    let eigen = SymmetricEigen(covariance.matrix, size: n)
    // beyond, rounding alone makes a variance
    let least = (eigen.values.first ?? 0) * Double(Float.ulpOfOne)
    var weights = [Double](repeating: 0, count: outputs * n)
    for place in 0..<n where eigen.values[place] > least {
      let scale = form == .components ? 1 : 1 / (eigen.values[place] + epsilon).squareRoot()
      let vector = eigen.vectors[place * n..<(place + 1) * n]
      if form == .zeroPhase {
        weights.withUnsafeMutableBufferPointer { weights in
          vector.withUnsafeBufferPointer { vector in
            for row in 0..<n {
              let left = vector[row] * scale
              // both halves alike to the last bit: the lower one follows
              for column in row..<n { weights[row * n + column] += left * vector[column] }
            }
          }
        }
      } else if place < outputs {
        for (column, number) in vector.enumerated() { weights[place * n + column] = scale * number }
      }
    }
    if form == .zeroPhase {
      for row in 0..<n { for column in 0..<row { weights[row * n + column] = weights[column * n + row] } }
    }
    let type = mean.value.type
    mean.value = Tensor(covariance.mean.map { Float($0) }).cast(to: type)
    components.value = Tensor(weights.map { Float($0) }, shape: [outputs, n]).cast(to: type)
  }
}
