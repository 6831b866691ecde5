import DescentFormats
import Testing

@testable import DescentDatasets

/// Rows that are held in memory while they are few, and in a temporary file when they are many.
@Suite struct RowCollectorTests {
  private static let (count, width) = (900, 7)
  private static let numbers = (0..<count * width).map { Float($0) * 0.37 - 500 }

  private func features(limit: Int) throws -> Dataset.Features {
    var collector = RowCollector(width: Self.width, place: "t.csv", limit: limit)
    try Self.numbers.withUnsafeBufferPointer { numbers in
      // blocks of 1, 2, 3, … rows
      var (start, rows) = (0, 0)
      while start < numbers.count {
        rows += 1
        let end = min(start + rows * Self.width, numbers.count)
        try collector.append(UnsafeBufferPointer(rebasing: numbers[start..<end]))
        start = end
      }
    }
    return try collector.finish()
  }

  private func dataset(_ features: Dataset.Features) -> Dataset {
    Dataset(
      name: "t.csv", features: features, sampleShape: [Self.width], featureNames: (0..<Self.width).map { "x\($0)" },
      target: .values((0..<Self.count).map(Float.init)))
  }

  /// A file gives the very numbers that memory gives, to whoever asks.
  @Test(arguments: [0, 4, 28, 1000, Self.count * Self.width * 4 - 1])
  func aFileIsAsGoodAsMemory(limit: Int) throws {
    let (memory, file) = (dataset(.float32(Self.numbers)), dataset(try features(limit: limit)))
    guard case .file(let rows) = file.features else {
      Issue.record("\(limit) bytes hold them all")
      return
    }
    #expect(rows.count == Self.count && rows.width == Self.width && file.features.count == Self.numbers.count)
    #expect(memory.sample(899) == file.sample(899) && memory.sample(0) == file.sample(0))
    let order = (0..<Int32(Self.count)).map { $0 * 7 % Int32(Self.count) }
    for method in Scaling.Method.allCases {
      let scaling = Scaling.fit(method, to: memory, rows: order)
      #expect(Scaling.fit(method, to: file, rows: order) == scaling)
      #expect(Scaling.fitShared(method, to: file, rows: order) == .fitShared(method, to: memory, rows: order))
      let batches = [memory, file].map { dataset in
        let source = BatchSource(dataset, scaling: scaling)
        var out = [Float](repeating: 0, count: 100 * Self.width)
        out.withUnsafeMutableBufferPointer { source.features(of: order[300..<400], into: $0) }
        return out
      }
      // a fused multiplication may round otherwise
      for (one, other) in zip(batches[0], batches[1]) { #expect(abs(one - other) <= abs(one) * 1e-6) }
      if method == .none { #expect(batches[0] == batches[1]) }
    }
    #expect(try TableSummary(file).columns[3].numbers?.moments == TableSummary(memory).columns[3].numbers?.moments)
  }

  @Test func fewRowsStayInMemory() throws {
    #expect(try features(limit: Self.count * Self.width * 4) == .float32(Self.numbers))
    let (first, second) = (try features(limit: 0), try features(limit: 0))
    #expect(first == first && first != second && first != .float32(Self.numbers))
  }
}
