import DescentFormats
import DescentNetworks
import DescentTensors
import Foundation
import Testing

private let partnerFolder = ProcessInfo.processInfo.environment["DESCENT_PARTNER_DIR"]

/// State files between PyTorch and Descent, through the folder that DESCENT_PARTNER_DIR names; Tests/References/partners.py
/// is the other side and says in which order both run.
@Suite(.enabled(if: partnerFolder != nil, "DESCENT_PARTNER_DIR names no folder"))
struct PartnerTests {
  private let folder: URL

  init() throws { folder = URL(fileURLWithPath: try #require(partnerFolder)) }

  private func path(_ name: String) -> String { folder.appendingPathComponent("\(name).safetensors").path }

  @Test func pyTorchsNetworksGiveTheSameHere() throws {
    let suffix = ".vectors.safetensors"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let names = files.filter { $0.hasPrefix("pytorch") && $0.hasSuffix(suffix) }.map { $0.dropLast(suffix.count) }
    #expect(!names.isEmpty, "partners.py write has not run")
    let modules = names.filter { $0.hasPrefix(Self.modules) }.map { String($0.dropFirst(Self.modules.count)) }
    #expect(Set(modules) == Set(PartnerModule.all.map(\.name)))
    for name in names {
      let file = try SafeTensorsFile(path: path("\(name)"))
      let vectors = try SafeTensorsFile(path: path("\(name).vectors"))
      let (input, output) = (Tensor(try #require(vectors["input"])), Tensor(try #require(vectors["output"])))
      let network = try network(of: file, "\(name)", taking: Array(input.shape.dropFirst()))
      try network.load(file.entries.map { (name: $0.name, tensor: Tensor($0)) })
      expectClose(network(input), output, relative: 0, absolute: 1e-5, "\(name)")
    }
  }

  private static let modules = "pytorch-module-"

  /// The network that a file describes, or the module that its name says.
  private func network(of file: SafeTensorsFile, _ name: String, taking input: Shape) throws -> any Module {
    if let json = file.metadata["network"] {
      return try NetworkDescription(yaml: json).taking(input).makeEmptyNetwork()
    }
    return try #require(PartnerModule.all.first { Self.modules + $0.name == name }, "\(name)").make()
  }

  @Test(arguments: PartnerModule.all.map(\.name))
  func writesModulesForPyTorch(name: String) throws {
    let module = try #require(PartnerModule.all.first { $0.name == name })
    let network = module.makeChanged()
    try write("descent-module-\(name)", network, input: module.input())
  }

  @Test func theLargestStateIsTorchvisions() throws {
    try ReadyTests.expectTorchvisionsState("resnet50", ResNet.resNet50())
  }

  @Test func writesNetworksForPyTorch() throws {
    let pictures = NetworkDescription(
      input: [3, 4],
      [
        "flatten", ["layer": "dense", "inputs": 12, "outputs": 8, "bias": true], ["layer": "elu", "alpha": 1.5],
        ["layer": "dropout", "probability": 0.4], ["layer": "dense", "inputs": 8, "outputs": 6, "bias": false],
        ["layer": "maxout", "pieces": 3], "tanh", ["layer": "dense", "inputs": 2, "outputs": 5, "bias": true],
        ["layer": "leaky-relu", "slope": 0.2], ["layer": "linear", "slope": 0.7], "sigmoid", "softmax",
      ])
    try write("descent-pictures", pictures)
    try write(
      "descent-dense",
      .dense(inputs: 9, hidden: [16, 8], outputs: 3, activation: .relu, dropout: 0.1))
    try write("descent-step", .dense(inputs: 2, hidden: [4], outputs: 1, activation: .step))
  }

  private func write(_ name: String, _ description: NetworkDescription) throws {
    let network = try description.makeNetwork()
    let shape = [6] + (description.input ?? [])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = String(decoding: try encoder.encode(description), as: UTF8.self)
    try write(name, network, input: normals(shape, seed: 1).cast(to: .float32), metadata: ["network": json])
  }

  private func write(
    _ name: String, _ network: any Module, input: Tensor, metadata: [String: String] = [:]
  ) throws {
    let state = network.stateDictionary.map { SafeTensorsFile.Entry(name: $0.name, $0.tensor) }
    try SafeTensorsFile(entries: state, metadata: metadata).write(to: path(name))
    try SafeTensorsFile(entries: [.init(name: "input", input), .init(name: "output", network(input))])
      .write(to: path("\(name).vectors"))
  }
}
