// A network learns to spell: it reads words letter by letter and says which letter is next, or that the word ends.
//
//     swift run -c release ExampleCharacters [WORDS] [EPOCHS] [UNITS] [SEED]
//
// WORDS is a text with a word a line; on Debian and Ubuntu the package wamerican brings one, which is what is read where
// none is given. A tenth of the words is held out: the figure is what their letters cost, word ends counted, in nats.

import Descent
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
func number(_ place: Int, _ standard: Int) -> Int {
  arguments.count > place ? Int(arguments[place]) ?? standard : standard
}
let path = arguments.first ?? "/usr/share/dict/american-english"
let (epochs, units, seed) = (number(1, 6), number(2, 256), UInt64(number(3, 0)))

guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.count(where: \.isNewline) >= 500 else {
  print("Too few words to learn from in \(path), if any. Install the package wamerican, or name a list of 500 or more.")
  exit(1)
}
var random = SplitMix64(seed: seed)
let words = text.split(whereSeparator: \.isNewline).shuffled(using: &random)
let alphabet = Set(words.joined(separator: "\n")).sorted()
let index = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, Int32($0)) })

/// Whole words in rows of 64 letters, behind a line's end: each letter is the target of those before it. What a row has
/// left is filled with line ends whose target, -1, does not count.
func samples(_ words: ArraySlice<Substring>) -> TensorSamples {
  let (length, end) = (64, index["\n"]!)
  var (inputs, targets): ([Int32], [Int32]) = ([], [])
  for word in words {
    let letters = word.compactMap { index[$0] }
    let room = length - inputs.count % length
    if letters.count + 1 > room {
      inputs += [Int32](repeating: end, count: room)
      targets += [Int32](repeating: -1, count: room)
    }
    inputs += [end] + letters
    targets += letters + [end]
  }
  let count = inputs.count / length
  return TensorSamples(
    inputs: Tensor(Array(inputs.prefix(count * length)), shape: [count, length]),
    targets: Tensor(Array(targets.prefix(count * length)), shape: [count, length]))
}

let held = words.count / 10
let (training, test) = (samples(words[held...]), samples(words[..<held]))
let network = RandomSource.withSeed(seed) {
  Sequential {
    Embedding(alphabet.count, 64)
    LSTM(64, units)
    Dense(units, alphabet.count)
  }
}
let trainer = Trainer(
  network, loss: .crossEntropy(ignoredIndex: -1), optimizer: .adam(learningRate: 0.003, clipping: .globalNorm(1)))
print("\(words.count) words of \(alphabet.count) letters, \(network.parameterCount) parameters")
let steps = epochs * ((training.count + 15) / 16)
try trainer.fit(
  training, epochs: epochs, batchSize: 16, seed: seed, schedule: .oneCycle(maximum: 0.003, steps: steps),
  callbacks: [ProgressBar(epochCount: epochs)])
print("held out: \(trainer.evaluate(test).loss) nats a letter")
