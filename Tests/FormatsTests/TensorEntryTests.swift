import DescentTensors
import Testing

@testable import DescentFormats

@Suite struct TensorEntryTests {
  @Test func tensorsOfEveryTypeGoIntoAFileAndBack() throws {
    let tensors: [(String, Tensor)] = [
      ("a", Tensor([1.5, -2] as [Float])), ("b", Tensor([0.1, 1e300])), ("c", Tensor([-3, 4] as [Int32])),
      ("d", Tensor([1 << 40] as [Int64])), ("e", Tensor([0, 255] as [UInt8], shape: [2, 1])),
      ("f", Tensor([true, false])), ("scalar", Tensor(7.0)), ("empty", Tensor([] as [Float], shape: [0, 3])),
    ]
    let file = SafeTensorsFile(entries: tensors.map { .init(name: $0.0, $0.1) })
    let read = try SafeTensorsFile(file.serialized(), place: "a test")
    for (name, tensor) in tensors {
      let found = Tensor(try #require(read[name]))
      #expect(found.shape == tensor.shape && found.type == tensor.type && found.reals() == tensor.reals(), "\(name)")
    }
  }
}
