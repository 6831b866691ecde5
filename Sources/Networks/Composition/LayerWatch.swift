import DescentTensors
import Synchronization

/// Takes down what the layers of a network give while it is called.
///
///     let (output, layers) = LayerWatch.outputs { network(input) }
///     layers["features.3"]
///
/// Layers are named by the path that leads to them, as parameters are: through the names of a ``Sequential`` or a
/// ``Graph``, `body` and `shortcut` of a ``Residual``, `layer` of what wraps one, and those of the parts of a ready network. A layer that is called several times leaves its last output.
public final class LayerWatch: Sendable {
  private struct State {
    var path: [String] = []
    var names: [String] = []
    var outputs: [String: Tensor] = [:]
  }

  @TaskLocal private static var current: LayerWatch?

  private let state = Mutex(State())

  private init() {}

  /// The result of the calls in the body, and what each layer gave, in the order in which they ended.
  public static func outputs<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, layers: [(name: String, output: Tensor)]) {
    let watch = LayerWatch()
    let result = try $current.withValue(watch) { try body() }
    return (result, watch.state.withLock { state in state.names.map { ($0, state.outputs[$0] ?? Tensor(0)) } })
  }

  /// Calls a part of a network under its name.
  static func output(of name: String, _ call: () -> Tensor) -> Tensor {
    guard let current else { return call() }
    current.state.withLock { $0.path.append(name) }
    let output = call()
    current.state.withLock { state in
      let path = state.path.joined(separator: ".")
      state.path.removeLast()
      if state.outputs.updateValue(output, forKey: path) == nil { state.names.append(path) }
    }
    return output
  }
}

extension Module {
  /// What the layer gives, taken down under this name.
  func callAsFunction(_ input: Tensor, named name: String) -> Tensor { LayerWatch.output(of: name) { self(input) } }
}
