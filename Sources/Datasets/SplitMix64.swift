import DescentTensors

/// A small random generator whose numbers are the same on every machine and in every release, for
/// what must be reproducible and is drawn in one thread: generated data sets and the order of samples.
///
/// state ← state + 0x9E3779B97F4A7C15; a number is the state, mixed by two multiplications.
/// The standard library's own `shuffle` and `random` do not promise their algorithm, so the draws that
/// Descent needs are defined here.
///
/// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that draws the sequence of this seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from [0, 1): the upper 53 bits over 2⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from [lower, upper).
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double { lower + uniform() * (upper - lower) }

  /// A whole number from 0 ..< bound: the upper half of the 128-bit product of a draw and the bound. For
  /// bounds below 2³² no number is more likely than another by more than 1 part in 2³².
  public mutating func below(_ bound: Int) -> Int {
    check(bound > 0, "SplitMix64.below(\(bound)): the bound must be positive")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Puts the elements into a random order, each order as likely as another (Fisher–Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    var last = elements.count - 1
    while last > 0 {
      elements.swapAt(last, below(last + 1))
      last -= 1
    }
  }
}
