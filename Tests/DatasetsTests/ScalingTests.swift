import Foundation
import Testing

@testable import DescentDatasets

@Suite struct ScalingTests {
  // sklearn.preprocessing.StandardScaler().fit_transform([[1, 10, 7], [2, 20, 7], [3, 60, 7]])
  @Test func standardisesByMeanAndPopulationDeviation() {
    let values: [Float] = [1, 10, 7, 2, 20, 7, 3, 60, 7]
    let scaling = Scaling.fit(.standardise, to: values, featureCount: 3)
    #expect(scaling.offset == [2, 30, 7])
    expectClose(
      scaling.applied(to: values), [-1.2247449, -0.9258201, 0, 0, -0.46291005, 0, 1.2247449, 1.3887301, 0])
    expectClose(scaling.inverted(scaling.applied(to: values)), values)
  }

  @Test func minMaxMapsTheRangeToZeroAndOne() {
    let values: [Float] = [-2, 5, 0, 5, 6, 5]
    let scaling = Scaling.fit(.minMax, to: values, featureCount: 2)
    #expect(scaling.offset == [-2, 5])
    expectClose(scaling.applied(to: values), [0, 0, 0.25, 0, 1, 0])
    expectClose(scaling.inverted(scaling.applied(to: values)), values)
    expectClose(scaling.applied(to: [14, 5]), [2, 0])
  }

  @Test func anotherBrightnessIsTakenAsTheOwn() {
    let scaling = Scaling(method: .standardise, offset: [5, 1], scale: [0.5, -2])
    #expect(scaling.taking(0...16, as: 0...16) == scaling)
    let bytes = scaling.taking(0...255, as: 0...16)
    expectClose(bytes.applied(to: [0, 0, 255, 255, 127.5, 51]), scaling.applied(to: [0, 0, 16, 16, 8, 3.2]))
    // bounds that are not 0 on either side
    let signed = scaling.taking(-1...1, as: 2...10)
    expectClose(signed.applied(to: [-1, 0, 1, 0.5]), scaling.applied(to: [2, 6, 10, 8]))
    // numbers of a hostile model stay numbers
    let extreme = Scaling(method: .minMax, offset: [3e38, -3e38], scale: [3e38, 1e-38])
    for ranges in [(0...1e-30, 0...1e30), (0...1e30, 0...1e-30)] as [(ClosedRange<Float>, ClosedRange<Float>)] {
      let mapped = extreme.taking(ranges.0, as: ranges.1)
      #expect((mapped.offset + mapped.scale).allSatisfy { $0.isFinite && $0 != 0 })
    }
  }

  @Test(arguments: Scaling.Method.allCases) func fitsOnTheGivenRowsOnly(_ method: Scaling.Method) throws {
    let data = try Dataset.load("iris")
    let rows = Array(data.rows(.train).prefix(20))
    let alone = rows.flatMap { data.sample(Int($0)) }
    #expect(Scaling.fit(method, to: data, rows: rows) == Scaling.fit(method, to: alone, featureCount: 4))
    if method != .none {
      #expect(Scaling.fit(method, to: data, rows: rows) != Scaling.fit(method, to: data, rows: data.rows(.all)))
    }
  }

  @Test func aConstantColumnStaysFinite() {
    // 0.1 can't be summed exactly: the mean differs from the values by rounding.
    for method in Scaling.Method.allCases {
      for value: Float in [0, 0.1, -1e30, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
        let values = Array(repeating: value, count: 7)
        let scaled = Scaling.fit(method, to: values, featureCount: 1).applied(to: values)
        #expect(scaled.allSatisfy { $0.isFinite }, "\(method) of \(value)")
        if method != .none { #expect(scaled.allSatisfy { $0 == 0 }, "\(method) of \(value)") }
      }
    }
    let tiny: [Float] = [0, .leastNonzeroMagnitude]
    #expect(Scaling.fit(.minMax, to: tiny, featureCount: 1).applied(to: tiny).allSatisfy { $0.isFinite })
  }

  @Test func aLargeMeanLosesNoDigits() {
    let values: [Float] = [10_000_000, 10_000_001, 10_000_002]
    let scaling = Scaling.fit(.standardise, to: values, featureCount: 1)
    expectClose(scaling.applied(to: values), [-1.2247449, 0, 1.2247449])
  }

  @Test func picturesAreStandardisedByOneMap() throws {
    let digits = try Dataset.load("digits")
    let rows = digits.trainRows
    let scaling = Scaling.automatic(for: digits, rows: rows)
    #expect(scaling.offset.count == 1 && scaling.scale.count == 1)
    // the two ways to the same numbers: counting bytes, and running over them
    guard case .uint8(let bytes) = digits.features else {
      Issue.record("pictures are bytes")
      return
    }
    let pixels = rows.flatMap { bytes[Int($0) * 64..<(Int($0) + 1) * 64] }.map(Float.init)
    #expect(scaling == Scaling.fit(.standardise, to: pixels, featureCount: 1))
    #expect(Scaling.fitShared(.minMax, to: digits, rows: rows) == .constant(0...16))
    #expect(Scaling.fitShared(.none, to: digits, rows: rows) == .identity)
    expectClose(Scaling.constant(0...255).applied(to: [0, 51, 255]), [0, 0.2, 1])
    let iris = try Dataset.load("iris")
    let columns = Scaling.automatic(for: iris, rows: iris.trainRows)
    #expect(columns.method == .standardise && columns.offset.count == 4)
  }

  @Test func bytesAndFloatsFitAlike() throws {
    let digits = try Dataset.load("digits")
    let floats = (0..<digits.count).flatMap { digits.sample($0) }
    for method in Scaling.Method.allCases {
      #expect(
        Scaling.fit(method, to: digits, rows: digits.rows(.all)) == Scaling.fit(method, to: floats, featureCount: 64))
    }
  }

  @Test func targetsScaleToo() throws {
    let data = try Dataset.load("diabetes")
    let scaling = Scaling.fit(.standardise, toTargetOf: data, rows: data.rows(.all))
    expectClose(scaling.offset, [152.13348])
    let iris = try Dataset.load("iris")
    #expect(Scaling.fit(.standardise, toTargetOf: iris, rows: iris.trainRows) == .identity)
  }

  @Test func surviveStorage() throws {
    let scaling = Scaling.fit(.standardise, to: [0.1, 2.7, 3.3, -8], featureCount: 2)
    let read = try JSONDecoder().decode(Scaling.self, from: JSONEncoder().encode(scaling))
    #expect(read == scaling)
    #expect(read.fits(featureCount: 2) && !read.fits(featureCount: 3) && Scaling.identity.fits(featureCount: 3))
  }

  @Test(arguments: [
    #"{"method":"minMax","offset":[0,1],"scale":[1]}"#, #"{"method":"minMax","offset":[],"scale":[]}"#,
    #"{"method":"minMax","offset":[0],"scale":[0]}"#, #"{"method":"other","offset":[0],"scale":[1]}"#,
    #"{"method":"none","offset":[0]}"#,
  ])
  func hostileStorageIsRefused(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Scaling.self, from: Data(json.utf8)) }
  }
}

func expectClose(
  _ got: [Float], _ expected: [Float], tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(got.count == expected.count, sourceLocation: sourceLocation)
  for (got, expected) in zip(got, expected) {
    let isClose = abs(got - expected) <= tolerance * max(1, abs(expected))
    #expect(isClose, "\(got) is not \(expected)", sourceLocation: sourceLocation)
  }
}
