#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The C library's functions under a name that elementwise functions of the same names do not hide.
enum Libm {
  static func exp(_ x: Double) -> Double { cexp(x) }
  static func log(_ x: Double) -> Double { clog(x) }
  static func log1p(_ x: Double) -> Double { clog1p(x) }
  static func expm1(_ x: Double) -> Double { cexpm1(x) }
  static func tanh(_ x: Double) -> Double { ctanh(x) }
  static func erf(_ x: Double) -> Double { cerf(x) }
  static func sin(_ x: Double) -> Double { csin(x) }
  static func cos(_ x: Double) -> Double { ccos(x) }
  static func pow(_ x: Double, _ y: Double) -> Double { cpow(x, y) }
}

private func cexp(_ x: Double) -> Double { exp(x) }
private func clog(_ x: Double) -> Double { log(x) }
private func clog1p(_ x: Double) -> Double { log1p(x) }
private func cexpm1(_ x: Double) -> Double { expm1(x) }
private func ctanh(_ x: Double) -> Double { tanh(x) }
private func cerf(_ x: Double) -> Double { erf(x) }
private func csin(_ x: Double) -> Double { sin(x) }
private func ccos(_ x: Double) -> Double { cos(x) }
private func cpow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
