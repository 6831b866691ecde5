import DescentTensors

/// Numbers that a network learns: a small reference that owns the current tensor.
///
/// Copying a network shares its parameters. Inside `compile { }` reading ``value`` gives what the parameter will hold
/// when the step runs, and assigning it stores the result of the step, in place where nobody else holds the old numbers.
public struct Parameter: Sendable {
  package let variable: Variable

  /// A parameter that starts with the tensor's numbers.
  public init(_ value: Tensor) { variable = Variable(value) }

  /// The tensor that the parameter holds now.
  public var value: Tensor {
    get { variable.value }
    nonmutating set { variable.value = newValue }
  }

  /// The extents of its axes, which never change.
  public var shape: Shape { variable.signature.shape }
}

/// Numbers that a network keeps and saves but does not learn, such as running statistics.
public struct State: Sendable {
  package let variable: Variable

  /// A state that starts with the tensor's numbers.
  public init(_ value: Tensor) { variable = Variable(value) }

  /// The tensor that the state holds now.
  public var value: Tensor {
    get { variable.value }
    nonmutating set { variable.value = newValue }
  }
}

extension Tensor {
  /// What a product gave, and a bias in the same type: under ``Precision/bfloat16`` the sum is of bfloat16, too.
  func adding(_ bias: Parameter) -> Tensor { self + bias.value.cast(to: type) }
}

/// Gradients of a scalar with respect to parameters: see `gradients(of:with:)` for tensors.
public func gradients(
  of loss: Tensor, with parameters: [Parameter], file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  gradients(of: loss, with: parameters.map(\.value), file: file, line: line)
}
