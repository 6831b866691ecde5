import DescentFormats
import DescentTensors
import Foundation
import Testing

/// The vectors that Tests/References/networks.py wrote, by name.
struct References {
  private let tensors: [String: Tensor]

  init(_ name: String = "networks", file: String = #filePath) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("References")
    let file = try SafeTensorsFile(path: folder.appendingPathComponent("\(name).safetensors").path)
    tensors = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, Tensor($0)) })
  }

  func callAsFunction(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Tensor {
    try #require(tensors[name], "\(name) is not in the file", sourceLocation: sourceLocation)
  }

  /// All tensors in a folder, by what is left of their names, in order.
  func all(under folder: String) -> [(name: String, tensor: Tensor)] {
    tensors.filter { $0.key.hasPrefix("\(folder)/") }.sorted { $0.key < $1.key }
      .map { (String($0.key.dropFirst(folder.count + 1)), $0.value) }
  }

  /// The names of the cases of a kind that have a tensor of this name: what stands between both.
  func cases(of kind: String, having name: String) -> Set<String> {
    Set(
      tensors.keys.filter { $0.hasPrefix("\(kind)/") && $0.hasSuffix("/\(name)") }
        .map { String($0.dropFirst(kind.count + 1).dropLast(name.count + 1)) })
  }

  /// The tensor of this name, where there is one.
  subscript(name: String) -> Tensor? { tensors[name] }

  /// The names of the cases of a kind: what stands between `kind/` and the last slash.
  func cases(of kind: String) -> Set<String> {
    Set(
      tensors.keys.filter { $0.hasPrefix("\(kind)/") }
        .map { $0.split(separator: "/").dropFirst().dropLast().joined(separator: "/") })
  }
}

/// Whether shapes are the same and every number is within |expected| · relative + absolute, or the same infinity or NaN.
func expectClose(
  _ tensor: Tensor, _ expected: Tensor, relative: Double = 1.3e-6, absolute: Double = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(tensor.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
  guard tensor.shape == expected.shape else { return }
  for (index, (number, wanted)) in zip(tensor.reals(), expected.reals()).enumerated() {
    let isClose =
      number == wanted || number.isNaN && wanted.isNaN || abs(number - wanted) <= abs(wanted) * relative + absolute
    if !isClose {
      Issue.record("\(what): element \(index) is \(number), not \(wanted)", sourceLocation: sourceLocation)
    }
  }
}

/// A float64 tensor of normal numbers, the same in every run.
func normals(_ shape: Shape, seed: UInt64, scale: Double = 1) -> Tensor {
  RandomSource.withSeed(seed) {
    let tensor = Tensor.randomNormal(shape, standardDeviation: scale, type: .float64)
    evaluate(tensor)
    return tensor
  }
}

/// What a process wrote on standard error before it was stopped.
func message(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
