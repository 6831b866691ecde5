import DescentTensors
import Foundation

/// x + P, where P[t, 2i] = sin(t / 10000^(2i/d)) and P[t, 2i + 1] = cos of the same (Vaswani and others, "Attention is all you
/// need", 2017).
///
/// - Shapes: input `[batch, time, features]`, features even → output of the same shape.
public struct SinusoidalPositions: Module {
  /// 10,000 in the paper.
  public let base: Double

  /// A layer that adds positions.
  public init(base: Double = 10_000) { self.base = base }

  /// The input with its positions added.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == 3 && input.shape[2] % 2 == 0,
      "SinusoidalPositions expects input [batch, time, features] with an even number of features, got \(input.shape)")
    let angles = turns(input.shape[1], input.shape[2], base)
    let table = angles.flatMap { $0.flatMap { [sin($0), cos($0)] } }
    return input + Tensor(table, shape: [input.shape[1], input.shape[2]]).cast(to: input.type)
  }
}

/// x + W[t], a vector learnt for each place. State name: `weight`.
///
/// - Shapes: input `[batch, time, features]` with time up to `count` → output of the same shape; `weight` is `[count, features]`.
public struct LearnedPositions: Module {
  /// W.
  public let weight: Parameter

  /// A layer for so many places.
  public init(
    _ count: Int, _ features: Int, weights: Initializer = .normal(standardDeviation: 0.02),
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      count > 0 && features > 0, "LearnedPositions(\(count), \(features)): needs one of each or more", file: file,
      line: line)
    weight = Parameter(weights([count, features], type: type))
  }

  /// The input with its positions added.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == 3 && input.shape[1] <= weight.shape[0] && input.shape[2] == weight.shape[1],
      "LearnedPositions expects input [batch, up to \(weight.shape[0]), \(weight.shape[1])], got \(input.shape)")
    return input + weight.value.sliced(axis: 0, 0..<input.shape[1])
  }
}

/// Pairs of features turned by an angle that grows with the place: t / base^(2i/d) for pair i, so that a product of two tells
/// how far they are apart (Su and others, "RoFormer", 2021).
///
/// - Shapes: input `[..., time, features]`, features even → output of the same shape.
public struct RotaryPositions: Module {
  /// 10,000 in the paper.
  public let base: Double
  /// Whether pairs are neighbours (2i, 2i + 1), as in the paper, or i and i + d/2, as in the Llama family.
  public let isInterleaved: Bool

  /// A layer that turns pairs of features.
  public init(base: Double = 10_000, interleaved: Bool = false) {
    self.base = base
    isInterleaved = interleaved
  }

  /// The input, turned.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank >= 2 && input.shape[input.rank - 1] % 2 == 0,
      "RotaryPositions expects input [..., time, features] with an even number of features, got \(input.shape)")
    let (time, features) = (input.shape[input.rank - 2], input.shape[input.rank - 1])
    let angles = turns(time, features, base)
    func table(_ function: (Double) -> Double) -> Tensor {
      Tensor(angles.flatMap { $0.map(function) }, shape: [time, features / 2]).cast(to: input.type)
    }
    let (cosines, sines) = (table { cos($0) }, table { sin($0) })
    // the pair's axis is the last or the one before
    let paired: Shape = isInterleaved ? [features / 2, 2] : [2, features / 2]
    let axis = input.rank - (isInterleaved ? 0 : 1)
    let pairs = input.reshaped(to: input.shape.dropLast() + paired)
    let (first, second) = (
      pairs.sliced(axis: axis, 0..<1).squeezed(axes: [axis]), pairs.sliced(axis: axis, 1..<2).squeezed(axes: [axis])
    )
    return Tensor.stack([first * cosines - second * sines, second * cosines + first * sines], axis: axis)
      .reshaped(to: input.shape)
  }
}

/// Numbers to add to the scores of attention, which fall with the distance: −slope · |i − j|, slope 2^(−8h/heads) for head h = 1,
/// 2, …; where the number of heads is no power of two, the slopes of the one below, and between them every other one of
/// twice that (Press, Smith and Lewis, "Train short, test long", 2022).
///
/// - Returns: `[heads, targets, sources]`, the `mask` of ``scaledDotProductAttention(_:_:_:mask:isCausal:dropout:scale:file:line:)``.
public func alibi(heads: Int, targets: Int, sources: Int, type: ElementType = .float32) -> Tensor {
  check(heads > 0, "alibi: needs a head or more, got \(heads)")
  let whole = 1 << (Int.bitWidth - 1 - heads.leadingZeroBitCount)
  func slope(_ head: Double) -> Double { pow(2, -8 * head / Double(whole)) }
  let slopes = (1...whole).map { slope(Double($0)) } + (0..<heads - whole).map { slope(Double($0) + 0.5) }
  let distances = (Tensor.range(targets).expandingAxis(at: 1) - Tensor.range(sources)).absolute().cast(to: type)
  return distances * Tensor(slopes.map { -$0 }, shape: [heads, 1, 1]).cast(to: type)
}

/// The angle of each place and pair of features.
private func turns(_ time: Int, _ features: Int, _ base: Double) -> [[Double]] {
  (0..<time).map { place in
    stride(from: 0, to: features, by: 2).map { Double(place) * pow(base, -Double($0) / Double(features)) }
  }
}
