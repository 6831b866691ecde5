import DescentFormats
import Foundation
import Testing

@testable import DescentTensors

/// One operation against PyTorch: `python` is the line that `Tests/References/operations.py` ran.
struct ReferenceCase: Sendable, CustomTestStringConvertible {
  let name: String
  let python: String
  let function: @Sendable ([Tensor]) -> Tensor

  init(_ name: String, _ python: String, _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.python = python
    self.function = function
  }

  var testDescription: String { "\(name): \(python)" }
}

let operationCases: [ReferenceCase] = [
  .init("negate", "-a") { -$0[0] },
  .init("absolute", "a.abs()") { $0[0].absolute() },
  .init("sign", "a.sign()") { $0[0].sign() },
  .init("floor", "a.floor()") { $0[0].floor() },
  .init("round", "a.round()") { $0[0].round() },
  .init("exp", "a.exp()") { $0[0].exp() },
  .init("exp.extremes", "a.exp()") { $0[0].exp() },
  .init("log", "a.log()") { $0[0].log() },
  .init("log1p", "a.log1p()") { $0[0].log1p() },
  .init("expm1", "a.expm1()") { $0[0].expm1() },
  .init("sqrt", "a.sqrt()") { $0[0].sqrt() },
  .init("rsqrt", "a.rsqrt()") { $0[0].rsqrt() },
  .init("tanh", "a.tanh()") { $0[0].tanh() },
  .init("tanh.extremes", "a.tanh()") { $0[0].tanh() },
  .init("sigmoid", "a.sigmoid()") { $0[0].sigmoid() },
  .init("sigmoid.extremes", "a.sigmoid()") { $0[0].sigmoid() },
  .init("erf", "a.erf()") { $0[0].erf() },
  .init("erf.extremes", "a.erf()") { $0[0].erf() },
  .init("sin", "a.sin()") { $0[0].sin() },
  .init("cos", "a.cos()") { $0[0].cos() },
  .init("add", "a + b") { $0[0] + $0[1] },
  .init("add.scalar", "a + b") { $0[0] + $0[1] },
  .init("subtract", "a - b") { $0[0] - $0[1] },
  .init("multiply", "a * b") { $0[0] * $0[1] },
  .init("divide", "a / b") { $0[0] / $0[1] },
  .init("power", "a ** b") { $0[0].power($0[1]) },
  .init("power.scalar", "a ** 3") { $0[0].power(3) },
  .init("minimum", "torch.minimum(a, b)") { $0[0].minimum($0[1]) },
  .init("maximum", "torch.maximum(a, b)") { $0[0].maximum($0[1]) },
  .init("maximum.ties", "torch.maximum(a, b)") { $0[0].maximum($0[1]) },
  .init("clamp", "a.clamp(-0.5, 0.75)") { $0[0].clamped(from: -0.5, to: 0.75) },
  .init("equal", "a == b") { $0[0] .== $0[1] },
  .init("notEqual", "a != b") { $0[0] .!= $0[1] },
  .init("less", "a < b") { $0[0] .< $0[1] },
  .init("lessEqual", "a <= b") { $0[0] .<= $0[1] },
  .init("greater", "a > b") { $0[0] .> $0[1] },
  .init("greaterEqual", "a >= b") { $0[0] .>= $0[1] },
  .init("and", "a & b") { $0[0] .& $0[1] },
  .init("or", "a | b") { $0[0] .| $0[1] },
  .init("not", "~a") { !$0[0] },
  .init("select", "torch.where(a, b, c)") { .select($0[0], $0[1], $0[2]) },
  .init("sum", "a.sum()") { $0[0].sum() },
  .init("sum.middle", "a.sum(1)") { $0[0].sum(axes: [1]) },
  .init("sum.outer", "a.sum((0, 2))") { $0[0].sum(axes: [0, 2]) },
  .init("sum.kept", "a.sum((1, 2), keepdim=True)") { $0[0].sum(axes: [1, 2], keepsAxes: true) },
  .init("sum.truth", "a.sum(0)") { $0[0].sum(axes: [0]) },
  .init("mean", "a.mean((0, 1))") { $0[0].mean(axes: [0, 1]) },
  .init("max", "a.amax((0, 2))") { $0[0].max(axes: [0, 2]) },
  .init("max.ties", "a.amax(1)") { $0[0].max(axes: [1]) },
  .init("min", "a.amin(1, keepdim=True)") { $0[0].min(axes: [1], keepsAxes: true) },
  .init("min.ties", "a.amin((0, 1))") { $0[0].min(axes: [0, 1]) },
  .init("product", "a.prod(1)") { $0[0].product(axes: [1]) },
  .init("product.zeros", "a.prod(1)") { $0[0].product(axes: [1]) },
  .init("product.all", "a.prod()") { $0[0].product() },
  .init("argmax", "a.argmax(1)") { $0[0].argmax(axes: [1]) },
  .init("argmax.all", "a.argmax()") { $0[0].argmax() },
  .init("argmin", "a.argmin(-1)") { $0[0].argmin(axes: [-1]) },
  .init("variance", "a.var((0, 2))") { $0[0].variance(axes: [0, 2]) },
  .init("variance.population", "a.var(1, correction=0, keepdim=True)") {
    $0[0].variance(axes: [1], correction: 0, keepsAxes: true)
  },
  .init("logSumExp", "a.logsumexp((0, 2))") { $0[0].logSumExp(axes: [0, 2]) },
  .init("logSumExp.large", "a.logsumexp(1)") { $0[0].logSumExp(axes: [1]) },
  .init("softmax", "a.softmax(-1)") { $0[0].softmax() },
  .init("softmax.first", "a.softmax(0)") { $0[0].softmax(axes: [0]) },
  .init("softmax.large", "a.softmax(1)") { $0[0].softmax(axes: [1]) },
  .init("logSoftmax", "a.log_softmax(1)") { $0[0].logSoftmax(axes: [1]) },
  .init("logSoftmax.large", "a.log_softmax(1)") { $0[0].logSoftmax(axes: [1]) },
  .init("reshape", "a.reshape(5, -1)") { $0[0].reshaped(to: [5, -1]) },
  .init("flatten", "a.flatten(1)") { $0[0].flattened(from: 1) },
  .init("transpose", "a.transpose(0, 2)") { $0[0].transposed(0, 2) },
  .init("permute", "a.permute(2, 0, 1)") { $0[0].permuted([2, 0, 1]) },
  .init("expand", "a.expand(4, 3, 5)") { $0[0].expanded(to: [4, 3, 5]) },
  .init("squeeze", "a.squeeze()") { $0[0].squeezed() },
  .init("unsqueeze", "a.unsqueeze(1)") { $0[0].expandingAxis(at: 1) },
  .init("slice", "a[1:9:3]") { $0[0].sliced(axis: 0, from: 1, to: 9, by: 3) },
  .init("slice.end", "a[:, -4:-1]") { $0[0].sliced(axis: 1, from: -4, to: -1) },
  .init("slice.backwards", "a.flip(1)[:, ::2]") { $0[0].sliced(axis: 1, by: -2) },
  .init("pad", "F.pad(a, (1, 0, 0, 2), value=7.5)") { $0[0].padded(low: [0, 1], high: [2, 0], with: 7.5) },
  .init("concatenate", "torch.cat([a, b, c], 1)") { .concatenate($0, axis: 1) },
  .init("stack", "torch.stack([a, b], 1)") { .stack($0, axis: 1) },
  .init("split", "torch.split(a, [1, 4, 2])[1]") { $0[0].split(sizes: [1, 4, 2])[1] },
  .init("take", "a[:, b]") { $0[0].take($0[1], axis: 1) },
  .init("gather", "a.gather(1, b)") { $0[0].gather($0[1], axis: 1) },
  .init("scatterAdd", "a.index_add(0, b, c)") { $0[0].scatterAdding($0[2], at: $0[1]) },
  .init("oneHot", "F.one_hot(a, 5)") { $0[0].oneHot(count: 5, type: .int64) },
  .init("cast.whole", "a.to(torch.int32)") { $0[0].cast(to: .int32) },
  .init("cast.double", "a.double()") { $0[0].cast(to: .float64) },
  .init("cast.truth", "a.bool()") { $0[0].cast(to: .bool) },
  .init("matmul", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.transposed", "a @ b.mT") { $0[0].matmul($0[1], transposingOther: true) },
  .init("matmul.batched", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.broadcast", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.rows", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.vectors", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.vector", "a @ b") { $0[0].matmul($0[1]) },
  .init("matmul.row", "a @ b") { $0[0].matmul($0[1]) },
]

/// The file that the script wrote.
struct OperationReferences {
  private let entries: [String: SafeTensorsFile.Entry]
  let lines: [String: String]

  init(_ name: String = "operations") throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/\(name).safetensors").path
    let file = try SafeTensorsFile(path: path)
    entries = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
    lines = try JSONDecoder().decode([String: String].self, from: Data((file.metadata["lines"] ?? "").utf8))
  }

  subscript(name: String) -> Tensor? {
    entries[name].map { entry in
      let storage = Storage(byteCount: entry.bytes.count)
      entry.bytes.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { storage.address.copyMemory(from: base, byteCount: bytes.count) }
      }
      return Tensor(Node(storage: storage, signature: Signature(entry.shape, entry.elementType)))
    }
  }

  /// The gradients of a case's result, and what the file has for them.
  func gradients(
    of row: ReferenceCase, _ result: Tensor, _ inputs: [Tensor]
  ) throws -> [(part: String, found: Tensor, expected: Tensor)] {
    guard let weights = self["\(row.name)/w"] else { return [] }
    let differentiated = zip(["a", "b", "c"], inputs).filter { $1.type.isFloatingPoint }
    let found = DescentTensors.gradients(of: result, with: differentiated.map { $1 }, resultGradient: weights)
    return try zip(differentiated.map { $0.0 }, found).map { letter, gradient in
      ("gradient.\(letter)", gradient, try #require(self["\(row.name)/gradient.\(letter)"], "\(row.name)"))
    }
  }

  func inputs(of name: String) -> [Tensor] { ["a", "b", "c"].compactMap { self["\(name)/\($0)"] } }
}

private let references = Result { try OperationReferences() }

@Suite struct ReferenceTests {
  @Test func everyLineHasACase() throws {
    let lines = try references.get().lines
    #expect(operationCases.count == lines.count)
    for row in operationCases { #expect(lines[row.name] == row.python, "\(row.name)") }
  }

  @Test(arguments: [PlanOptions.standard, .definitions])
  func resultsAndGradients(options: PlanOptions) throws {
    let references = try references.get()
    for row in operationCases {
      let inputs = references.inputs(of: row.name)
      let expected = try #require(references["\(row.name)/result"], "\(row.name)")
      let result = row.function(inputs)
      #expect(result.signature == expected.signature, "\(row.name)")

      let gradients = try references.gradients(of: row, result, inputs)
      let wanted = [("result", expected)] + gradients.map { ($0.part, $0.expected) }
      let outputs = planned([result] + gradients.map(\.found), options: options).outputs
      for (tensor, (part, numbers)) in zip(outputs, wanted) {
        expect(tensor, numbers.reals(), shape: numbers.shape, "\(row.name) \(part)")
      }
    }
  }
}
