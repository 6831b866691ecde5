/// A value whose gradient is not that of its graph but the user's own.
struct CustomGradient: AliasOperation {
  /// From the inputs, the value and its gradient to the gradient of each input.
  typealias Rule = @Sendable (_ inputs: [Tensor], _ result: Tensor, _ resultGradient: Tensor) -> [Tensor?]

  /// A plan has no gradients left to take, so the rule is no attribute: equal values share a plan whatever their rules.
  let rule: Rule

  var name: String { "customGradient" }

  func result(of inputs: [Signature]) -> Signature { inputs[0] }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let gradients = rule(Array(inputs.dropFirst()), result, resultGradient)
    check(
      gradients.count == inputs.count - 1,
      "customGradient: the rule gave \(gradients.count) gradients for \(inputs.count - 1) inputs")
    for (input, gradient) in zip(inputs.dropFirst(), gradients) {
      check(
        gradient == nil || gradient?.signature == input.signature,
        "customGradient: the rule gave \(gradient?.signature.description ?? "") for an input \(input.signature)")
    }
    return [nil] + gradients
  }
}

extension Tensor {
  /// The value of a composed function, with a gradient rule of the user's own in place of the graph's.
  ///
  /// - Parameters:
  ///   - inputs: what the value is computed from.
  ///   - value: the function.
  ///   - gradient: from the inputs, the value and the gradient of the loss with respect to the value, the gradient with
  ///     respect to each input, nil where there is none.
  public static func withCustomGradient(
    of inputs: [Tensor], value: ([Tensor]) -> Tensor,
    gradient: @escaping @Sendable (_ inputs: [Tensor], _ result: Tensor, _ resultGradient: Tensor) -> [Tensor?]
  ) -> Tensor {
    // the rule runs in the types of the inputs, and so must the value
    applying(CustomGradient(rule: gradient), to: [Precision.float32 { value(inputs) }] + inputs)
  }
}
