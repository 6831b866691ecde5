// The one file with unchecked sendability, and its reason: memory is written by the one plan that
// computes it, before anyone else can hold it, and only read afterwards. A variable's memory is
// written again only while nobody else holds it (see `Variable`).

/// Memory that holds the numbers of one tensor, aligned for every vector width in use.
package final class Storage: @unchecked Sendable {
  package static let alignment = 64

  package let address: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) {
    self.byteCount = byteCount
    address = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
  }

  /// Memory with a copy of the scalars.
  package convenience init<Scalar: TensorScalar>(_ scalars: [Scalar]) {
    self.init(byteCount: scalars.count * MemoryLayout<Scalar>.stride)
    scalars.withUnsafeBytes { if let base = $0.baseAddress { address.copyMemory(from: base, byteCount: $0.count) } }
  }

  deinit { address.deallocate() }
}

/// A pointer whose owner outlives it by construction, handed to other threads inside one call.
package struct Address<Pointee>: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Pointee>

  package init(_ pointer: UnsafeMutablePointer<Pointee>) { self.pointer = pointer }
}
