import DescentTensors

extension Dataset {
  /// Rows to train on, and rows held back to watch the training.
  public typealias ValidationSplit = (training: [Int32], validation: [Int32])

  /// Shuffles the rows and holds a share of them back for validation.
  ///
  /// The same rows, share and seed give the same parts on every machine. round(share · rows) rows are held
  /// back, but at least one of two or more where the share is above 0, and never all.
  ///
  /// - Parameters:
  ///   - rows: the rows to divide.
  ///   - share: the part to hold back, from [0, 1).
  ///   - seed: draws the order.
  public static func validationSplit(rows: [Int32], share: Double, seed: UInt64) -> ValidationSplit {
    check(share >= 0 && share < 1, "validationSplit: the share must be in [0, 1), got \(share)")
    var shuffled = rows
    var generator = SplitMix64(seed: seed)
    generator.shuffle(&shuffled)
    var held = Int((share * Double(rows.count)).rounded())
    if share > 0 { held = max(held, 1) }
    held = min(held, rows.count - 1)
    guard held > 0 else { return (shuffled, []) }
    return (Array(shuffled[held...]), Array(shuffled[..<held]))
  }

  /// Divides the training rows like ``validationSplit(rows:share:seed:)``.
  ///
  /// A truth table is trained and tested on the same rows: of these none is held back, because a network
  /// can't learn a row that it never sees.
  public func validationSplit(share: Double, seed: UInt64) -> ValidationSplit {
    Self.validationSplit(rows: trainRows, share: testRows == trainRows ? 0 : share, seed: seed)
  }

  /// The split of all built-in and generated data: every fifth sample in file order, index mod 5 = 4, tests.
  static func everyFifth(of count: Int) -> (train: [Int32], test: [Int32]) {
    let rows = 0..<Int32(count)
    return (rows.filter { $0 % 5 != 4 }, rows.filter { $0 % 5 == 4 })
  }
}
