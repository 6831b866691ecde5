import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// MARK: Cosines and cycles

extension Schedule {
  /// How a rate goes from one value to another.
  public enum Annealing: Sendable, Hashable {
    /// Along half a wave.
    case cosine
    /// In a straight line.
    case linear

    /// The value at a share of the way.
    func value(from start: Double, to end: Double, at share: Double) -> Double {
      switch self {
      case .cosine: end + (start - end) / 2 * (1 + cos(.pi * share))
      case .linear: start + (end - start) * share
      }
    }
  }

  /// Half a wave down from η₀ to the minimum, m + ½·(η₀ − m)·(1 + cos(π·t / steps)), and up again behind it (Loshchilov and
  /// Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017): PyTorch's `CosineAnnealingLR`.
  public static func cosine(
    steps: Int, minimum: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(steps, "cosine", file: file, line: line)
    return Schedule { Annealing.cosine.value(from: $1, to: minimum, at: Double($0) / Double(steps)) }
  }

  /// Half a wave down from η₀ to the minimum, again and again, each so many times as long as the one before: PyTorch's
  /// `CosineAnnealingWarmRestarts`.
  ///
  /// - Parameters:
  ///   - steps: the steps of the first wave.
  ///   - growth: how many times as long the next one is, 1 or more.
  public static func cosineWithRestarts(
    steps: Int, growth: Int = 1, minimum: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(min(steps, growth), "cosineWithRestarts", file: file, line: line)
    return Schedule { step, base in
      var (place, length) = (step, steps)
      if growth == 1 { place %= length }
      while place >= length {
        place -= length
        length *= growth
      }
      return Annealing.cosine.value(from: base, to: minimum, at: Double(place) / Double(length))
    }
  }

  /// How the height of cycles changes.
  public enum CycleScaling: Sendable, Hashable {
    /// Not.
    case none
    /// It is halved with every cycle: PyTorch's `triangular2`.
    case halving
    /// It falls by this factor with every step: PyTorch's `exp_range`.
    case exponential(Double)
  }

  /// Up from η₀ to a maximum and down again in straight lines, over and over (Smith, "Cyclical learning rates for training
  /// neural networks", 2017): PyTorch's `CyclicLR`.
  ///
  /// - Parameters:
  ///   - maximum: the rate at the top of the first cycle.
  ///   - up: steps up.
  ///   - down: steps down; as many where it is left out.
  public static func cyclic(
    maximum: Double, up: Int = 2000, down: Int? = nil, scaling: CycleScaling = .none, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Schedule {
    let down = down ?? up
    checkSteps(min(up, down), "cyclic", file: file, line: line)
    return Schedule { step, base in
      let (cycle, place) = (step / (up + down), step % (up + down))
      let height = place <= up ? Double(place) / Double(up) : Double(up + down - place) / Double(down)
      let scale =
        switch scaling {
        case .none: 1.0
        case .halving: pow(0.5, Double(cycle))
        case .exponential(let factor): pow(factor, Double(step))
        }
      return base + (maximum - base) * height * scale
    }
  }

  /// Up to a maximum and down to nearly nothing, once (Smith and Topin, "Super-convergence: very fast training of neural
  /// networks using large learning rates", 2019): PyTorch's `OneCycleLR`, without its cycle of the momentum. η₀ plays no
  /// part.
  ///
  /// - Parameters:
  ///   - maximum: the rate at the top.
  ///   - steps: all steps, 2 or more; the last rate stays behind them.
  ///   - rising: the share of steps that go up, in (0, 1); `pct_start`.
  ///   - startDivisor: the start is the maximum divided by this; `div_factor`.
  ///   - endDivisor: the end is the start divided by this; `final_div_factor`.
  public static func oneCycle(
    maximum: Double, steps: Int, rising: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4,
    annealing: Annealing = .cosine, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(steps - 1, "oneCycle", file: file, line: line)
    check(
      rising > 0 && rising < 1 && startDivisor > 0 && endDivisor > 0,
      "Schedule.oneCycle: rising must lie in (0, 1) and divisors above 0, got \(rising), \(startDivisor), \(endDivisor)",
      file: file, line: line)
    let (start, last) = (maximum / startDivisor, Double(steps - 1))
    let top = rising * Double(steps) - 1
    return Schedule { step, _ in
      let step = min(Double(step), last)
      if step < top { return annealing.value(from: start, to: maximum, at: step / top) }
      return annealing.value(from: maximum, to: start / endDivisor, at: (step - top) / (last - top))
    }
  }
}
