import ArgumentParser
import Descent

/// `descent datasets`.
struct Datasets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the data that is built in.",
    discussion: "Generated data take options: NAME:size=500,noise=0,seed=0 (these are the defaults).")

  func run() {
    let entries = Catalog.all
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      print(entry.name + String(repeating: " ", count: width - entry.name.count), " \(entry.summary)")
    }
  }
}
