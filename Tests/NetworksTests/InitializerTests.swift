import DescentNetworks
import DescentTensors
import Testing

@Suite struct InitializerTests {
  /// A distribution around 0, from which numbers are drawn one by one.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let initializer: Initializer
    /// From fan-in and fan-out.
    let variance: @Sendable (Double, Double) -> Double
    let form: Form

    init(
      _ initializer: Initializer, _ name: String? = nil, form: Form = .normal,
      variance: @escaping @Sendable (Double, Double) -> Double
    ) {
      (self.initializer, self.form, self.variance) = (initializer, form, variance)
      testDescription = name ?? initializer.name
    }
  }

  enum Form: Sendable {
    case normal, truncated, uniform

    /// The fourth moment in units of the variance's square.
    var kurtosis: Double {
      switch self {
      case .normal: 3
      // scipy.stats.truncnorm(-2, 2).stats("k") + 3
      case .truncated: 2.3655367171296495
      case .uniform: 1.8
      }
    }

    /// The farthest number in standard deviations of all that are drawn.
    var reach: Double {
      switch self {
      case .normal: .infinity
      // scipy.stats.truncnorm.std(-2, 2)
      case .truncated: 2 / 0.87962566103423978
      case .uniform: 3.0.squareRoot()
      }
    }
  }

  /// The variance within two standard deviations of 1: scipy.stats.truncnorm.var(-2, 2).
  private static let truncatedVariance = 0.7737413035499232

  static let rows = [
    Row(.normal()) { _, _ in 1e-6 },
    Row(.normal(standardDeviation: 2), "normal 2") { _, _ in 4 },
    Row(.uniform(), form: .uniform) { _, _ in 0.1 * 0.1 / 12 },
    Row(.uniform(from: -3, to: 3), "uniform 3", form: .uniform) { _, _ in 3 },
    Row(.truncatedNormal(), form: .truncated) { _, _ in 0.05 * 0.05 * truncatedVariance },
    Row(.truncatedNormal(standardDeviation: 2), "truncated-normal 2", form: .truncated) { _, _ in
      4 * truncatedVariance
    },
    Row(.leCunNormal) { fanIn, _ in 1 / fanIn },
    Row(.leCunUniform, form: .uniform) { fanIn, _ in 1 / fanIn },
    Row(.glorotNormal) { 2 / ($0 + $1) },
    Row(.glorotUniform, form: .uniform) { 2 / ($0 + $1) },
    Row(.heNormal) { fanIn, _ in 2 / fanIn },
    Row(.heUniform, form: .uniform) { fanIn, _ in 2 / fanIn },
    Row(.uniformByFanIn, form: .uniform) { fanIn, _ in 1 / (3 * fanIn) },
    Row(.varianceScaling(), form: .truncated) { fanIn, _ in 1 / fanIn },
    Row(.varianceScaling(scale: 3, by: .fanOut), "variance-scaling out", form: .truncated) { _, fanOut in 3 / fanOut },
    Row(.varianceScaling(scale: 0.5, by: .average, distribution: .uniform), "variance-scaling mean", form: .uniform) {
      1 / ($0 + $1)
    },
    Row(.varianceScaling(scale: 2, by: .average, distribution: .normal), "variance-scaling normal") { 4 / ($0 + $1) },
  ]

  /// Initializers that are no such distribution, each of which a test below is for.
  static let others = ["zeros", "ones", "constant", "orthogonal", "identity", "dirac", "sparse"]

  @Test func everyInitializerHasARowAndIsFoundByItsName() {
    let names = Initializer.all.map(\.name)
    #expect(Set(names) == Set(Self.rows.map(\.initializer.name) + Self.others))
    #expect(Set(names).count == names.count)
    for name in names { #expect(Initializer.named(name)?.name == name) }
    #expect(Initializer.named("Zeros")?.name == nil)
    #expect(Initializer { .ones($0, type: $1) }.name == "custom")
  }

  /// [outputs, inputs, kernel...]: fan-in is inputs · kernel, fan-out outputs · kernel.
  @Test(arguments: rows, [([200, 120], 120, 200), ([40, 30, 4, 5], 600, 800)] as [(Shape, Double, Double)])
  func meanAndVariance(row: Row, weights: (shape: Shape, fanIn: Double, fanOut: Double)) {
    for type in [ElementType.float32, .float64] {
      let numbers = RandomSource.withSeed(7) { row.initializer(weights.shape, type: type) }.reals()
      let (count, variance) = (Double(numbers.count), row.variance(weights.fanIn, weights.fanOut))
      let mean = numbers.reduce(0, +) / count
      let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      // five standard errors
      #expect(abs(mean) < 5 * (variance / count).squareRoot())
      #expect(abs(spread - variance) < 5 * variance * ((row.form.kurtosis - 1) / count).squareRoot())
      let bound = row.form.reach * variance.squareRoot()
      let farthest = numbers.map(abs).max() ?? 0
      if row.form == .normal {
        #expect(farthest > 3 * variance.squareRoot())
      } else {
        #expect(farthest <= bound * (1 + 1e-6) && farthest > 0.99 * bound)
      }
    }
  }

  @Test func sameSeedSameNumbers() {
    for initializer in Self.rows.map(\.initializer) + [.orthogonal(), .sparse()] {
      let draw = { (seed: UInt64) in
        RandomSource.withSeed(seed) {
          (initializer([3, 4]).scalars(Float.self), initializer([3, 4]).scalars(Float.self))
        }
      }
      let (one, again, other) = (draw(1), draw(1), draw(2))
      #expect(one == again, "\(initializer.name)")
      #expect(one.0 != one.1 && one.0 != other.0, "\(initializer.name)")
    }
  }

  @Test func constants() {
    #expect(Initializer.zeros([2, 2]).scalars(Float.self) == [0, 0, 0, 0])
    #expect(Initializer.ones([3], type: .float64).scalars(Double.self) == [1, 1, 1])
    #expect(Initializer.constant(0.5)([3], type: .float64).scalars(Double.self) == [0.5, 0.5, 0.5])
    #expect(Initializer { .ones($0, type: $1) }([2]).scalars(Float.self) == [1, 1])
    #expect(Initializer.zeros([0, 2]).shape == [0, 2])
    #expect(Initializer.normal(mean: 7, standardDeviation: 0)([2]).scalars(Float.self) == [7, 7])
  }

  // MARK: Truncated normal

  /// Mean and variance of what lies within bounds: scipy.stats.truncnorm(a, b, m, s).stats("mv").
  @Test(arguments: [
    // one side only, all of it, a strip far above the mean, one far below, and one of two unequal sides
    (0.0, 1.0, 0.0...100.0, 0.7978845608028654, 0.3633802276324186), (1.0, 0.5, -100.0...100.0, 1.0, 0.25),
    (0.0, 1.0, 6.0...7.0, 6.157210903378302, 0.02274838111737154),
    (0.0, 1.0, -7.0 ... -6.0, -6.157210903378302, 0.02274838111737154),
    (3.0, 2.0, 0.0...4.0, 2.2874542316458806, 1.1209926006049002),
  ])
  func boundsHold(mean: Double, deviation: Double, bounds: ClosedRange<Double>, middle: Double, variance: Double) {
    let initializer = Initializer.truncatedNormal(mean: mean, standardDeviation: deviation, within: bounds)
    let numbers = RandomSource.withSeed(3) { initializer([4000], type: .float64) }.reals()
    let found = numbers.reduce(0, +) / 4000
    let spread = numbers.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 4000
    #expect(numbers.allSatisfy { bounds.contains($0) })
    #expect(abs(found - middle) < 5 * (variance / 4000).squareRoot(), "\(found)")
    // no distribution here has a kurtosis above 9, an exponential's
    #expect(abs(spread - variance) < 5 * variance * (8.0 / 4000).squareRoot(), "\(spread)")
  }

  /// The quantiles themselves: a uniform number u becomes the place below which lies the share u.
  @Test func numbersAreQuantilesOfUniformOnes() {
    let drawn = RandomSource.withSeed(5) { Initializer.truncatedNormal(standardDeviation: 1)([500], type: .float64) }
    let shares = RandomSource.withSeed(5) { Tensor.randomUniform([500], type: .float64) }
    let cumulative = ((drawn / 2.0.squareRoot()).erf() + 1) / 2
    let (low, mass) = (0.022750131948179195, 0.9544997361036416)
    expectClose((cumulative - low) / mass, shares, relative: 0, absolute: 1e-12)
  }

  // MARK: Matrices

  @Test(
    arguments: [[5, 5], [3, 8], [8, 3], [40, 40], [4, 2, 3, 3], [1, 6], [6, 1]], [ElementType.float32, .float64])
  func orthogonalVectors(shape: Shape, type: ElementType) {
    for gain in [1.0, 1.5] {
      let weights = RandomSource.withSeed(2) { Initializer.orthogonal(gain: gain)(shape, type: type) }
      #expect(weights.shape == shape && weights.type == type)
      let matrix = weights.cast(to: .float64).flattened(from: 1)
      let vectors = matrix.shape[0] <= matrix.shape[1] ? matrix : matrix.transposed()
      let unit = Tensor.range(vectors.shape[0]).oneHot(count: vectors.shape[0], type: .float64) * (gain * gain)
      let error = type == .float32 ? 1e-6 : 1e-13
      expectClose(vectors.matmul(vectors, transposingOther: true), unit, relative: 0, absolute: error)
    }
  }

  /// The vectors are those of the normal matrix, in order: R of the decomposition is a triangle with a positive diagonal.
  @Test(arguments: [(4, 7), (20, 30)]) func orthogonalKeepsTheSigns(count: Int, length: Int) {
    let drawn = RandomSource.withSeed(2) { Tensor.randomNormal([count, length], type: .float64) }
    let made = RandomSource.withSeed(2) { Initializer.orthogonal()([count, length], type: .float64) }
    let triangle = made.matmul(drawn, transposingOther: true).reals()
    for row in 0..<count {
      for column in 0..<count where column <= row {
        let number = triangle[count * row + column]
        #expect(row == column ? number > 0 : abs(number) < 1e-13)
      }
    }
  }

  @Test func exactOnesArePyTorchs() throws {
    let references = try References("weights")
    let names = references.cases(of: "start")
    #expect(names.filter { $0.hasPrefix("dirac/") }.count == 4 && names.count == 7)
    for name in names {
      let wanted = try references("start/\(name)/value")
      let initializer: Initializer
      if name.hasPrefix("dirac/") {
        // init.dirac_(torch.empty(shape), groups)
        initializer = .dirac(groups: try #require(Int(name.split(separator: "-").last ?? "")))
      } else {
        // init.eye_(torch.empty(shape))
        initializer = .identity()
        expectClose(Initializer.identity(gain: 2)(wanted.shape), wanted * 2, relative: 0, absolute: 0, name)
      }
      expectClose(initializer(wanted.shape), wanted, relative: 0, absolute: 0, name)
    }
  }

  @Test func aDiracKernelPassesItsInputOn() {
    let layer = Conv2D(6, 6, kernel: [3, 5], padding: .same, groups: 3, bias: false, weights: .dirac(groups: 3))
    let picture = normals([2, 6, 5, 7], seed: 1).cast(to: .float32)
    expectClose(layer(picture), picture, relative: 0, absolute: 0)
  }

  @Test(arguments: [(0.1, 2), (0.5, 10), (0.51, 11), (0.0, 0), (1.0, 20)])
  func sparseColumns(sparsity: Double, zeros: Int) {
    let weights = RandomSource.withSeed(4) {
      Initializer.sparse(sparsity: sparsity, standardDeviation: 3)([20, 50], type: .float64)
    }
    let numbers = weights.reals()
    var places: Set<[Int]> = []
    for column in 0..<50 {
      let zeroRows = (0..<20).filter { numbers[$0 * 50 + column] == 0 }
      #expect(zeroRows.count == zeros)
      places.insert(zeroRows)
    }
    // every column has its own, unless there is but one way
    #expect([0, 20].contains(zeros) || places.count > 20)
    let rest = numbers.filter { $0 != 0 }
    let variance = rest.reduce(0) { $0 + $1 * $1 } / Double(max(rest.count, 1))
    #expect(rest.isEmpty || abs(variance - 9) < 5 * 9 * (2 / Double(rest.count)).squareRoot())
  }

  // MARK: What does not fit

  @Test func shapesThatDoNotFitAreNamed() {
    let rows: [(Initializer, Shape, String)] = [
      (.orthogonal(), [3], "it is for two axes or more"), (.identity(), [3, 3, 3], "it is for two axes"),
      (.sparse(), [3], "it is for two axes"), (.dirac(), [3, 3], "it is for kernels of one, two or three axes"),
      (.dirac(groups: 2), [3, 3, 3], "3 outputs cannot be divided into 2 groups"),
    ]
    for (initializer, shape, objection) in rows { #expect(initializer.objection(to: shape) == objection) }
    for initializer in Initializer.all where initializer.name != "dirac" {
      #expect(initializer.objection(to: [4, 3]) == nil)
    }
    #expect(Initializer.dirac().objection(to: [4, 3, 2]) == nil)
  }

  @Test func mistakesStopWithAMessage() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.identity()([3])
    }
    #expect(message(shape).contains("Initializer identity cannot fill [3]: it is for two axes"))
    let bounds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.truncatedNormal(standardDeviation: 0.1, within: 10...11)
    }
    #expect(message(bounds).contains("no number of mean 0.0"))
    await #expect(processExitsWith: .failure) { _ = Initializer.uniform(from: 1, to: 0) }
    await #expect(processExitsWith: .failure) { _ = Initializer.varianceScaling(scale: 0) }
    await #expect(processExitsWith: .failure) { _ = Initializer.sparse(sparsity: 1.1) }
    await #expect(processExitsWith: .failure) { _ = Initializer.dirac(groups: 0) }
  }
}
