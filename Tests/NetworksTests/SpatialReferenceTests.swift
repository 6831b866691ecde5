import DescentFormats
import DescentNetworks
import DescentTensors
import Foundation
import Testing

/// One layer against PyTorch: `python` is the line that `Tests/References/spatial.py` ran.
private struct SpatialCase: Sendable, CustomTestStringConvertible {
  let name: String
  let python: String
  let function: @Sendable ([Tensor]) -> Tensor

  init(_ name: String, _ python: String, _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.python = python
    self.function = function
  }

  /// A layer without parameters.
  init(_ name: String, _ python: String, _ layer: any Module) { self.init(name, python) { layer($0[0]) } }

  /// A layer that takes its parameters from the inputs behind the first.
  init(_ name: String, _ python: String, of make: @escaping @Sendable (ElementType) -> any Module) {
    self.init(name, python) { inputs in
      let layer = make(inputs[0].type)
      for (parameter, value) in zip(layer.parameters, inputs.dropFirst()) { parameter.value = value }
      return layer(inputs[0])
    }
  }

  var testDescription: String { "\(name): \(python)" }
}

private let convolutions: [SpatialCase] = [
  .init("conv1", "F.conv1d(a, b, c)", of: { Conv1D(3, 4, kernel: 3, type: $0) }),
  .init(
    "conv1.same", #"F.conv1d(a, b, c, padding="same", dilation=2)"#,
    of: { Conv1D(2, 3, kernel: 4, padding: .same, dilation: 2, type: $0) }),
  .init(
    "conv1.causal", "F.conv1d(F.pad(a, (4, 0)), b, c, dilation=2)",
    of: { Conv1D(2, 3, kernel: 3, padding: .causal, dilation: 2, type: $0) }),
  .init("conv2", "F.conv2d(a, b, c)", of: { Conv2D(2, 3, kernel: [3, 2], padding: .valid, type: $0) }),
  .init(
    "conv2.padded", "F.conv2d(a, b, c, stride=(2, 1), padding=(1, 2))",
    of: { Conv2D(2, 3, kernel: 3, stride: [2, 1], padding: [1, 2], type: $0) }),
  .init(
    "conv2.dilated", "F.conv2d(a, b, stride=2, padding=2, dilation=(2, 3))",
    of: { Conv2D(2, 2, kernel: [3, 2], stride: 2, padding: 2, dilation: [2, 3], bias: false, type: $0) }),
  .init("conv2.groups", "F.conv2d(a, b, c, groups=2)", of: { Conv2D(4, 6, kernel: 2, groups: 2, type: $0) }),
  .init("conv2.pointwise", "F.conv2d(a, b, c)", of: { Conv2D(3, 4, kernel: 1, type: $0) }),
  .init(
    "conv2.same", #"F.conv2d(a, b, c, padding="same")"#,
    of: { Conv2D(2, 2, kernel: [2, 3], padding: .same, type: $0) }),
  .init(
    "conv2.same.strided", "F.conv2d(F.pad(a, (0, 1, 1, 1)), b, stride=2)",
    of: { Conv2D(2, 2, kernel: 3, stride: 2, padding: .same, bias: false, type: $0) }),
  .init(
    "conv2.depthwise", "F.conv2d(a, b, c, padding=1, groups=3)",
    of: { DepthwiseConv2D(3, multiplier: 2, kernel: 3, padding: 1, type: $0) }),
  .init(
    "conv2.separable", "F.conv2d(F.conv2d(a, b, groups=2), c)",
    of: { SeparableConv2D(2, 3, multiplier: 2, kernel: 3, bias: false, type: $0) }),
  .init(
    "conv1.depthwise", "F.conv1d(a, b, c, stride=2, groups=2)",
    of: { DepthwiseConv1D(2, kernel: 3, stride: 2, type: $0) }),
  .init(
    "conv1.separable", "F.conv1d(F.conv1d(a, b, groups=2), c)",
    of: { SeparableConv1D(2, 3, kernel: 3, bias: false, type: $0) }),
  .init(
    "conv3.depthwise", "F.conv3d(a, b, c, groups=2)",
    of: { DepthwiseConv3D(2, multiplier: 2, kernel: 2, type: $0) }),
  .init(
    "conv3.separable", "F.conv3d(F.conv3d(a, b, groups=2), c)",
    of: { SeparableConv3D(2, 3, kernel: 2, bias: false, type: $0) }),
  .init(
    "conv3", "F.conv3d(a, b, c, stride=(1, 2, 1), padding=(1, 0, 1))",
    of: { Conv3D(2, 2, kernel: [2, 2, 3], stride: [1, 2, 1], padding: [1, 0, 1], type: $0) }),
  .init(
    "transposed1", "F.conv_transpose1d(a, b, c, stride=3, output_padding=2)",
    of: { ConvTranspose1D(2, 3, kernel: 2, stride: 3, outputPadding: 2, type: $0) }),
  .init("transposed2", "F.conv_transpose2d(a, b, c)", of: { ConvTranspose2D(3, 2, kernel: [2, 3], type: $0) }),
  .init(
    "transposed2.strided",
    "F.conv_transpose2d(a, b, c, stride=2, padding=1, output_padding=(1, 0), dilation=(1, 2))",
    of: {
      ConvTranspose2D(2, 2, kernel: 3, stride: 2, padding: 1, outputPadding: [1, 0], dilation: [1, 2], type: $0)
    }),
  .init(
    "transposed2.groups", "F.conv_transpose2d(a, b, stride=2, groups=2)",
    of: { ConvTranspose2D(4, 4, kernel: 2, stride: 2, groups: 2, bias: false, type: $0) }),
  .init(
    "transposed3", "F.conv_transpose3d(a, b, c, stride=2, padding=1)",
    of: { ConvTranspose3D(2, 2, kernel: [3, 2, 3], stride: 2, padding: 1, type: $0) }),
]

private let pooling: [SpatialCase] = [
  .init("max1", "F.max_pool1d(a, 3, 2)", MaxPool1D(kernel: 3, stride: 2)),
  .init("max2", "F.max_pool2d(a, 2)", MaxPool2D(kernel: 2)),
  .init(
    "max2.padded", "F.max_pool2d(a, (3, 2), (2, 1), padding=1, ceil_mode=True)",
    MaxPool2D(kernel: [3, 2], stride: [2, 1], padding: 1, ceilMode: true)),
  .init(
    "max1.beyond", "F.max_pool1d(a, 3, 2, ceil_mode=True)", MaxPool1D(kernel: 3, stride: 2, ceilMode: true)),
  .init(
    "average2.beyond", "F.avg_pool2d(a, (5, 3), (3, 2), ceil_mode=True)",
    AveragePool2D(kernel: [5, 3], stride: [3, 2], ceilMode: true)),
  .init(
    "max2.dilated", "F.max_pool2d(a, 2, 1, padding=1, dilation=3)",
    MaxPool2D(kernel: 2, stride: 1, padding: 1, dilation: 3)),
  .init("max3", "F.max_pool3d(a, 2, 1)", MaxPool3D(kernel: 2, stride: 1)),
  .init("max1.adaptive", "F.adaptive_max_pool1d(a, 3)", AdaptiveMaxPool1D(3)),
  .init("max3.adaptive", "F.adaptive_max_pool3d(a, (2, 1, 3))", AdaptiveMaxPool3D([2, 1, 3])),
  .init("max1.global", "a.amax(2)", GlobalMaxPool1D()),
  .init("max3.global", "a.amax((2, 3, 4))", GlobalMaxPool3D()),
  .init("max2.adaptive", "F.adaptive_max_pool2d(a, (3, 2))", AdaptiveMaxPool2D([3, 2])),
  .init("max2.global", "a.amax((2, 3))", GlobalMaxPool2D()),
  .init("unpool1", "F.max_unpool1d(*F.max_pool1d(a, 3, return_indices=True), 3)") {
    let (output, places) = MaxPool1D(kernel: 3).withPlaces($0[0])
    return MaxUnpool1D(kernel: 3)(output, places: places)
  },
  .init("unpool3", "F.max_unpool3d(*F.max_pool3d(a, 2, return_indices=True), 2)") {
    let (output, places) = MaxPool3D(kernel: 2).withPlaces($0[0])
    return MaxUnpool3D(kernel: 2)(output, places: places)
  },
  .init("unpool2", "F.max_unpool2d(*F.max_pool2d(a, 2, return_indices=True), 2) * a") {
    let (output, places) = MaxPool2D(kernel: 2).withPlaces($0[0])
    return MaxUnpool2D(kernel: 2)(output, places: places) * $0[0]
  },
  .init("unpool2.size", "F.max_unpool2d(*F.max_pool2d(a, 2, return_indices=True), 2, output_size=(5, 4))") {
    let (output, places) = MaxPool2D(kernel: 2).withPlaces($0[0])
    return MaxUnpool2D(kernel: 2)(output, places: places, extents: [5, 4])
  },
  .init("average1", "F.avg_pool1d(a, 3, 2, padding=1)", AveragePool1D(kernel: 3, stride: 2, padding: 1)),
  .init("average2", "F.avg_pool2d(a, 2)", AveragePool2D(kernel: 2)),
  .init(
    "average2.padded", "F.avg_pool2d(a, (3, 2), 2, padding=1, ceil_mode=True)",
    AveragePool2D(kernel: [3, 2], stride: 2, padding: 1, ceilMode: true)),
  .init(
    "average2.inside", "F.avg_pool2d(a, 3, 2, padding=1, ceil_mode=True, count_include_pad=False)",
    AveragePool2D(kernel: 3, stride: 2, padding: 1, ceilMode: true, countsPadding: false)),
  .init(
    "average2.divisor", "F.avg_pool2d(a, 2, 1, divisor_override=3)", AveragePool2D(kernel: 2, stride: 1, divisor: 3)),
  .init("average3", "F.avg_pool3d(a, 2, 1, padding=1)", AveragePool3D(kernel: 2, stride: 1, padding: 1)),
  .init("average1.adaptive", "F.adaptive_avg_pool1d(a, 3)", AdaptiveAveragePool1D(3)),
  .init("average1.global", "a.mean(2)", GlobalAveragePool1D()),
  .init("average3.global", "a.mean((2, 3, 4))", GlobalAveragePool3D()),
  .init("average2.adaptive", "F.adaptive_avg_pool2d(a, (3, 2))", AdaptiveAveragePool2D([3, 2])),
  .init("average2.adaptive.whole", "F.adaptive_avg_pool2d(a, (3, 2))", AdaptiveAveragePool2D([3, 2])),
  .init("average3.adaptive", "F.adaptive_avg_pool3d(a, (2, 3, 1))", AdaptiveAveragePool3D([2, 3, 1])),
  .init("average2.global", "a.mean((2, 3))", GlobalAveragePool2D()),
  .init("lp1", "F.lp_pool1d(a, 3.0, 2)", LPPool1D(norm: 3, kernel: 2)),
  .init("lp2", "F.lp_pool2d(a, 2.0, 2, stride=1)", LPPool2D(norm: 2, kernel: 2, stride: 1)),
  .init("lp2.ceil", "F.lp_pool2d(a, 2.0, 2, ceil_mode=True)", LPPool2D(norm: 2, kernel: 2, ceilMode: true)),
  .init("lp3", "F.lp_pool3d(a, 4.0, (1, 2, 2))", LPPool3D(norm: 4, kernel: [1, 2, 2])),
]

private let padding: [SpatialCase] = [
  .init("zero1", "F.pad(a, (1, 2))", ZeroPad1D(Edges(low: 1, high: 2))),
  .init("zero2", "F.pad(a, (1, 0, 2, 1))", ZeroPad2D(Edges(low: [2, 1], high: [1, 0]))),
  .init("zero3", "F.pad(a, (1, 0, 2, 1, 0, 3))", ZeroPad3D(Edges(low: [0, 2, 1], high: [3, 1, 0]))),
  .init("constant1", "F.pad(a, (2, 2), value=-1.5)", ConstantPad1D(2, value: -1.5)),
  .init("constant2", "F.pad(a, (1, 1, 1, 1), value=2.5)", ConstantPad2D(1, value: 2.5)),
  .init("constant3", "F.pad(a, (1, 1, 0, 0, 2, 2), value=0.5)", ConstantPad3D(Edges([2, 0, 1]), value: 0.5)),
  .init("reflection1", #"F.pad(a, (2, 3), mode="reflect")"#, ReflectionPad1D(Edges(low: 2, high: 3))),
  .init(
    "reflection2", #"F.pad(a, (1, 2, 2, 1), mode="reflect")"#, ReflectionPad2D(Edges(low: [2, 1], high: [1, 2]))),
  .init(
    "reflection3", #"F.pad(a, (1, 1, 1, 2, 1, 0), mode="reflect")"#,
    ReflectionPad3D(Edges(low: [1, 1, 1], high: [0, 2, 1]))),
  .init("replication1", #"F.pad(a, (2, 5), mode="replicate")"#, ReplicationPad1D(Edges(low: 2, high: 5))),
  .init(
    "replication2", #"F.pad(a, (1, 2, 3, 1), mode="replicate")"#,
    ReplicationPad2D(Edges(low: [3, 1], high: [1, 2]))),
  .init(
    "replication3", #"F.pad(a, (1, 1, 1, 2, 3, 0), mode="replicate")"#,
    ReplicationPad3D(Edges(low: [3, 1, 1], high: [0, 2, 1]))),
  .init("circular1", #"F.pad(a, (2, 3), mode="circular")"#, CircularPad1D(Edges(low: 2, high: 3))),
  .init("circular2", #"F.pad(a, (1, 2, 2, 3), mode="circular")"#, CircularPad2D(Edges(low: [2, 1], high: [3, 2]))),
  .init(
    "circular3", #"F.pad(a, (1, 1, 1, 2, 2, 0), mode="circular")"#,
    CircularPad3D(Edges(low: [2, 1, 1], high: [0, 2, 1]))),
  .init("cropping1", "a[:, :, 1:-2]", Cropping1D(Edges(low: 1, high: 2))),
  .init("cropping2", "a[:, :, 1:-1, 1:-1]", Cropping2D(1)),
  .init("cropping3", "a[:, :, :-1, 1:, 1:-1]", Cropping3D(Edges(low: [0, 1, 1], high: [1, 0, 1]))),
]

private let shaping: [SpatialCase] = [
  .init("nearest1", "F.interpolate(a, scale_factor=3)", Upsampling1D(scale: 3)),
  .init("nearest2", "F.interpolate(a, scale_factor=(2, 3))", Upsampling2D(scale: [2, 3])),
  .init("nearest2.size", "F.interpolate(a, size=(5, 2))", Upsampling2D(to: [5, 2])),
  .init("nearest3", "F.interpolate(a, scale_factor=2)", Upsampling3D(scale: 2)),
  .init("linear1", #"F.interpolate(a, scale_factor=2, mode="linear")"#, Upsampling1D(scale: 2, by: .linear)),
  .init(
    "linear1.corners", #"F.interpolate(a, scale_factor=3, mode="linear", align_corners=True)"#,
    Upsampling1D(scale: 3, by: .linear, alignsCorners: true)),
  .init(
    "linear2", #"F.interpolate(a, scale_factor=(2, 3), mode="bilinear")"#, Upsampling2D(scale: [2, 3], by: .linear)),
  .init(
    "linear2.corners", #"F.interpolate(a, size=(5, 3), mode="bilinear", align_corners=True)"#,
    Upsampling2D(to: [5, 3], by: .linear, alignsCorners: true)),
  .init(
    "linear2.smaller", #"F.interpolate(a, size=(2, 4), mode="bilinear")"#, Upsampling2D(to: [2, 4], by: .linear)),
  .init("linear3", #"F.interpolate(a, scale_factor=2, mode="trilinear")"#, Upsampling3D(scale: 2, by: .linear)),
  .init("cubic2", #"F.interpolate(a, scale_factor=2, mode="bicubic")"#, Upsampling2D(scale: 2, by: .cubic)),
  .init(
    "cubic2.corners", #"F.interpolate(a, size=(6, 5), mode="bicubic", align_corners=True)"#,
    Upsampling2D(to: [6, 5], by: .cubic, alignsCorners: true)),
  .init("shuffle", "F.pixel_shuffle(a, 2)", PixelShuffle(2)),
  .init("unshuffle", "F.pixel_unshuffle(a, 3)", PixelUnshuffle(3)),
  .init("reshape", "a.reshape(2, 3, -1)", Reshape([3, -1])),
  .init("unflatten", "a.unflatten(1, (2, -1))", Unflatten([2, -1])),
  .init("unflatten.last", "a.unflatten(-1, (3, 2))", Unflatten(axis: -1, [3, 2])),
  .init("permute", "a.permute(0, 3, 1, 2)", Permute([3, 1, 2])),
  .init("repeat", "a[:, None].repeat(1, 3, 1)", RepeatVector(3)),
]

private let cases = convolutions + pooling + padding + shaping

@Suite struct SpatialReferenceTests {
  private let references: References

  init() throws { references = try References("spatial") }

  private func inputs(of row: SpatialCase) -> [Tensor] {
    ["a", "b", "c"].compactMap { references["\(row.name)/\($0)"] }
  }

  @Test func everyLineHasACase() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/spatial.safetensors").path
    let metadata = try SafeTensorsFile(path: path).metadata
    let lines = try JSONDecoder().decode([String: String].self, from: Data((metadata["lines"] ?? "").utf8))
    #expect(lines.count == cases.count)
    for row in cases { #expect(lines[row.name] == row.python, "\(row.name)") }
  }

  /// Every layer that the sources of these families name is made in this file, dropout in its own test.
  @Test func everyLayerHasACase() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let sources = tests.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "Sources/Networks")
    let rows =
      try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
      + String(contentsOf: tests.appendingPathComponent("SpatialLayerTests.swift"), encoding: .utf8)
    var names: [String] = []
    for family in ["Convolution", "Pooling", "Padding", "Shaping"] {
      let folder = sources.appendingPathComponent(family)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        names += text.matches(of: /public typealias (\w+) =/).map { String($0.1) }
        names += text.matches(of: /public struct (\w+): Module/).map { String($0.1) }
      }
    }
    #expect(names.count > 50)
    for name in names { #expect(rows.contains(" \(name)("), "\(name)") }
  }

  @Test(arguments: cases)
  private func resultsAndGradients(_ row: SpatialCase) throws {
    let inputs = inputs(of: row)
    let result = row.function(inputs)
    let found = gradients(of: result, with: inputs, resultGradient: try references("\(row.name)/w"))
    evaluate(found + [result])
    expectClose(result, try references("\(row.name)/result"), "\(row.name) result")
    for (letter, gradient) in zip(["a", "b", "c"], found) {
      expectClose(gradient, try references("\(row.name)/gradient.\(letter)"), "\(row.name) gradient.\(letter)")
    }
  }

  @Test(arguments: cases)
  private func gradientsByDifferences(_ row: SpatialCase) {
    let points = inputs(of: row).map { $0.cast(to: .float64) }
    let mismatches = gradientCheck(of: row.function, at: points)
    #expect(mismatches.isEmpty, "\(row.name): \(mismatches.prefix(3))")
  }

  // nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3), nn.ReLU(),
  //   nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16, 3))
  @Test func network() throws {
    let network = Sequential {
      Conv2D(1, 3, kernel: 3, padding: 1)
      Activation.relu
      MaxPool2D(kernel: 2)
      Conv2D(3, 4, kernel: 3)
      Activation.relu
      AveragePool2D(kernel: 2)
      Flatten()
      Dense(16, 3)
    }
    let names = network.variables.map(\.name)
    #expect(names == ["0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias"])
    try network.load(names.map { (name: $0, tensor: try references("network/state/\($0)")) })
    let output = network(try references("network/input"))
    let loss = Loss.crossEntropy(output, Tensor([2, 0, 1, 2, 1] as [Int64]))
    let found = gradients(of: loss, with: network.parameters)
    evaluate(found + [output])
    expectClose(output, try references("network/output"), "output")
    for (parameter, gradient) in zip(names, found) {
      expectClose(gradient, try references("network/gradient/\(parameter)"), parameter)
    }
  }
}
