import DescentNetworks
import DescentTensors
import Testing

/// Networks whose products are computed in bfloat16.
@Suite struct PrecisionTests {
  /// The type that each kind of operation gives for float32, for bfloat16 and for both together.
  @Test func whatRunsInWhichType() {
    let single = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let half = single.cast(to: .bfloat16)
    let classes = Tensor([0, 1] as [Int64])
    let rows: [(name: String, function: (Tensor, Tensor) -> Tensor, single: ElementType, half: ElementType)] = [
      ("matmul", { $0.matmul($1) }, .bfloat16, .bfloat16),
      (
        "convolution",
        { x, w in
          x.reshaped(to: [1, 1, 4])
            .convolved(with: w.reshaped(to: [2, 1, 2]), windows: Windows(over: [4], kernel: [2]))
        }, .bfloat16, .bfloat16
      ),
      ("softmax", { x, _ in x.softmax() }, .float32, .float32),
      ("sum", { x, _ in x.sum() }, .float32, .float32),
      ("cross-entropy", { x, _ in x.softmaxCrossEntropy(classes) }, .float32, .float32),
      ("mean", { x, _ in x.mean() }, .float32, .bfloat16),
      ("max", { x, _ in x.max() }, .float32, .bfloat16),
      ("add", { $0 + $1 }, .float32, .bfloat16),
      ("tanh", { x, _ in x.tanh() }, .float32, .bfloat16),
      ("concatenate", { .concatenate([$0, $1]) }, .float32, .bfloat16),
      ("slice", { x, _ in x.sliced(axis: 0, 0..<1) }, .float32, .bfloat16),
      ("number", { x, _ in x * 0.1 }, .float32, .bfloat16),
    ]
    Precision.bfloat16 {
      for row in rows {
        #expect(row.function(single, single).type == row.single, "\(row.name)")
        #expect(row.function(half, half).type == row.half, "\(row.name)")
        // together, what is not rounded anyway becomes float32
        let joined: ElementType = ["add", "concatenate"].contains(row.name) ? .float32 : row.half
        #expect(row.function(half, single).type == joined, "\(row.name)")
      }
      #expect((half + single).type == .float32 && Tensor.concatenate([half, single]).type == .float32)
      #expect(Tensor.select(half .> 2, half, single).type == .float32)
      let double = single.cast(to: .float64)
      #expect(double.matmul(double).type == .float64 && (double + double).type == .float64)
    }
    #expect(single.matmul(single).type == .float32)
  }

  /// A step under autocast against PyTorch's: Tests/References/precision.py writes the numbers. Sums run in another order and
  /// biases are added behind the rounding here and before it there, so that numbers are a few units apart, of the largest
  /// one in the tensor.
  @Test(arguments: ["dense", "convolution", "normalized"])
  func stepsArePyTorchs(name: String) throws {
    let references = try References("precision")
    let network: Sequential =
      switch name {
      case "dense": Sequential([Dense(6, 16), Activation.tanh, Dense(16, 4)])
      case "convolution":
        Sequential([
          Conv2D(1, 3, kernel: 3, padding: 1), Activation.relu, MaxPool2D(kernel: 2), Flatten(), Dense(27, 4),
        ])
      default: Sequential([Dense(6, 16), LayerNorm(16), Activation.relu, Dense(16, 4)])
      }
    try network.load(references.all(under: "network/\(name)/state"))
    let output = network(try references("network/\(name)/input"), in: .bfloat16)
    #expect(output.type == .float32)
    let loss = Loss.crossEntropy(output, try references("network/\(name)/targets"))
    let trained = network.variables.filter(\.isTrained)
    let found = gradients(of: loss, with: trained.map(\.value))
    evaluate(found + [output, loss])
    try expectNear(output, references("network/\(name)/output"), "output")
    try expectNear(loss, references("network/\(name)/loss"), "loss")
    for (variable, gradient) in zip(trained, found) {
      #expect(gradient.type == .float32)
      try expectNear(gradient, references("network/\(name)/gradient/\(variable.name)"), variable.name)
    }
  }

  private func expectNear(_ tensor: Tensor, _ expected: Tensor, _ what: String) throws {
    let largest = expected.reals().map(abs).max() ?? 0
    expectClose(tensor, expected, relative: 0, absolute: 3 * largest * 0x1p-8, what)
  }

  /// Every layer runs, forward, back and as it stores, near what it gives in float32, with gradients in float32.
  @Test(arguments: LayerCase.all)
  func everyLayerRuns(row: LayerCase) throws {
    let references = try References("layers")
    let inputs = references.all(under: "layer/\(row.name)/input").map(\.tensor)
    func run(_ precision: Precision) throws -> [Tensor] {
      let probe = row.make(.float32)
      try probe.load(references.all(under: "layer/\(row.name)/state"))
      let output = (row.trains ? Mode.training : .inference) {
        precision { probe.call(inputs) { references["layer/\(row.name)/\($0)"] }[0] }.cast(to: .float32)
      }
      let moving = inputs.filter(\.type.isFloatingPoint) + probe.variables.filter(\.isTrained).map(\.value)
      let found = moving.isEmpty ? [] : gradients(of: output.squared().mean(), with: moving)
      #expect(found.allSatisfy { $0.type == .float32 })
      evaluate(found + [output])
      return [output] + found
    }
    for (found, expected) in zip(try run(.bfloat16), try run(.float32)) {
      let largest = expected.reals().map(abs).max() ?? 0
      expectClose(found, expected, relative: 0, absolute: 0.06 * largest + 1e-4, row.name)
    }
  }

  @Test func compiledFunctionsArePlannedForEachPrecision() {
    let x = Tensor([1.001, 2.003] as [Float], shape: [1, 2])
    let square = compile { [$0[0].matmul($0[0], transposingOther: true).cast(to: .float32)] }
    let float = square(x)[0].item(Float.self)
    let half = Precision.bfloat16 { square(x)[0].item(Float.self) }
    #expect(half == 5 && abs(float - 5.014) < 1e-3)
    #expect(square(x)[0].item(Float.self) == float)
  }

  /// A rule of the user's own runs in the types that it was written for.
  @Test func customGradientsKeepTheirTypes() {
    let x = Tensor([3, 4] as [Float], shape: [1, 2])
    let weight = Tensor([2, 1] as [Float], shape: [2, 1])
    let loss = Precision.bfloat16 {
      let value = Tensor.withCustomGradient(of: [x.matmul(weight)]) { inputs in
        inputs[0].softmax(axes: [0]) * 0.5
      } gradient: { inputs, _, gradient in
        [gradient + inputs[0]]
      }
      return value.sum()
    }
    #expect(gradient(of: loss, with: weight).scalars(Float.self) == [33, 44])
  }
}
