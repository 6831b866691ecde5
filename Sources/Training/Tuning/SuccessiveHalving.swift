import DescentTensors

/// Many trials of few epochs, of which the best part goes on with several times the epochs, and so on, until the last ones
/// have all: rung i of s + 1, from 0, has ⌊n/ηⁱ⌋ trials of R/ηˢ⁻ⁱ epochs, so that every rung takes about as long.
///
/// A trial starts from fresh weights at every rung: a schedule such as one-cycle ends with the epochs that it was made for,
/// and weights that went through its end are no start for a longer one.
///
/// Source: K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016;
/// L. Li et al., "Hyperband", 2017, with a single bracket.
public struct SuccessiveHalving: Sendable, Equatable {
  /// Trials of as many epochs each.
  public struct Rung: Sendable, Equatable {
    /// How many trials get there at most; one that diverged does not go on.
    public let trials: Int
    /// The epochs of each.
    public let epochs: Int
  }

  /// From many trials of few epochs to few trials of many.
  public let rungs: [Rung]

  /// - Parameters:
  ///   - trials: n, 1 or more.
  ///   - epochs: R, those of the last rung: 1 or more.
  ///   - leastEpochs: fewer tell nothing about a trial: there are as many rungs as keep the first one's from falling below.
  ///   - factor: η, 2 or more.
  public init(
    trials: Int, epochs: Int, leastEpochs: Int = 1, factor: Int = 3, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      trials > 0 && epochs > 0 && factor > 1,
      "SuccessiveHalving: needs a trial, an epoch and a factor of 2 or more, got \(trials), \(epochs) and \(factor)",
      file: file, line: line)
    var powers = [1]
    while case let next = powers[powers.count - 1] * factor, next <= trials, epochs / next >= max(1, leastEpochs) {
      powers.append(next)
    }
    rungs = zip(powers, powers.reversed()).map { share, part in
      Rung(trials: trials / share, epochs: Int((Double(epochs) / Double(part)).rounded()))
    }
  }

  /// Runs the search.
  ///
  /// - Parameters:
  ///   - known: results of an earlier run of the same search, which are not measured again.
  ///   - isOver: whether time is up; asked before each trial.
  ///   - measure: trains a trial, counted from 0, for so many epochs at a rung, counted from 1; nil where time was up.
  /// - Returns: all results up to the end, rung by rung; within a rung in the order of the one before, so that what was
  ///   measured before time was up were its best.
  public func run(
    known: [TrialResult] = [], isOver: () -> Bool = { false },
    measure: (_ trial: Int, _ rung: Int, _ epochs: Int) throws -> TrialResult?
  ) rethrows -> [TrialResult] {
    var results: [TrialResult] = []
    var entrants = Array(0..<rungs[0].trials)
    for (place, rung) in rungs.enumerated() {
      var ended: [TrialResult] = []
      for trial in entrants.prefix(rung.trials) {
        if let result = known.first(where: { $0.trial == trial && $0.epochs == rung.epochs }) {
          ended.append(result)
        } else if !isOver(), let result = try measure(trial, place + 1, rung.epochs) {
          ended.append(result)
        } else {
          return results + ended
        }
      }
      results += ended
      entrants = TrialResult.ranked(ended).filter(\.loss.isFinite).map(\.trial)
    }
    return results
  }
}
