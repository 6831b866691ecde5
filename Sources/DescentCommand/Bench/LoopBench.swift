import Descent

/// What the training loop keeps of the bare step's speed: `descent bench --loop`.
///
/// The work is that of `mlp`. The loop shuffles, gathers its batches, counts what was classified rightly, draws a progress
/// bar and writes metrics, all that `descent train` does but for validation; the bare step takes 64 batches in rotation
/// that are in memory.
struct LoopBench {
  /// Both readings, under the names of their JSON line.
  struct Reading: Encodable {
    let workload = "mlp"
    let unit = "samples/s"
    let loop, step: Double
    /// The median of the ratios within each round, which says more than that of medians where the machine is shared.
    let ratio: Double
    /// The quarters of the rounds with the lowest and the highest ratios lie beyond these.
    let ratioLow, ratioHigh: Double

    enum CodingKeys: String, CodingKey {
      case workload, unit, loop, step, ratio
      case ratioLow = "ratio_low"
      case ratioHigh = "ratio_high"
    }

    /// For people.
    var line: String {
      "the training loop: \(grouped(loop)) samples/s, the bare step: \(grouped(step)),"
        + " ratio \(rounded(ratio)) (half of the rounds: \(rounded(ratioLow)) to \(rounded(ratioHigh)))"
    }
  }

  private static let sizes = [784, 512, 256, 10]
  private static let batchSize = 128
  /// Steps of an epoch: few, so that both sides of a round meet the machine in the same state.
  private static let stepCount = 100

  /// Rounds of a short epoch by the loop and as many bare steps, in turn, for about so many seconds, eleven rounds at
  /// least. Every round takes other rows, from all over the data.
  static func measure(for seconds: Double) throws -> Reading {
    let dataset = try FashionMNIST.load()
    let data = TrainingData(BatchSource(dataset, scaling: .automatic(for: dataset, rows: dataset.trainRows)))
    var rows = dataset.trainRows
    var generator = SplitMix64(seed: 0)
    generator.shuffle(&rows)
    let epochSize = stepCount * batchSize
    let batches = (0..<64).map { batch in
      let rows = rows[batch * batchSize..<(batch + 1) * batchSize]
      return (inputs: data.inputs(of: rows), targets: data.targets(of: rows))
    }
    let network = RandomSource.withSeed(0) {
      Sequential.dense(
        inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), outputs: sizes[sizes.count - 1],
        activation: .relu)
    }
    let trainer = Trainer(network, loss: .crossEntropy, optimizer: .adam())
    let clock = ContinuousClock()

    func loopRate(_ round: Int) throws -> Double {
      let watchers: [any Callback] = [
        ProgressBar(epochCount: 1, isTerminal: true, show: { _ in }), try MetricsFile(path: "/dev/null"),
      ]
      let first = round % (rows.count / epochSize) * epochSize
      let epoch = Array(rows[first..<first + epochSize])
      let time = try clock.measure {
        try trainer.fit(
          data, rows: epoch, epochs: 1, batchSize: batchSize, seed: UInt64(round), callbacks: watchers)
      }
      return Double(epochSize) / time.seconds
    }
    func stepRate() -> Double {
      let time = clock.measure {
        for step in 0..<stepCount {
          let batch = batches[step % batches.count]
          trainer.train(batch.inputs, batch.targets)
        }
      }
      return Double(epochSize) / time.seconds
    }

    // the first round warms up
    _ = (try loopRate(0), stepRate())
    var readings: [(loop: Double, step: Double)] = []
    let start = clock.now
    while readings.count < 11 || (clock.now - start).seconds < seconds {
      // who goes first takes turns as well
      if readings.count.isMultiple(of: 2) {
        let loop = try loopRate(readings.count + 1)
        readings.append((loop, stepRate()))
      } else {
        let step = stepRate()
        readings.append((try loopRate(readings.count + 1), step))
      }
    }
    let ratios = readings.map { $0.loop / $0.step }.sorted()
    return Reading(
      loop: median(readings.map(\.loop)), step: median(readings.map(\.step)), ratio: median(ratios),
      ratioLow: ratios[ratios.count / 4], ratioHigh: ratios[ratios.count - 1 - ratios.count / 4])
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// The pictures that workloads are measured on.
enum FashionMNIST {
  /// The data set, where its package is installed.
  ///
  /// - Throws: `DataError` where it is not.
  static func load() throws -> Dataset {
    let folder = "/usr/share/datasets/fashion-mnist"
    guard Files.isDirectory(folder) else {
      throw DataError.missing(
        folder, "Fashion-MNIST is not installed; install it with: sudo apt-get install dataset-fashion-mnist")
    }
    return try Dataset.load(folder)
  }
}
