/// What stands behind the name of a generated data set: `NAME:size=500,noise=0,seed=0`, in any order, each
/// with these defaults.
struct GeneratedOptions: Equatable {
  /// How many samples; every fifth of them tests.
  var size = 500
  /// How far samples are shifted, from 0 to 0.5; see each data set.
  var noise = 0.0
  /// Draws the samples; the same seed draws the same ones everywhere.
  var seed: UInt64 = 0

  static let sizes = 10...1_000_000
  static let noises = 0.0...0.5

  init() {}

  /// Reads `size=500,noise=0.1`; nothing at all leaves the defaults.
  init(_ text: Substring, of name: String) throws(DatasetNameError) {
    var seen: Set<Substring> = []
    for option in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw DatasetNameError(
          "'\(name):\(text)': '\(option)' is no option; write them as \(name):size=500,noise=0,seed=0")
      }
      let (key, value) = (parts[0], parts[1])
      guard seen.insert(key).inserted else { throw DatasetNameError("'\(name):\(text)': '\(key)' stands there twice") }
      func refused(_ wanted: String) -> DatasetNameError {
        DatasetNameError("'\(name):\(text)': \(key) must be \(wanted), got '\(value)'")
      }
      switch key {
      case "size":
        guard let size = Int(value), Self.sizes.contains(size) else {
          throw refused("a whole number from \(Self.sizes.lowerBound) to \(Self.sizes.upperBound)")
        }
        self.size = size
      case "noise":
        guard let noise = Double(value), Self.noises.contains(noise) else { throw refused("a number from 0 to 0.5") }
        self.noise = noise
      case "seed":
        guard let seed = UInt64(value) else { throw refused("a whole number from 0 to \(UInt64.max)") }
        self.seed = seed
      default:
        throw DatasetNameError("'\(name):\(text)': there is no option '\(key)'; there are size, noise and seed")
      }
    }
  }
}
