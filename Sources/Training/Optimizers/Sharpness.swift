import DescentTensors

/// How far sharpness-aware steps look.
struct Sharpness: Sendable {
  let radius: Double

  /// ρ·g / ‖g‖ over all gradients together.
  func climbs(_ gradients: [Tensor]) -> [Tensor] {
    guard let type = gradients.first?.type else { return [] }
    let squares = gradients.map { $0.squared().sum().cast(to: type) }
    let scale = radius / (squares.dropFirst().reduce(squares[0], +).sqrt() + 1e-12)
    return gradients.map { $0 * scale.cast(to: $0.type) }
  }
}

extension Optimizer {
  /// The optimizer, with the gradient taken at w + ρ·g / ‖g‖, where the loss is nearly the highest around w: it looks for
  /// minima that are flat (Foret and others, "Sharpness-aware minimization for efficiently improving generalization",
  /// 2021). A step computes the loss twice, and so needs it as a closure: ``minimize(over:file:line:loss:)``. Running
  /// statistics that the loss keeps move twice too; a ``Trainer`` keeps those of the first time.
  ///
  /// - Parameter radius: ρ, greater than 0.
  public func sharpnessAware(
    radius: Double = 0.05, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    check(
      radius > 0 && radius.isFinite, "Optimizer: the radius of sharpness must be above 0, got \(radius)", file: file,
      line: line)
    return with { $0.sharpness = Sharpness(radius: radius) }
  }
}
