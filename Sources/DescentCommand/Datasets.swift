import ArgumentParser
import Descent

/// `descent datasets`.
struct Datasets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the data that is built in.",
    discussion: """
      Every fifth sample is the test part, but truth tables train and test on all four rows.

      Generated data take options behind the name, in any order: NAME:size=500,noise=0,seed=0, which are the defaults. \
      size is from 10 to 1,000,000, noise from 0 to 0.5.
      """)

  func run() {
    let rows = Catalog.all.map { entry in
      let task = entry.classes == 0 ? "quantity" : "\(entry.classes) classes"
      let samples = grouped(Double(entry.samples))
      return [entry.name, entry.kind.rawValue, task, samples, "\(entry.features)", entry.summary]
    }
    for line in alignedTable(["name", "kind", "target", "samples", "features", "description"], rows, numbers: [3, 4]) {
      print(line)
    }
    print(
      """

      Generated data take options: NAME:size=500,noise=0,seed=0 (these are the defaults), for example
        descent train spiral:size=1000,noise=0.1
      """)
  }
}
