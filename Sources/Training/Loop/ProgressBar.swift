import DescentNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows a training run on standard output: a bar that moves within the epoch on a terminal, a line an epoch elsewhere.
public final class ProgressBar: Callback {
  private let isTerminal: Bool
  private let epochCount: Int
  private let show: (String) -> Void
  private let start = ContinuousClock().now
  private var lastDrawn = ContinuousClock().now
  private var epochSeconds: [Double] = []

  /// A bar for so many epochs.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the line may be drawn over; found out where it is left out.
  ///   - show: what is done with a piece of text; it goes to standard output at once where this is left out.
  public init(
    epochCount: Int, isTerminal: Bool = isatty(STDOUT_FILENO) == 1, show: @escaping (String) -> Void = ProgressBar.print
  ) {
    self.isTerminal = isTerminal
    self.epochCount = epochCount
    self.show = show
  }

  /// Writes on standard output, at once.
  public static func print(_ text: String) {
    Swift.print(text, terminator: "")
    fflush(nil)
  }

  /// Draws at most ten times a second.
  public func stepEnded(_ progress: StepProgress) {
    guard isTerminal else { return }
    let now = ContinuousClock().now
    guard now - lastDrawn >= .milliseconds(100) else { return }
    lastDrawn = now
    let elapsed = (now - start).seconds
    let done = Double((progress.epoch - 1) * progress.stepCount + progress.step)
    let left = elapsed / done * (Double(progress.epochCount * progress.stepCount) - done)
    let figures =
      " \(progress.step)/\(progress.stepCount)  \(grouped(progress.samplesPerSecond)) samples/s  \(duration(left)) left"
      + "  loss \(rounded(progress.loss))"
    // a line that breaks could not be drawn over
    let room = terminalWidth - 1
    let width = max(0, min(20, room - label(progress.epoch).count - 1 - figures.count))
    let filled = width * progress.step / max(progress.stepCount, 1)
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
    show("\r\u{1B}[K" + "\(label(progress.epoch)) \(bar)\(figures)".prefix(room))
  }

  /// Columns of the terminal; 80 where it does not say.
  private var terminalWidth: Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// One line an epoch.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    var line = "\(label(record.epoch))  loss \(rounded(record.loss))"
    if let accuracy = record.accuracy { line += "  accuracy \(rounded(accuracy))" }
    if let loss = record.validationLoss { line += "  validation loss \(rounded(loss))" }
    if let accuracy = record.validationAccuracy { line += "  validation accuracy \(rounded(accuracy))" }
    epochSeconds.append(record.seconds)
    let left = epochSeconds.reduce(0, +) / Double(epochSeconds.count) * Double(epochCount - record.epoch)
    line += "  \(grouped(record.samplesPerSecond)) samples/s"
    if record.epoch < epochCount { line += "  \(duration(left)) left" }
    show((isTerminal ? "\r\u{1B}[K" : "") + line + "\n")
    return nil
  }

  /// Clears a bar that a divergence left behind.
  public func clear() {
    if isTerminal { show("\r\u{1B}[K") }
  }

  private func label(_ epoch: Int) -> String {
    let width = "\(epochCount)".count
    let number = "\(epoch)"
    return "epoch " + String(repeating: " ", count: max(0, width - number.count)) + number + "/\(epochCount)"
  }
}

/// A number with four decimals, or in powers of ten where those would hide it.
package func rounded(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  let size = abs(value)
  if size != 0 && (size < 0.001 || size >= 1e6) {
    let exponent = Int(log10(size).rounded(.down))
    return "\((value / pow(10, Double(exponent)) * 1000).rounded() / 1000)e\(exponent)"
  }
  let scaled = Int((size * 10_000).rounded())
  let fraction = "\(scaled % 10_000)"
  return (value < 0 ? "−" : "") + "\(scaled / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
}

/// A whole number with commas: 12,345.
package func grouped(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var digits = "\(Int(value.rounded().magnitude))"
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits = String(digits.dropLast(3))
  }
  return (value < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
}

private func duration(_ seconds: Double) -> String {
  let whole = Int(seconds.rounded(.up))
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}
