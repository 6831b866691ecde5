import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Minimisers over all samples at once, against PyTorch (Tests/References/minimizers.py) and certified values.
@Suite struct MinimizerTests {
  typealias Minimize = @Sendable ([Parameter], Int, @escaping @Sendable () -> Tensor) -> Minimum

  /// As many steps as are asked for.
  private static func steps(_ count: Int) -> StoppingRule { StoppingRule(iterations: count, gradient: 0, change: 0) }

  static let cases: [(name: String, minimize: Minimize)] = [
    // LBFGS(p, max_iter=k, history_size=100, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe")
    ("lbfgs", { LBFGS(stopping: steps($1)).minimize(over: $0, loss: $2) }),
    // the same with history_size=2
    ("lbfgs-short-history", { LBFGS(historySize: 2, stopping: steps($1)).minimize(over: $0, loss: $2) }),
    // Polak and Ribière's directions, _strong_wolfe(c2=0.1)
    ("conjugate-gradient", { ConjugateGradient(stopping: steps($1)).minimize(over: $0, loss: $2) }),
  ]

  @Test func everyCaseHasAReferenceAndEveryReferenceACase() throws {
    #expect(Set(Self.cases.map(\.name)) == (try References("minimizers").cases(of: "minimizer")))
  }

  @Test(arguments: 0..<cases.count)
  func stepsArePyTorchs(row: Int) throws {
    let references = try References("minimizers")
    let (inputs, targets) = (try references("problem/inputs"), try references("problem/targets"))
    let wanted = try references("minimizer/\(Self.cases[row].name)/weights")
    for count in 1...wanted.shape[0] {
      let weight = Parameter(try references("problem/start"))
      let minimum = Self.cases[row].minimize([weight], count) {
        (inputs.matmul(weight.value, transposingOther: true).tanh() - targets).squared().mean()
      }
      #expect(minimum.iterations == count)
      // rounding errors grow from step to step
      expectClose(
        weight.value, wanted.sliced(axis: 0, count - 1..<count).squeezed(axes: [0]), relative: 1e-6, absolute: 1e-8,
        "step \(count)")
    }
  }

  // MARK: Rosenbrock's valley

  static let minimizers: [(name: String, minimize: @Sendable (Parameter) -> Minimum)] = [
    (
      "lbfgs",
      { x in
        LBFGS(stopping: StoppingRule(iterations: 500, gradient: 1e-8, change: 1e-14)).minimize(over: [x]) {
          valley(x.value).squared().sum()
        }
      }
    ),
    (
      "conjugate-gradient",
      { x in
        ConjugateGradient(stopping: StoppingRule(iterations: 2000, gradient: 1e-8, change: 1e-14)).minimize(over: [x]) {
          valley(x.value).squared().sum()
        }
      }
    ),
    ("levenberg-marquardt", { x in LevenbergMarquardt().minimize(over: [x]) { valley(x.value) } }),
  ]

  /// (10·(y − x²), 1 − x): Rosenbrock's function is the sum of their squares, least at (1, 1).
  private static func valley(_ point: Tensor) -> Tensor {
    let (x, y) = (point.sliced(axis: 0, 0..<1), point.sliced(axis: 0, 1..<2))
    return Tensor.concatenate([10 * (y - x * x), 1 - x])
  }

  @Test(arguments: 0..<minimizers.count)
  func theValleysEndIsFound(row: Int) {
    let point = Parameter(Tensor([-1.2, 1.0]))
    let minimum = Self.minimizers[row].minimize(point)
    #expect(minimum.hasConverged)
    expectClose(point.value, Tensor([1.0, 1.0]), relative: 1e-5, absolute: 0, Self.minimizers[row].name)
  }

  @Test func singlePrecisionAndSeveralParameters() throws {
    let layer = Dense(weight: Tensor([Float(0), 0], shape: [1, 2]), bias: Tensor([Float(0)]))
    let inputs = Tensor([Float(1), 0, 0, 1, 1, 1, 2, 1], shape: [4, 2])
    let targets = Tensor([Float(3), 2, 4, 6], shape: [4, 1])
    // y = 2·x₁ + x₂ + 1
    for minimize: @Sendable (Dense) -> Minimum in [
      { layer in LBFGS().minimize(over: layer.parameters) { Loss.meanSquared(layer(inputs), targets) } },
      { layer in ConjugateGradient().minimize(over: layer.parameters) { Loss.meanSquared(layer(inputs), targets) } },
      { layer in LevenbergMarquardt().minimize(over: layer.parameters) { layer(inputs) - targets } },
    ] {
      for parameter in layer.parameters { parameter.value = .zeros(parameter.shape) }
      _ = minimize(layer)
      expectClose(layer.weight.value, Tensor([Float(2), 1], shape: [1, 2]), absolute: 1e-3)
      expectClose(try #require(layer.bias).value, Tensor([Float(1)]), absolute: 1e-3)
    }
  }

  @Test func rowsAndColumnsOfTheJacobianAgree() {
    let (a, b) = (Parameter(Tensor([0.3, -0.2, 0.7])), Parameter(Tensor(0.4)))
    let x = Tensor([0.1, 0.5, -0.3, 0.9, 1.5, 2.0])
    // six residuals of four parameters are differentiated by columns, three of them by rows
    func residuals(_ count: Int) -> Tensor {
      let x = x.sliced(axis: 0, 0..<count)
      return (x.expandingAxis(at: 1) * a.value).sin().sum(axes: [1]) * (b.value * x).exp()
    }
    let columns = LevenbergMarquardt.jacobian(of: residuals(6), [a, b])
    let rows = LevenbergMarquardt.jacobian(of: residuals(3), [a, b])
    #expect(columns.count == 4 && rows.count == 3)
    let joint = Tensor.stack(columns, axis: 1).sliced(axis: 0, 0..<3)
    expectClose(joint, Tensor.stack(rows), relative: 1e-12, absolute: 1e-12)
  }

  @Test func anUnderdeterminedSystemIsSolved() {
    let x = Parameter(Tensor([1.0, 1.0, 1.0]))
    let minimum = LevenbergMarquardt().minimize(over: [x]) { (x.value.squared().sum() - 12).reshaped(to: [1]) }
    #expect(minimum.loss < 1e-20)
    expectClose(x.value, Tensor([2.0, 2.0, 2.0]), relative: 1e-9)
  }

  @Test func aMinimumStaysWhereItIs() {
    let x = Parameter(Tensor([0.0]))
    let minimum = LBFGS().minimize(over: [x]) { x.value.squared().sum() }
    #expect(minimum == Minimum(loss: 0, iterations: 0, evaluations: 1, hasConverged: true))
  }

  /// NaN, a slope that is none, and a slope that leads uphill.
  @Test func whatCannotBeMinimisedHasNotConverged() {
    let x = Parameter(Tensor([-1.0]))
    let losses: [@Sendable () -> Tensor] = [
      { x.value.log().sum() }, { (x.value * 0).sqrt().sum() }, { (2 * x.value.stopGradient() - x.value).sum() },
    ]
    for (place, loss) in losses.enumerated() {
      for minimum in [LBFGS().minimize(over: [x], loss: loss), ConjugateGradient().minimize(over: [x], loss: loss)] {
        #expect(!minimum.hasConverged && minimum.iterations == 0, "loss \(place)")
      }
      #expect(x.value.reals() == [-1])
    }
    for loss in losses.dropLast() {
      let minimum = LevenbergMarquardt().minimize(over: [x]) { loss().reshaped(to: [1]) + 1 }
      #expect(!minimum.hasConverged && minimum.iterations == 0)
    }
  }

  // MARK: NIST's certified values

  @Test(arguments: NISTProblem.all)
  func levenbergMarquardtFindsCertifiedValues(problem: NISTProblem) {
    let parameters = problem.start.map { Parameter(Tensor($0)) }
    let minimum = LevenbergMarquardt().minimize(over: parameters) { problem.residuals(parameters.map(\.value)) }
    #expect(minimum.hasConverged)
    expectClose(Tensor([2 * minimum.loss]), Tensor([problem.sumOfSquares]), relative: 1e-9, absolute: 0)
    for (parameter, certified) in zip(parameters, problem.certified) {
      expectClose(parameter.value, Tensor(certified), relative: 1e-6, absolute: 0, problem.name)
    }
  }

  /// Each parameter is a multiple of its start, so that all have one size.
  @Test(arguments: NISTProblem.all.filter { $0.name != "MGH10" })
  func limitedMemoryFindsCertifiedValues(problem: NISTProblem) {
    let multiples = Parameter(Tensor(Array(repeating: 1.0, count: problem.start.count)))
    @Sendable func parameters() -> [Tensor] {
      problem.start.enumerated().map { place, start in
        multiples.value.sliced(axis: 0, place..<place + 1).reshaped(to: []) * start
      }
    }
    LBFGS(stopping: StoppingRule(iterations: 20_000, gradient: 0, change: 0)).minimize(over: [multiples]) {
      problem.residuals(parameters()).squared().sum()
    }
    for (found, certified) in zip(parameters(), problem.certified) {
      expectClose(found, Tensor(certified), relative: 1e-6, absolute: 0, problem.name)
    }
  }

  // MARK: Programmer's errors

  @Test func mistakesStopWithAMessage() async {
    let history = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LBFGS(historySize: 0)
    }
    #expect(message(history).contains("LBFGS: needs a history of 1 step or more, got 0"))
    let damping = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LevenbergMarquardt(damping: 0)
    }
    #expect(message(damping).contains("damping above 0, got 1000, 1e-12, 0.0"))
  }
}

/// A nonlinear regression problem of NIST's Statistical Reference Datasets, from its second start
/// (https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml).
struct NISTProblem: Sendable, CustomTestStringConvertible {
  let name: String
  let start, certified: [Double]
  /// The certified sum of the squared residuals.
  let sumOfSquares: Double
  let y, x: [Double]

  static let all = [mgh09, mgh10, mgh17, thurber, eckerle4, rat43]

  var testDescription: String { name }

  /// The model minus the data.
  func residuals(_ b: [Tensor]) -> Tensor { model(b, Tensor(x)) - Tensor(y) }

  private func model(_ b: [Tensor], _ x: Tensor) -> Tensor {
    switch name {
    case "MGH09": return b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3])
    case "MGH10": return b[0] * (b[1] / (x + b[2])).exp()
    case "MGH17": return b[0] + b[1] * (-x * b[3]).exp() + b[2] * (-x * b[4]).exp()
    case "Thurber":
      let (square, cube) = (x * x, x * x * x)
      return (b[0] + b[1] * x + b[2] * square + b[3] * cube) / (1 + b[4] * x + b[5] * square + b[6] * cube)
    case "Eckerle4": return b[0] / b[1] * (-0.5 * ((x - b[2]) / b[1]).squared()).exp()
    default: return b[0] / (1 + (b[1] - b[2] * x).exp()).power(1 / b[3])
    }
  }
}
