import DescentTensors

/// What the numbers of weights cost, to be added to the loss; `+` adds penalties.
public struct Penalty: Sendable, Hashable {
  /// Which vectors of a matrix an orthogonal penalty compares.
  public enum Vectors: Sendable, Hashable, CaseIterable {
    /// The weights of each output: rows of `[outputs, inputs]`.
    case rows
    /// The weights of each input.
    case columns
  }

  fileprivate enum Term: Sendable, Hashable {
    case l1, l2
    case orthogonal(Vectors)
    case orthonormal(Vectors)
  }

  private struct Cost: Sendable, Hashable {
    let term: Term
    let factor: Double
  }

  private let costs: [Cost]

  /// λ₁·Σ|w| + λ₂·Σw², elastic: both at once (Zou and Hastie, "Regularization and variable selection via the elastic net",
  /// 2005). Keras: `L1L2`.
  ///
  /// λ₂ has no factor ½, as in Keras's `regularizers`; its gradient 2·λ₂·w makes a plain descent step that of PyTorch's
  /// `weight_decay` 2·λ₂.
  public static func elastic(
    l1: Double, l2: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Penalty {
    Penalty([Cost(term: .l1, factor: l1), Cost(term: .l2, factor: l2)], file, line)
  }

  /// λ·Σ|w|, which makes weights zero.
  public static func l1(_ factor: Double, file: StaticString = #fileID, line: UInt = #line) -> Penalty {
    Penalty([Cost(term: .l1, factor: factor)], file, line)
  }

  /// λ·Σw², which keeps weights small.
  public static func l2(_ factor: Double, file: StaticString = #fileID, line: UInt = #line) -> Penalty {
    Penalty([Cost(term: .l2, factor: factor)], file, line)
  }

  /// λ times the mean of |cos| of the angle between two vectors of a matrix, over all pairs: λ·½·Σ|V·Vᵀ − I| ÷ (n·(n − 1)/2),
  /// where V holds the n vectors, each divided by its length (10⁻⁷ at the least). Their lengths are free. Keras:
  /// `OrthogonalRegularizer`.
  ///
  /// - Shapes: weights `[rows, ...]`, where all axes but the first count as one; what has fewer than two axes costs
  ///   nothing.
  public static func orthogonal(
    _ factor: Double, _ vectors: Vectors = .rows, file: StaticString = #fileID, line: UInt = #line
  ) -> Penalty {
    Penalty([Cost(term: .orthogonal(vectors), factor: factor)], file, line)
  }

  /// λ·Σ(W·Wᵀ − I)², of the columns λ·Σ(Wᵀ·W − I)²: vectors shall be orthogonal and of length 1 (Bansal, Chen and Wang, "Can
  /// we gain more from orthogonality regularizations in training deep networks?", 2018, "soft orthogonality").
  ///
  /// - Shapes: as ``orthogonal(_:_:file:line:)``.
  public static func orthonormal(
    _ factor: Double, _ vectors: Vectors = .rows, file: StaticString = #fileID, line: UInt = #line
  ) -> Penalty {
    Penalty([Cost(term: .orthonormal(vectors), factor: factor)], file, line)
  }

  /// What both cost.
  public static func + (left: Penalty, right: Penalty) -> Penalty { Penalty(left.costs + right.costs) }

  private init(_ costs: [Cost]) { self.costs = costs }

  private init(_ costs: [Cost], _ file: StaticString, _ line: UInt) {
    for cost in costs {
      check(
        cost.factor >= 0 && cost.factor.isFinite,
        "Penalty: the factor of \(cost.term) must be 0 or more, got \(cost.factor)", file: file, line: line)
    }
    self.init(costs.filter { $0.factor > 0 })
  }

  /// The cost of a network's weights, a scalar: of the trained parameters whose name's last part is `weight`, starts
  /// with `weight_` or ends in `_weight`: that leaves out biases, and takes in the scales of normalising layers.
  public func callAsFunction(_ network: some Module) -> Tensor {
    self(network.variables.filter { $0.isTrained && Self.isWeight($0.name) }.map(\.value))
  }

  /// The cost of all these tensors' elements, a scalar of their type; float32 where there are none.
  public func callAsFunction(_ weights: [Tensor]) -> Tensor {
    var sum: Tensor?
    for weight in weights {
      for cost in costs {
        guard let value = cost.term.value(of: weight) else { continue }
        sum = sum.map { $0 + value * cost.factor } ?? value * cost.factor
      }
    }
    return sum ?? Tensor(0, type: weights.first?.type ?? .float32)
  }

  private static func isWeight(_ name: String) -> Bool {
    let last = name.split(separator: ".").last ?? ""
    return last == "weight" || last.hasPrefix("weight_") || last.hasSuffix("_weight")
  }
}

extension Penalty.Term {
  /// The cost without its factor; nil where this is nothing for such weights.
  fileprivate func value(of weight: Tensor) -> Tensor? {
    switch self {
    case .l1: weight.absolute().sum()
    case .l2: weight.squared().sum()
    case .orthogonal(let vectors): Self.meanCosine(weight, vectors)
    case .orthonormal(let vectors):
      Self.vectors(weight, vectors).map { vectors in
        (vectors.matmul(vectors, transposingOther: true) - Self.identity(vectors)).squared().sum()
      }
    }
  }

  private static func meanCosine(_ weight: Tensor, _ vectors: Penalty.Vectors) -> Tensor? {
    guard let vectors = Self.vectors(weight, vectors), vectors.shape[0] > 1 else { return nil }
    // the bound is inside the root, whose slope at 0 has no end
    let lengths = vectors.squared().sum(axes: [1], keepsAxes: true).maximum(1e-14).sqrt()
    let units = vectors / lengths
    let cosines = units.matmul(units, transposingOther: true) * (1 - identity(vectors))
    let count = Double(vectors.shape[0])
    return cosines.absolute().sum() * (1 / (count * (count - 1)))
  }

  /// The vectors to compare, one a row; nil where there is no matrix.
  private static func vectors(_ weight: Tensor, _ vectors: Penalty.Vectors) -> Tensor? {
    guard weight.rank > 1, weight.elementCount > 0 else { return nil }
    let matrix = weight.flattened(from: 1)
    return vectors == .rows ? matrix : matrix.transposed()
  }

  private static func identity(_ vectors: Tensor) -> Tensor {
    Tensor.range(vectors.shape[0]).oneHot(count: vectors.shape[0], type: vectors.type)
  }
}
