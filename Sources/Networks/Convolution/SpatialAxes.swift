import DescentTensors

/// How many spatial axes a layer walks over: layers of one, two and three axes are one implementation.
public protocol SpatialAxes: Sendable {
  /// What the axes are called in messages, outermost first.
  static var names: [String] { get }
}

/// One axis: a sequence or a signal, `[batch, channels, length]`.
public enum OneAxis: SpatialAxes {
  /// length
  public static var names: [String] { ["length"] }
}

/// Two axes: a picture, `[batch, channels, height, width]`.
public enum TwoAxes: SpatialAxes {
  /// height, width
  public static var names: [String] { ["height", "width"] }
}

/// Three axes: a volume or a film, `[batch, channels, depth, height, width]`.
public enum ThreeAxes: SpatialAxes {
  /// depth, height, width
  public static var names: [String] { ["depth", "height", "width"] }
}

extension SpatialAxes {
  /// How many axes there are.
  static var count: Int { names.count }

  /// A layer's name with the number of axes: `Conv2D`.
  static func name(_ layer: String) -> String { "\(layer)\(count)D" }

  /// Stops where an input is not [batch, channels] and the spatial axes, or has other channels than a layer expects.
  static func checkInput(_ input: Tensor, channels: Int? = nil, _ layer: @autoclosure () -> String) {
    check(
      input.rank == count + 2 && (channels == nil || input.shape[1] == channels),
      "\(layer()) expects input [batch, \(channels.map { "\($0)" } ?? "channels"), \(names.joined(separator: ", "))], "
        + "got \(input.shape)")
  }

  /// The extents of the spatial axes.
  static func extents(of input: Tensor) -> [Int] { Array(input.shape[2...]) }
}

/// A number for every spatial axis, or one for each, outermost first: `3` or `[3, 5]`.
public enum PerAxis: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// The same for all axes.
  case all(Int)
  /// One for each axis.
  case each([Int])

  /// The same for all axes.
  public init(integerLiteral value: Int) { self = .all(value) }
  /// One for each axis.
  public init(arrayLiteral elements: Int...) { self = .each(elements) }

  /// One number for each of a layer's axes, none below the least.
  func numbers(
    _ axes: any SpatialAxes.Type, from least: Int, _ what: @autoclosure () -> String, file: StaticString, line: UInt
  ) -> [Int] {
    let numbers =
      switch self {
      case .all(let number): [Int](repeating: number, count: axes.names.count)
      case .each(let numbers): numbers
      }
    check(
      numbers.count == axes.names.count && numbers.allSatisfy { $0 >= least },
      "\(what()) must be \(least) or more on each of \(axes.names.count) axes, got \(numbers)", file: file, line: line)
    return numbers
  }
}

extension [Int] {
  /// `5×5`, as messages write extents.
  var byCross: String { map { "\($0)" }.joined(separator: "×") }
}
