import DescentNetworks
import DescentTensors
import Synchronization
import Testing

/// How the cases of one kind compare with the vectors that PyTorch made for them.
struct LayerComparison: Sendable {
  let references: References
  /// The first part of the vectors' names.
  let kind: String

  private func tensors(of row: LayerCase, _ part: String) -> [(name: String, tensor: Tensor)] {
    references.all(under: "\(kind)/\(row.name)/\(part)")
  }

  private func inputs(of row: LayerCase) -> [Tensor] { tensors(of: row, "input").map(\.tensor) }

  private func call(_ probe: LayerCase.Probe, _ row: LayerCase, _ inputs: [Tensor]) -> [Tensor] {
    (row.trains ? Mode.training : .inference) {
      probe.call(inputs) { references["\(kind)/\(row.name)/\($0)"] }
    }
  }

  /// Every row has a reference, and every reference a row.
  func expectSameCases(_ rows: [LayerCase]) {
    #expect(Set(rows.map(\.name)) == references.cases(of: kind, having: "output"))
    #expect(Set(rows.map(\.name)).count == rows.count)
  }

  /// Outputs, gradients and what a call leaves behind are PyTorch's.
  func expectSameNumbers(_ row: LayerCase) throws {
    let probe = row.make(.float32)
    try probe.load(tensors(of: row, "state"))
    let inputs = inputs(of: row)
    let outputs = call(probe, row, inputs)
    let upstream = Tensor(
      (0..<outputs[0].elementCount).map { 0.5 + Float($0) / Float(outputs[0].elementCount - 1) },
      shape: outputs[0].shape)
    let slopes = tensors(of: row, "slope")
    #expect(slopes.map(\.name) == inputs.indices.filter { inputs[$0].type.isFloatingPoint }.map(String.init))
    let moving = slopes.compactMap { slope in Int(slope.name).map { inputs[$0] } }
    let trained = probe.variables.filter(\.isTrained)
    let found = gradients(of: outputs[0], with: moving + trained.map(\.value), resultGradient: upstream)
    evaluate(found + outputs)
    expectClose(outputs[0], try references("\(kind)/\(row.name)/output"), "output")
    for (slope, wanted) in zip(found, slopes) { expectClose(slope, wanted.tensor, "slope of input \(wanted.name)") }
    for (slope, variable) in zip(found.dropFirst(moving.count), trained) {
      expectClose(slope, try references("\(kind)/\(row.name)/gradient/\(variable.name)"), variable.name)
    }
    for (name, tensor) in tensors(of: row, "later") {
      let variable = try #require(probe.variables.first { $0.name == name })
      expectClose(variable.value, tensor, name)
    }
    #expect(outputs.count - 1 == tensors(of: row, "last").count)
    for (state, wanted) in zip(outputs.dropFirst(), tensors(of: row, "last")) {
      expectClose(state, wanted.tensor, "last state \(wanted.name)")
    }
  }

  /// A compiled step computes and stores the same, and is traced once.
  func expectSameCompiled(_ row: LayerCase) throws {
    let (eager, compiled) = (row.make(.float32), row.make(.float32))
    for probe in [eager, compiled] { try probe.load(tensors(of: row, "state")) }
    let inputs = inputs(of: row)
    let (references, kind) = (references, kind)
    let traces = Atomic(0)
    let step = compile { inputs in
      traces.add(1, ordering: .relaxed)
      return compiled.call(inputs) { references["\(kind)/\(row.name)/\($0)"] }
    }
    for _ in 0..<3 {
      let wanted = call(eager, row, inputs)
      let found = (row.trains ? Mode.training : .inference) { step(inputs) }
      for (output, wanted) in zip(found, wanted) { expectClose(output, wanted, relative: 1e-5, "compiled") }
    }
    #expect(traces.load(ordering: .relaxed) == 1)
    for (variable, wanted) in zip(compiled.variables, eager.variables) {
      expectClose(variable.value, wanted.value, relative: 1e-5, variable.name)
    }
  }

  /// Gradients are those by differences in float64.
  ///
  /// - Parameters:
  ///   - skipped: whether a case's slope is not what its values say, by design.
  ///   - jointly: whether all tensors move at once, which takes few evaluations of a network of many.
  func expectRightGradients(_ row: LayerCase, skipped: Bool = false, jointly: Bool = false) throws {
    // what moves as it trains is checked where it rests
    let row = row.isSteady ? row : LayerCase(row.name, trains: false, make: row.make)
    let probe = row.make(.float64)
    let trained = probe.variables.filter(\.isTrained)
    let inputs = inputs(of: row)
    let moving = inputs.indices.filter { inputs[$0].type.isFloatingPoint }
    let parameters = trained.enumerated().map { normals($1.value.shape, seed: UInt64($0 + 1), scale: 0.5) }
    let points = moving.map { inputs[$0].cast(to: .float64) } + parameters
    guard !points.isEmpty, !skipped else { return }
    // Along random directions, one for each tensor, three times: a wrong element shows in all of them. A network has many
    // edges, such as the corner of each rectified unit, and a short step meets none.
    let step = jointly ? 1e-5 : 1e-4
    for turn in 0..<3 {
      let directions = points.enumerated().map { normals($1.shape, seed: UInt64(100 * turn + $0 + 50)) }
      let mismatches = gradientCheck(
        of: { steps in
          let moved = points.indices.map { points[$0] + steps[jointly ? 0 : $0] * directions[$0] }
          var given = inputs
          for (place, input) in moving.enumerated() { given[input] = moved[place] }
          for (variable, value) in zip(trained, moved.dropFirst(moving.count)) { variable.value = value }
          return call(probe, row, given)[0]
        }, at: points.prefix(jointly ? 1 : points.count).map { _ in Tensor(0.0) }, step: step)
      #expect(mismatches == [])
    }
  }
}
