import Foundation
import Testing

@testable import DescentTensors

private let references = Result { try OperationReferences("bfloat16") }

/// What operations.py has no line for.
private let ownCases: [ReferenceCase] = [
  .init("cast.float", "a.float()") { $0[0].cast(to: .float32) },
  .init("cast.between", "(a.float() * b.float()).bfloat16() * b") {
    ($0[0].cast(to: .float32) * $0[1].cast(to: .float32)).cast(to: .bfloat16) * $0[1]
  },
  .init("add.number", "a + 0.1") { $0[0] + 0.1 },
  .init("multiply.number", "a * 0.1") { $0[0] * 0.1 },
  .init("divide.number", "a / 0.3") { $0[0] / 0.3 },
  .init("matmul.long", "a @ b") { $0[0].matmul($0[1]) },
  .init("sum.long", "a.sum(1)") { $0[0].sum(axes: [1]) },
  .init("mean.long", "a.mean(1)") { $0[0].mean(axes: [1]) },
]

/// Against PyTorch's own bfloat16: Tests/References/bfloat16.py writes the numbers. Both round what they computed in float32,
/// so that a number may be one unit off, and PyTorch rounds several times in many a gradient: numbers lie within a unit of
/// what it gives in float32, or as near to that as its own bfloat16.
@Suite struct BFloat16ReferenceTests {
  /// Units where a gradient is made from the result, which was rounded: its cube, and a sum of its products.
  private static let allowances = ["rsqrt gradient.a": 2.5, "softmax.first gradient.a": 1.5]

  private var cases: [ReferenceCase] {
    get throws {
      let lines = try references.get().lines
      return operationCases.filter { lines[$0.name] != nil } + ownCases
    }
  }

  @Test func everyLineHasACase() throws {
    let lines = try references.get().lines
    #expect(try cases.count == lines.count)
    for row in try cases { #expect(lines[row.name] == row.python, "\(row.name)") }
  }

  @Test(arguments: [PlanOptions.standard, .definitions])
  func resultsAndGradientsAreAUnitAway(options: PlanOptions) throws {
    let references = try references.get()
    for row in try cases {
      let inputs = references.inputs(of: row.name)
      let expected = try #require(references["\(row.name)/result"], "\(row.name)")
      let result = row.function(inputs)
      #expect(result.signature == expected.signature, "\(row.name)")
      let gradients = try references.gradients(of: row, result, inputs)
      let wanted = [("result", expected)] + gradients.map { ($0.part, $0.expected) }
      let outputs = planned([result] + gradients.map(\.found), options: options).outputs
      for (tensor, (part, numbers)) in zip(outputs, wanted) {
        #expect(tensor.signature == numbers.signature, "\(row.name) \(part)")
        let exact = try #require(references["\(row.name)/exact/\(part)"], "\(row.name) \(part)").reals()
        for (place, (found, number)) in zip(tensor.reals(), numbers.reals()).enumerated()
        where found != number && !(found.isNaN && number.isNaN) {
          let (error, theirs) = (abs(found - exact[place]), abs(number - exact[place]))
          let allowed = (Self.allowances["\(row.name) \(part)"] ?? 1) * unit(of: exact[place])
          if !(error <= max(allowed, theirs)) {
            let units = (error / unit(of: exact[place]), theirs / unit(of: exact[place]))
            Issue.record(
              "\(row.name) \(part) [\(place)]: \(found), not \(number): by \(units.0) units, it by \(units.1)")
          }
        }
      }
    }
  }

  /// The distance from a number to the next one in bfloat16. Numbers below the normal ones may count as 0.
  private func unit(of number: Double) -> Double {
    number == 0 || !number.isFinite ? 0x1p-126 : max(number.binade.magnitude * 0x1p-7, 0x1p-126)
  }
}
