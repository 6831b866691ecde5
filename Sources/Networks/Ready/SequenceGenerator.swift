import DescentTensors
import Foundation

/// A network that tells the next symbol of a sequence: ``CharRNN`` or ``TransformerLM``.
public protocol SequenceGenerator: Module {
  /// Symbols that go on with a text, one by one, each drawn from softmax(logits / temperature) of the symbols before it.
  ///
  /// Draws from ``DescentTensors/RandomSource/current``: the same seed gives the same symbols.
  ///
  /// - Parameters:
  ///   - count: how many, 0 or more.
  ///   - prompt: what comes before, one symbol or more.
  ///   - temperature: below 1 likely symbols become likelier, above 1 less so; 0 takes the likeliest, the first of equals.
  ///   - end: the symbol behind which nothing follows; it is the last of those returned.
  func generate(
    _ count: Int, after prompt: [Int], temperature: Double, until end: Int?, file: StaticString, line: UInt
  ) -> [Int]
}

/// Stops where a text cannot be gone on with.
func checkPrompt(
  _ prompt: [Int], symbols: Int, _ temperature: Double, in network: String, _ file: StaticString, _ line: UInt
) {
  check(
    !prompt.isEmpty && prompt.allSatisfy { (0..<symbols).contains($0) },
    "\(network): generation needs a prompt of one symbol of 0 ..< \(symbols) or more, got \(prompt)", file: file,
    line: line)
  check(
    temperature >= 0 && temperature.isFinite,
    "\(network): the temperature must be 0 or more, got \(temperature)", file: file, line: line)
}

/// Symbols one by one; `logits` gives those of the next from the one that was drawn last, nil for the first.
func extended(
  by count: Int, temperature: Double, until end: Int?, logits: (_ last: Int?) -> [Double]
) -> [Int] {
  check(count >= 0, "generation of \(count) symbols: must be 0 or more")
  // all at once: one operation on random numbers, not one a symbol
  let draws = temperature > 0 ? Tensor.randomUniform([count], from: 0, to: 1, type: .float64).reals() : []
  var found: [Int] = []
  while found.count < count {
    let scores = logits(found.last)
    found.append(
      temperature > 0
        ? drawn(from: scores.map { $0 / temperature }, at: draws[found.count]) : greatest(of: scores))
    if found.last == end { break }
  }
  return found
}

/// The symbol in whose part of the distribution softmax(scores) a number of [0, 1) lies.
private func drawn(from scores: [Double], at place: Double) -> Int {
  let top = scores.max() ?? 0
  let weights = scores.map { exp($0 - top) }
  var left = place * weights.reduce(0, +)
  for (symbol, weight) in weights.enumerated() {
    left -= weight
    if left < 0 { return symbol }
  }
  // rounding may leave a rest behind the last part
  return weights.lastIndex { $0 > 0 } ?? greatest(of: scores)
}

private func greatest(of scores: [Double]) -> Int {
  scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
}
