import DescentTensors

/// A residual network for pictures: a stem, groups of blocks of which each group halves the picture but the first, the mean
/// of every channel and a dense layer (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016).
///
///     ResNet.cifar20(classes: 10)    // 32×32 pictures
///     ResNet.resNet18()              // torchvision's resnet18
///
/// Where a block changes the shape its shortcut is a 1×1 convolution with normalisation (option B of the paper). State
/// names are torchvision's: `conv1`, `bn1`, `layer1.0.conv1`, `layer2.0.downsample.0`, …, `fc`.
///
/// - Shapes: input `[batch, channels, height, width]` → output `[batch, classes]`.
public struct ResNet: Module, NamedParts {
  /// What a picture meets first.
  public enum Stem: Sendable, Hashable {
    /// A 7×7 convolution of stride 2 and 3×3 max pooling of stride 2: a quarter of the extents stay.
    case large
    /// A 3×3 convolution: the extents stay.
    case small
  }

  /// What the groups are made of.
  public enum Block: Sendable, Hashable {
    /// Two 3×3 convolutions.
    case basic
    /// 1×1, 3×3 and 1×1 convolutions, the last with four times the channels.
    case bottleneck

    /// How many times its width a block puts out.
    public var expansion: Int { self == .basic ? 1 : 4 }
  }

  /// What a picture meets first.
  public let stem: Stem
  private let convolution: Conv2D
  private let norm: BatchNorm
  private let groups: [Sequential]
  /// The dense layer at the end.
  public let head: Dense

  /// A network with fresh parameters: He's normal weights by fan-out for convolutions, PyTorch's start for the dense layer.
  ///
  /// - Parameters:
  ///   - blocks: how many there are in each group.
  ///   - widths: each group's channels, before the blocks' expansion; the stem has the first's.
  ///   - block: what the groups are made of.
  ///   - stem: what a picture meets first.
  ///   - channels: of the pictures.
  ///   - classes: units of the output.
  public init(
    blocks: [Int], widths: [Int], block: Block = .basic, stem: Stem = .large, channels: Int = 3, classes: Int,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      !blocks.isEmpty && blocks.count == widths.count && (blocks + widths).allSatisfy { $0 > 0 },
      "ResNet: needs one group or more with a width each, got blocks \(blocks) and widths \(widths)", file: file,
      line: line)
    let maker = Maker(type: type, file: file, line: line)
    self.stem = stem
    convolution =
      stem == .large
      ? maker.convolution(channels, widths[0], kernel: 7, stride: 2)
      : maker.convolution(channels, widths[0], kernel: 3, stride: 1)
    norm = maker.norm(widths[0])
    var inputs = widths[0]
    groups = blocks.indices.map { group in
      Sequential(
        (0..<blocks[group]).map { index in
          let made = ResidualBlock(
            block, inputs, widths[group], stride: group > 0 && index == 0 ? 2 : 1, maker)
          inputs = widths[group] * block.expansion
          return made
        })
    }
    head = Dense(
      inputs, classes, weights: .uniformByFanIn, biases: .uniform(fanInOf: [classes, inputs]), type: type, file: file,
      line: line)
  }

  /// The classes' logits.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    var maps = Activation.relu(norm(convolution(input)))
    if stem == .large { maps = MaxPool2D(kernel: 3, stride: 2, padding: 1)(maps) }
    let features = groups.enumerated().reduce(maps) { maps, group in
      group.element(maps, named: "layer\(group.offset + 1)")
    }
    return head(GlobalAveragePool2D()(features))
  }

  /// Under torchvision's names.
  public var namedParts: [(name: String, part: Any)] {
    [("conv1", convolution), ("bn1", norm)] + groups.enumerated().map { ("layer\($0 + 1)", $1) } + [("fc", head)]
  }
}

extension ResNet {
  /// Twenty layers for 32×32 pictures (§4.2 of the paper with n = 3): three groups of three basic blocks with 16, 32 and
  /// 64 channels behind a 3×3 convolution. Shortcuts that change the shape are convolutions, where the paper pads with
  /// zeros.
  public static func cifar20(
    classes: Int = 10, channels: Int = 3, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) -> ResNet {
    ResNet(
      blocks: [3, 3, 3], widths: [16, 32, 64], stem: .small, channels: channels, classes: classes, type: type,
      file: file, line: line)
  }

  /// Eighteen layers: torchvision's `resnet18`. With the small stem for pictures of some 32×32.
  public static func resNet18(
    classes: Int = 1000, channels: Int = 3, stem: Stem = .large, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> ResNet {
    ResNet(
      blocks: [2, 2, 2, 2], widths: [64, 128, 256, 512], stem: stem, channels: channels, classes: classes, type: type,
      file: file, line: line)
  }

  /// Fifty layers of bottlenecks: torchvision's `resnet50`, which has the stride in the 3×3 convolution.
  public static func resNet50(
    classes: Int = 1000, channels: Int = 3, stem: Stem = .large, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> ResNet {
    ResNet(
      blocks: [3, 4, 6, 3], widths: [64, 128, 256, 512], block: .bottleneck, stem: stem, channels: channels,
      classes: classes, type: type, file: file, line: line)
  }
}

/// relu(shortcut(x) + f(x)), where f is two or three convolutions, each normalised.
private struct ResidualBlock: Module, NamedParts {
  private let convolutions: [Conv2D]
  private let norms: [BatchNorm]
  private let shortcut: Sequential?

  init(_ block: ResNet.Block, _ inputs: Int, _ width: Int, stride: Int, _ maker: Maker) {
    let outputs = width * block.expansion
    switch block {
    case .basic:
      convolutions = [
        maker.convolution(inputs, width, kernel: 3, stride: stride),
        maker.convolution(width, outputs, kernel: 3, stride: 1),
      ]
    case .bottleneck:
      convolutions = [
        maker.convolution(inputs, width, kernel: 1, stride: 1),
        maker.convolution(width, width, kernel: 3, stride: stride),
        maker.convolution(width, outputs, kernel: 1, stride: 1),
      ]
    }
    norms = convolutions.map { maker.norm($0.weight.shape[0]) }
    shortcut =
      stride == 1 && inputs == outputs
      ? nil : Sequential([maker.convolution(inputs, outputs, kernel: 1, stride: stride), maker.norm(outputs)])
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    var maps = input
    for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      if index > 0 { maps = Activation.relu(maps) }
      maps = norm(convolution(maps))
    }
    return Activation.relu(maps + (shortcut?(input) ?? input))
  }

  var namedParts: [(name: String, part: Any)] {
    let pairs = zip(convolutions, norms).enumerated()
    let layers = pairs.flatMap { [("conv\($0 + 1)", $1.0 as Any), ("bn\($0 + 1)", $1.1)] }
    return layers + (shortcut.map { [("downsample", $0)] } ?? [])
  }
}

/// Makes the layers of a residual network.
private struct Maker {
  let type: ElementType
  let file: StaticString
  let line: UInt

  /// A convolution without a bias, which the normalisation behind it would take off again.
  func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int) -> Conv2D {
    let weights = Initializer { shape, type in
      .randomNormal(shape, standardDeviation: (2 / Double(Fans(shape).fanOut)).squareRoot(), type: type)
    }
    return Conv2D(
      inputs, outputs, kernel: .all(kernel), stride: .all(stride), padding: .explicit(.all(kernel / 2)), bias: false,
      weights: weights, type: type, file: file, line: line)
  }

  func norm(_ features: Int) -> BatchNorm { BatchNorm(features, type: type, file: file, line: line) }
}
