extension Tensor {
  /// A tensor whose scalars a function writes, all of them, in the memory of a spare tensor where that is as large and
  /// nobody else holds it, and in fresh memory otherwise. The spare one is taken in any case.
  package init<Scalar: TensorScalar>(
    shape: Shape, reusing spare: inout Tensor?, writing write: (UnsafeMutableBufferPointer<Scalar>) -> Void
  ) {
    guard let storage = spare.takeStorage(), storage.byteCount == Signature(shape, Scalar.elementType).byteCount else {
      self.init(shape: shape, writing: write)
      return
    }
    let signature = Signature(shape, Scalar.elementType)
    write(Elements(signature: signature, address: storage.address).scalars(Scalar.self))
    self.init(Node(storage: storage, signature: signature))
  }
}

extension Tensor? {
  /// The memory of the tensor, where this is the only reference to it. Leaves nothing behind.
  fileprivate mutating func takeStorage() -> Storage? {
    guard var node = self?.node else { return nil }
    self = nil
    guard isKnownUniquelyReferenced(&node), node.memory?.isAlone == true else { return nil }
    return node.storage
  }
}
