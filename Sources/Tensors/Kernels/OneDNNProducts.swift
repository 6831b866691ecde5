import CKernels

#if OneDNN
  import COneDNN

  /// C = alpha · op(A) · op(B) + beta · C by oneDNN, on its own threads.
  func oneDNNMultiply(
    _ shape: UnsafePointer<descent_product>, _ alpha: Float, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ beta: Float, _ c: UnsafeMutablePointer<Float>, threads: Int
  ) {
    let (transposed, plain) = (CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")))
    Threads.setTeam(threads)
    let status = dnnl_sgemm(
      shape.pointee.transposes_left ? transposed : plain, shape.pointee.transposes_right ? transposed : plain,
      shape.pointee.m, shape.pointee.n, shape.pointee.k, alpha, a, shape.pointee.lda, b, shape.pointee.ldb, beta, c,
      shape.pointee.ldc)
    check(
      status == dnnl_success, "matmul: oneDNN refused \(shape.pointee.m)×\(shape.pointee.k)×\(shape.pointee.n)")
  }
#endif

/// Below this many multiplications a call costs more than wider vectors bring.
private let smallestForOneDNN = 1 << 20

/// Whether oneDNN shall compute a product.
func wantsOneDNN(_ settings: ExecutionSettings, _ extents: Product.Extents) -> Bool {
  #if OneDNN
    // oneDNN divides sums among threads as it likes
    guard !settings.isDeterministic, extents.m * extents.n * extents.k > 0 else { return false }
    switch settings.products {
    case .own: return false
    case .oneDNN: return true
    case .automatic: return descent_processor_is_wider() && extents.m * extents.n * extents.k >= smallestForOneDNN
    }
  #else
    return false
  #endif
}
