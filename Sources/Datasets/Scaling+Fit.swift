import DescentFormats
import DescentTensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Scaling {
  /// Fits a map on the features of `rows`, usually the training rows, in double precision.
  public static func fit(_ method: Method, to dataset: Dataset, rows: [Int32]) -> Scaling {
    let width = dataset.elementCount
    return switch dataset.features {
    case .uint8(let bytes): fit(method, bytes.rows(rows, width), count: rows.count, width, Double.init)
    case .float32(let numbers): fit(method, numbers.rows(rows, width), count: rows.count, width, Double.init)
    case .file(let file): fit(method, file.rows(rows), count: rows.count, width, Double.init)
    }
  }

  /// Fits one map for all features on the numbers of `rows`, in double precision.
  public static func fitShared(_ method: Method, to dataset: Dataset, rows: [Int32]) -> Scaling {
    let width = dataset.elementCount
    return switch dataset.features {
    case .uint8(let bytes): fitShared(method, toBytes: bytes, rows: rows, featureCount: width)
    case .float32(let numbers):
      fit(method, numbers.rows(rows, width), count: rows.count, width, isShared: true, Double.init)
    case .file(let file): fit(method, file.rows(rows), count: rows.count, width, isShared: true, Double.init)
    }
  }

  /// Bytes have 256 values: counting them is one pass over the data, and the rest is exact.
  private static func fitShared(
    _ method: Method, toBytes bytes: [UInt8], rows: [Int32], featureCount: Int
  ) -> Scaling {
    var counts = Array(repeating: 0, count: 256)
    counts.withUnsafeMutableBufferPointer { counts in
      bytes.rows(rows, featureCount) { row in for byte in row { counts[Int(byte)] += 1 } }
    }
    return fit(method, toByteCounts: counts)
  }

  /// Fits one map on bytes, of each value of which there are so many.
  static func fit(_ method: Method, toByteCounts counts: [Int]) -> Scaling {
    let present = counts.indices.filter { counts[$0] > 0 }
    let values = present.map { (value: Double($0), count: Double(counts[$0])) }
    let total = values.reduce(0) { $0 + $1.count }
    let mean = values.reduce(0) { $0 + $1.value * $1.count } / max(total, 1)
    let variance = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) * $1.count } / max(total, 1)
    let (lowest, highest) = (Double(present.first ?? 0), Double(present.last ?? 0))
    switch method {
    case .none: return .identity
    case .minMax: return Scaling(method: method, offset: [Float(lowest)], scale: [usableScale(highest - lowest)])
    case .standardise: return Scaling(method: method, offset: [Float(mean)], scale: [usableScale(sqrt(variance))])
    }
  }

  /// To mean 0 and standard deviation 1, by the moments of all numbers.
  static func standardising(_ moments: Moments) -> Scaling {
    let deviation = moments.minimum < moments.maximum ? moments.populationVariance?.squareRoot() : nil
    return Scaling(method: .standardise, offset: [Float(moments.mean)], scale: [usableScale(deviation ?? 0)])
  }

  /// Fits a map on the target of `rows`, for regression; the identity for classes.
  public static func fit(_ method: Method, toTargetOf dataset: Dataset, rows: [Int32]) -> Scaling {
    guard case .values(let values) = dataset.target else { return .identity }
    return fit(method, values.rows(rows, 1), count: rows.count, 1, Double.init)
  }

  /// Fits a map on plain numbers. Shape of `values`: [rows, featureCount], row by row.
  public static func fit(_ method: Method, to values: [Float], featureCount: Int) -> Scaling {
    check(
      featureCount > 0 && values.count.isMultiple(of: featureCount),
      "Scaling.fit: \(values.count) numbers are no whole rows of \(featureCount) features")
    let rows = Array(0..<Int32(values.count / featureCount))
    return fit(method, values.rows(rows, featureCount), count: rows.count, featureCount, Double.init)
  }

  /// Two passes: the mean first, then the squares around it, which lose no digits to a large mean.
  private static func fit<Element>(
    _ method: Method, _ forEachRow: @escaping RowWalk<Element>, count: Int, _ featureCount: Int, isShared: Bool = false,
    _ widen: (Element) -> Double
  ) -> Scaling {
    guard method != .none else { return .identity }
    check(count > 0 && featureCount > 0, "Scaling.fit needs at least one row and one feature")
    let mapCount = isShared ? 1 : featureCount
    let numbersPerMap = Double(count * (featureCount / mapCount))
    var lowest = Array(repeating: Double.infinity, count: mapCount)
    var highest = Array(repeating: -Double.infinity, count: mapCount)
    var sums = Array(repeating: 0.0, count: mapCount)
    forEachRow { row in
      for feature in 0..<featureCount {
        let value = widen(row[feature])
        let map = isShared ? 0 : feature
        lowest[map] = min(lowest[map], value)
        highest[map] = max(highest[map], value)
        sums[map] += value
      }
    }
    if method == .minMax {
      return Scaling(
        method: method, offset: lowest.map { Float($0) }, scale: zip(lowest, highest).map { usableScale($1 - $0) })
    }

    let means = sums.map { $0 / numbersPerMap }
    var squares = Array(repeating: 0.0, count: mapCount)
    forEachRow { row in
      for feature in 0..<featureCount {
        let map = isShared ? 0 : feature
        let deviation = widen(row[feature]) - means[map]
        squares[map] += deviation * deviation
      }
    }
    // A constant feature is told by its range: its mean may be rounded, and the deviation then isn't 0.
    let scale = (0..<mapCount).map { map in
      lowest[map] == highest[map] ? 1 : usableScale(sqrt(squares[map] / numbersPerMap))
    }
    return Scaling(method: method, offset: means.map { Float($0) }, scale: scale)
  }
}

/// Hands rows of numbers to a body, one after the other.
private typealias RowWalk<Element> = (_ body: (UnsafeBufferPointer<Element>) -> Void) -> Void

extension Array {
  /// A walk over some rows of so many numbers each.
  fileprivate func rows(_ rows: [Int32], _ width: Int) -> RowWalk<Element> {
    { body in self.rows(rows, width, body) }
  }

  fileprivate func rows(_ rows: [Int32], _ width: Int, _ body: (UnsafeBufferPointer<Element>) -> Void) {
    withUnsafeBufferPointer { values in
      for row in rows {
        let start = Int(row) * width
        check(row >= 0 && start + width <= values.count, "Scaling.fit: there is no row \(row)")
        body(UnsafeBufferPointer(rebasing: values[start..<start + width]))
      }
    }
  }
}

extension RowFile {
  /// A walk over some rows.
  fileprivate func rows(_ rows: [Int32]) -> RowWalk<Float> {
    { body in
      let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: self.width)
      defer { row.deallocate() }
      guard let base = row.baseAddress else { return }
      for number in rows {
        self.load(Int(number), into: base)
        body(UnsafeBufferPointer(row))
      }
    }
  }
}
