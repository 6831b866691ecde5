import DescentTensors

/// What large weights cost: λ₁·Σ|w| + λ₂·Σw², to be added to the loss.
///
/// λ₂ has no factor ½, as in Keras's `regularizers`; its gradient 2·λ₂·w makes a plain descent step that of PyTorch's
/// `weight_decay` 2·λ₂. Elastic: both at once (Zou and Hastie, "Regularization and variable selection via the elastic
/// net", 2005).
public struct Penalty: Sendable, Hashable {
  /// λ₁, the cost of Σ|w|.
  public let l1: Double
  /// λ₂, the cost of Σw².
  public let l2: Double

  /// λ₁·Σ|w| + λ₂·Σw².
  public static func elastic(
    l1: Double, l2: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Penalty {
    check(
      l1 >= 0 && l1.isFinite && l2 >= 0 && l2.isFinite, "Penalty(l1: \(l1), l2: \(l2)): both must be 0 or more",
      file: file, line: line)
    return Penalty(l1: l1, l2: l2)
  }

  /// λ·Σ|w|, which makes weights zero.
  public static func l1(_ factor: Double, file: StaticString = #fileID, line: UInt = #line) -> Penalty {
    elastic(l1: factor, l2: 0, file: file, line: line)
  }

  /// λ·Σw², which keeps weights small.
  public static func l2(_ factor: Double, file: StaticString = #fileID, line: UInt = #line) -> Penalty {
    elastic(l1: 0, l2: factor, file: file, line: line)
  }

  private init(l1: Double, l2: Double) {
    self.l1 = l1
    self.l2 = l2
  }

  /// The cost of a network's weights, a scalar: of the trained parameters whose name's last part is `weight` or starts
  /// with `weight_`, which leaves out biases.
  public func callAsFunction(_ network: some Module) -> Tensor {
    self(network.variables.filter { $0.isTrained && Self.isWeight($0.name) }.map(\.value))
  }

  /// The cost of all these tensors' elements, a scalar of their type; float32 where there are none.
  public func callAsFunction(_ weights: [Tensor]) -> Tensor {
    var cost: Tensor?
    for weight in weights where l1 > 0 || l2 > 0 {
      for term in [l1 > 0 ? weight.absolute().sum() * l1 : nil, l2 > 0 ? weight.squared().sum() * l2 : nil] {
        if let term { cost = cost.map { $0 + term } ?? term }
      }
    }
    return cost ?? Tensor(0, type: weights.first?.type ?? .float32)
  }

  private static func isWeight(_ name: String) -> Bool {
    let last = name.split(separator: ".").last ?? ""
    return last == "weight" || last.hasPrefix("weight_")
  }
}
