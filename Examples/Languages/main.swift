// Which language is this word? A recurrent network reads it from both ends.
//
//     swift run -c release ExampleLanguages [FOLDER] [WORDS] [EPOCHS] [UNITS] [SEED]
//
// The folder holds a list of words for each language, a word a line; Debian's and Ubuntu's packages wamerican, wfrench,
// wngerman, wspanish and witalian fill /usr/share/dict, which is read where no other is given. WORDS of each list are
// drawn by the seed, and a fifth of them is held out.

import Descent
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
func number(_ place: Int, _ standard: Int) -> Int {
  arguments.count > place ? Int(arguments[place]) ?? standard : standard
}
let folder = arguments.first ?? "/usr/share/dict"
let (count, epochs, units, seed) = (number(1, 80_000), number(2, 6), number(3, 192), UInt64(number(4, 0)))
let (languages, longest) = (["american-english", "french", "ngerman", "spanish", "italian"], 16)

var random = SplitMix64(seed: seed)
var words: [(text: Substring, language: Int32)] = []
for (language, name) in languages.enumerated() {
  guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
    text.count(where: \.isNewline) >= 200
  else {
    print("Too few words, if any: \(folder)/\(name). Install wamerican, wfrench, wngerman, wspanish and witalian.")
    exit(1)
  }
  words += text.split(whereSeparator: \.isNewline).shuffled(using: &random).prefix(count).map { ($0, Int32(language)) }
}
words.shuffle(using: &random)
let letters = Set(words.flatMap(\.text)).sorted()
let index = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, Int32($0 + 1)) })

/// Letters by their index, 0 where a word has ended; of a long word, its end.
func samples(_ words: ArraySlice<(text: Substring, language: Int32)>) -> TensorSamples {
  let rows = words.flatMap { word in
    let row = word.text.suffix(longest).compactMap { index[$0] }
    return row + [Int32](repeating: 0, count: longest - row.count)
  }
  return TensorSamples(
    inputs: Tensor(rows, shape: [words.count, longest]), targets: Tensor(words.map(\.language), shape: [words.count]))
}

/// The letters, a recurrent layer that stops where a word does, and what its last states say.
struct Reader: Module {
  let (letters, recurrent, dropout, output): (Embedding, GRU, Dropout, Dense)

  func callAsFunction(_ input: Tensor) -> Tensor {
    output(dropout(recurrent.run(letters(input), mask: input .> 0).output))
  }
}

let network = RandomSource.withSeed(seed) {
  Reader(
    letters: Embedding(letters.count + 1, 32), recurrent: GRU(32, units, bidirectional: true, output: .last),
    dropout: Dropout(0.4), output: Dense(2 * units, languages.count))
}
let held = words.count / 5
let (training, test) = (samples(words[held...]), samples(words[..<held]))
let trainer = Trainer(network, loss: .crossEntropy, optimizer: .adam(learningRate: 0.002))
let steps = epochs * ((training.count + 127) / 128)
try trainer.fit(
  training, epochs: epochs, batchSize: 128, seed: seed, schedule: .oneCycle(maximum: 0.004, steps: steps),
  callbacks: [ProgressBar(epochCount: epochs)])
print("held out: accuracy \(trainer.evaluate(test).classification?.accuracy ?? 0)")
