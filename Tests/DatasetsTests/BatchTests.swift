import Testing

@testable import DescentDatasets

@Suite struct BatchTests {
  private let table = Dataset(
    name: "table", features: .float32([1, 10, 2, 20, 3, 30]), sampleShape: [2], featureNames: ["a", "b"],
    target: .values([5, 6, 7]))
  private let pictures = Dataset(
    name: "pictures", features: .uint8([0, 51, 102, 255, 204, 153]), sampleShape: [1, 2], featureNames: ["p", "q"],
    pixelRange: 0...255, target: .classes(labels: [1, 0, 1], names: ["no", "yes"]))

  private func features(_ source: BatchSource, _ rows: ArraySlice<Int32>) -> [Float] {
    var out = Array(repeating: Float.nan, count: rows.count * source.dataset.elementCount)
    out.withUnsafeMutableBufferPointer { source.features(of: rows, into: $0) }
    return out
  }

  @Test func gathersRowsInTheOrderAsked() {
    let source = BatchSource(table)
    #expect(features(source, [2, 0, 2]) == [3, 30, 1, 10, 3, 30])
    #expect(features(source, []) == [])
    // A part of a longer order keeps its own indices.
    let order: [Int32] = [0, 2, 1]
    #expect(features(source, order[1...]) == [3, 30, 2, 20])
  }

  @Test func scalesEachFeature() {
    let scaling = Scaling(method: .minMax, offset: [1, 10], scale: [0.5, 0.05])
    expectClose(features(BatchSource(table, scaling: scaling), [0, 1, 2]), [0, 0, 0.5, 0.5, 1, 1])
  }

  @Test func bytesBecomeNumbers() {
    #expect(features(BatchSource(pictures), [1]) == [102, 255])
    expectClose(features(BatchSource(pictures, scaling: .constant(0...255)), [0, 2]), [0, 0.2, 0.8, 0.6])
  }

  @Test func gathersTargets() {
    var labels: [Int32] = [9, 9, 9]
    labels.withUnsafeMutableBufferPointer { BatchSource(pictures).labels(of: [1, 2], into: $0) }
    #expect(labels == [0, 1, 9])
    var values: [Float] = [0, 0]
    let scaling = Scaling(method: .standardise, offset: [6], scale: [2])
    values.withUnsafeMutableBufferPointer { BatchSource(table, targetScaling: scaling).values(of: [2, 0], into: $0) }
    #expect(values == [2, -2])
  }

  @Test func aRowThatIsNotThereStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let data = Dataset(
        name: "one", features: .float32([1]), sampleShape: [1], featureNames: ["a"], target: .values([1]))
      var out: [Float] = [0]
      out.withUnsafeMutableBufferPointer { BatchSource(data).features(of: [1], into: $0) }
    }
    await #expect(processExitsWith: .failure) {
      _ = Dataset(name: "short", features: .float32([1]), sampleShape: [2], featureNames: ["a"], target: .values([1]))
    }
  }
}

@Suite struct SplittingTests {
  @Test(arguments: [(100, 0.2, 20), (7, 0.2, 1), (2, 0.01, 1), (1, 0.5, 0), (10, 0, 0), (10, 0.99, 9), (0, 0.2, 0)])
  func holdsBackTheShare(_ count: Int, _ share: Double, _ held: Int) {
    let rows = (0..<Int32(count)).map { $0 + 1000 }
    let split = Dataset.validationSplit(rows: rows, share: share, seed: 4)
    #expect(split.validation.count == held)
    #expect((split.training + split.validation).sorted() == rows)
  }

  @Test func followsTheSeed() {
    let rows = Array(Int32(0)..<50)
    let first = Dataset.validationSplit(rows: rows, share: 0.2, seed: 1)
    #expect(first == Dataset.validationSplit(rows: rows, share: 0.2, seed: 1))
    #expect(first.validation != Dataset.validationSplit(rows: rows, share: 0.2, seed: 2).validation)
  }

  @Test func takesTrainingRowsOnly() throws {
    let data = try Dataset.load("iris")
    let split = data.validationSplit(share: 0.2, seed: 0)
    #expect((split.training + split.validation).sorted() == data.trainRows)
    #expect(split.validation.count == 24)
  }
}
