import DescentTensors

extension Tensor {
  /// A tensor that was read from a file.
  public init(_ entry: SafeTensorsFile.Entry) {
    self.init(bytes: entry.bytes, shape: entry.shape, type: entry.elementType)
  }
}

extension SafeTensorsFile.Entry {
  /// A tensor under a name, computed now if it has not been.
  public init(name: String, _ tensor: Tensor) {
    let bytes = tensor.withElements { elements in
      Array(UnsafeRawBufferPointer(start: elements.address, count: elements.signature.byteCount))
    }
    self.init(name: name, elementType: tensor.type, shape: tensor.shape, bytes: bytes)
  }
}
